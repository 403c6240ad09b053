"""Every kind of bad input, through the command line: told clearly, exit 2, nothing done."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.golden import golden

from aipipe.cli.main import main

HERE = Path(__file__).parent / "bad"
CASES = sorted(HERE.glob("*.yaml"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, with a home of its own and no keys."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AIPIPE_HOME", str(tmp_path / "home"))
    for key in ("FAL_KEY", "ELEVENLABS_API_KEY", "COLUMNS"):
        monkeypatch.delenv(key, raising=False)
    return tmp_path


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_fault_is_told_and_nothing_runs(
    case: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pipeline = folder / case.name
    pipeline.write_bytes(case.read_bytes())

    code = main(["run", case.name])

    shown = capsys.readouterr()
    assert (code, shown.out) == (2, "")
    assert list(folder.iterdir()) == [pipeline]
    golden(HERE / f"{case.stem}.txt", shown.err.replace(str(folder), "FOLDER"))


def many_lines(folder: Path) -> str:
    pipeline = folder / "large.yaml"
    with pipeline.open("w", encoding="utf-8") as file:
        file.write("prompt: a fox\nsteps:\n")
        file.writelines(["# nothing to see in this line of fifty characters\n"] * 1_000_001)
    return pipeline.name


def brackets(folder: Path) -> str:
    (folder / "brackets.yaml").write_text("steps: " + "[" * 100_000, encoding="utf-8")
    return "brackets.yaml"


def bomb(folder: Path) -> str:
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    (folder / "bomb.yaml").write_text("\n".join([*lines, "steps: *a9"]), encoding="utf-8")
    return "bomb.yaml"


def latin(folder: Path) -> str:
    (folder / "latin.yaml").write_bytes("prompt: ein Füchslein\n".encode("latin-1"))
    return "latin.yaml"


def wide(folder: Path) -> str:
    (folder / "wide.yaml").write_bytes("prompt: ein Füchslein\n".encode("utf-16"))
    return "wide.yaml"


def nothing(folder: Path) -> str:
    (folder / "voices.yaml").write_text("steps: []\n", encoding="utf-8")
    return "voice.yaml"


def a_folder(folder: Path) -> str:
    (folder / "pipelines").mkdir()
    (folder / "pipelines" / "voices.yaml").write_text("steps: []\n", encoding="utf-8")
    return "pipelines"


@pytest.mark.parametrize("make", [many_lines, brackets, bomb, latin, wide, nothing, a_folder])
def test_a_file_that_is_no_pipeline_is_told(
    make: Callable[[Path], str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = make(folder)
    before = sorted(folder.rglob("*"))

    code = main(["run", name])

    shown = capsys.readouterr()
    assert (code, shown.out) == (2, "")
    assert sorted(folder.rglob("*")) == before
    golden(HERE / f"{make.__name__}.txt", shown.err)
