"""What the shell offers at <TAB>."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from aipipe.cli import completion

PIPELINE = """\
prompt: a fox
steps:
  - {id: hero, type: text_to_image, model: local}
  - id: voices
    type: parallel_group
    parallel_steps:
      - {id: low, type: text_to_speech, model: local, params: {voice: drew}}
      - {id: high, type: text_to_speech, model: local, params: {voice: bella}}
"""


def offered(folder: Path, words: str) -> list[str]:
    count = len(words.split()) if words.endswith(" ") else len(words.split()) - 1
    found = subprocess.run(
        [sys.executable, "-m", "aipipe"],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={
            **os.environ,
            "_AIPIPE_COMPLETE": "complete_bash",
            "COMP_WORDS": words,
            "COMP_CWORD": str(count),
            "PYTHONPATH": str(Path(__file__).parents[2]),
        },
    )
    assert found.stderr == ""
    return found.stdout.split()


def test_commands_are_offered(tmp_path: Path) -> None:
    assert offered(tmp_path, "aipipe v") == ["validate", "voices"]


def test_formats_are_those_of_the_command(tmp_path: Path) -> None:
    assert offered(tmp_path, "aipipe run x.yaml --format ") == [
        "table",
        "json",
        "csv",
        "paths",
        "github",
    ]
    assert offered(tmp_path, "aipipe plan x.yaml --format ") == ["table", "json"]


def test_steps_are_those_of_the_file_named_before(tmp_path: Path) -> None:
    (tmp_path / "story.yaml").write_text(PIPELINE, encoding="utf-8")

    assert offered(tmp_path, "aipipe run story.yaml --only ") == [
        "hero",
        "voices",
        "voices.low",
        "low",
        "voices.high",
        "high",
    ]
    assert offered(tmp_path, "aipipe run story.yaml --only voices.h") == ["voices.high"]


@pytest.mark.parametrize("words", ["aipipe run nothing.yaml --only ", "aipipe run --only "])
def test_where_no_file_can_be_read_no_steps_are_offered(tmp_path: Path, words: str) -> None:
    assert offered(tmp_path, words) == []


def test_models_and_their_aliases_are_offered(tmp_path: Path) -> None:
    found = offered(tmp_path, "aipipe models flux")

    assert "flux" in found
    assert "flux_dev" in found


def test_codes_are_offered(tmp_path: Path) -> None:
    assert offered(tmp_path, "aipipe errors refused.") == ["refused.input", "refused.output"]


def test_starters_are_offered(tmp_path: Path) -> None:
    assert "quickstart" in offered(tmp_path, "aipipe init quick")


def test_pipelines_are_yaml_files_and_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "some").mkdir()
    for name in ("a.yaml", "b.yml", "c.txt", ".d.yaml", "some/e.yaml"):
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)

    assert completion.pipelines("") == ["a.yaml", "b.yml", "some/"]
    assert completion.pipelines("some/") == ["some/e.yaml"]
    assert completion.pipelines(f"{tmp_path}/a") == [f"{tmp_path}/a.yaml"]
    assert completion.pipelines("nowhere/") == []
