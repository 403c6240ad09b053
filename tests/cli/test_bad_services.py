"""Every fault of a file that describes a service: told at its line, exit 2, nothing done."""

from pathlib import Path

import pytest
from support.golden import golden

from aipipe.cli.main import main

HERE = Path(__file__).parent / "bad_services"
CASES = sorted(HERE.glob("*.yaml"))
PIPELINE = """\
steps:
  - type: text_to_image
    model: http:services/studio.yaml
    params: {prompt: a fox, size: 512x512}
    price: 0.01
"""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_fault_is_told_where_it_stands_and_nothing_runs(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AIPIPE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("COLUMNS", raising=False)
    (tmp_path / "pipe" / "services").mkdir(parents=True)
    (tmp_path / "pipe" / "one.yaml").write_text(PIPELINE, encoding="utf-8")
    (tmp_path / "pipe" / "services" / "studio.yaml").write_bytes(case.read_bytes())

    code = main(["run", "pipe/one.yaml"])

    shown = capsys.readouterr()
    assert (code, shown.out) == (2, "")
    assert [each.name for each in tmp_path.iterdir()] == ["pipe"]
    golden(HERE / f"{case.stem}.txt", shown.err)
