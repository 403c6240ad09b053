"""Conditions and questions as plan and estimate show them."""

import json
from pathlib import Path

import pytest
from support.golden import golden

from aipipe.cli.main import main

GOLDEN = Path(__file__).parent / "golden"
PIPELINE = """\
name: checked
prompt: a lighthouse in fog
vars: {quality: low}
steps:
  - {id: check, type: text_to_text, model: local}
  - id: fine
    type: text_to_image
    model: flux_dev
    when: vars.quality == 'high'
    params: {prompt: a lighthouse}
  - id: draft
    type: text_to_image
    model: flux_schnell
    when: "'fog' in steps.check.output"
    approve: Is the text good?
    params: {prompt: a lighthouse}
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AIPIPE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("COLUMNS", raising=False)
    (tmp_path / "checked.yaml").write_text(PIPELINE, encoding="utf-8")
    return "checked.yaml"


@pytest.mark.parametrize("command", ["plan", "estimate-cost"])
def test_what_is_skipped_and_what_only_the_run_will_tell_is_shown(
    command: str, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main([command, file])

    assert code == 0
    golden(GOLDEN / f"conditions_{command}.txt", capsys.readouterr().out)


def test_programs_are_told_the_same(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["plan", file, "--json"])

    steps = json.loads(capsys.readouterr().out)["steps"]
    assert [(s["when"], s["skipped"], s["approve"]) for s in steps] == [
        (None, False, False),
        ("vars.quality == 'high'", True, False),
        ("'fog' in steps.check.output", False, True),
    ]
