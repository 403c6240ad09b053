"""Files that are no pipeline, each with what the user reads."""

from pathlib import Path

import pytest
from support.golden import golden
from support.reading import refused

from aipipe.cli.diagnostics import Look, render
from aipipe.language import reader

HERE = Path(__file__).parent
BAD = sorted(HERE.glob("bad/*.yaml"))


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_a_bad_file_is_told_with_its_place_and_what_to_write_instead(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(file.parent)
    told = render(refused(lambda: reader.read(file.name)), Look())

    golden(HERE / "golden" / "bad" / f"{file.stem}.txt", told + "\n")


def test_each_golden_file_belongs_to_a_bad_file() -> None:
    assert {file.stem for file in HERE.glob("golden/bad/*.txt")} == {file.stem for file in BAD}
