"""What the documents show holds: every YAML block is planned, every example runs."""

import re
from pathlib import Path

import pytest

from aipipe.app.check import check
from aipipe.app.options import Options
from aipipe.cli.main import main
from aipipe.language.diagnostics import Severity

ROOT = Path(__file__).parent.parent
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
EXAMPLES = sorted((ROOT / "pipelines").glob("*.yaml"))
_BLOCK = re.compile(r"^```ya?ml\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks() -> list[tuple[str, str]]:
    """Every YAML block of the documents, with a name."""
    return [
        (f"{name}:{number}", text)
        for name in DOCUMENTS
        for number, text in enumerate(_BLOCK.findall((ROOT / name).read_text(encoding="utf-8")), 1)
    ]


def faults(path: Path) -> list[str]:
    checked = check(Options(file=str(path)))
    return [each.message for each in checked.diagnostics if each.severity is Severity.ERROR]


def test_the_readme_shows_pipelines() -> None:
    assert [name for name, _ in blocks() if name.startswith("README.md")] != []


@pytest.mark.parametrize(("name", "text"), blocks(), ids=[name for name, _ in blocks()])
def test_every_block_of_the_documents_is_planned(name: str, text: str, tmp_path: Path) -> None:
    pipeline = tmp_path / "block.yaml"
    pipeline.write_text(text, encoding="utf-8")

    assert faults(pipeline) == [], name


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_runs_with_stand_ins(
    example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIPIPE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)

    assert main(["run", str(example), "--mock", "-o", "made", "--quiet"]) == 0
    assert len(list((tmp_path / "made" / "mock").iterdir())) > 1
