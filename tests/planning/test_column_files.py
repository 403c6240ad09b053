"""A column of a row may name the file that a slot of another medium takes."""

from pathlib import Path

import pytest
from PIL import Image

from aipipe.app.check import check
from aipipe.app.options import Options
from aipipe.cli.main import main

PIPELINE = """\
name: shots
steps:
  - type: batch_parallel
    id: shots
    inputs: data/products.csv
    step_template:
      type: image_to_image
      model: local
      params:
        image: "${{ item.photo }}"
        prompt: "${{ item.words }}"
        output_file: "${{ item.key }}.png"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pipeline over the rows of a table in another folder, which names pictures beside it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AIPIPE_HOME", str(tmp_path / "home"))
    (tmp_path / "shots.yaml").write_text(PIPELINE, encoding="utf-8")
    (tmp_path / "data").mkdir()
    Image.new("RGB", (64, 48), "red").save(tmp_path / "data" / "mug.png")
    Image.new("RGB", (64, 48), "blue").save(tmp_path / "data" / "cup.png")
    write_rows(tmp_path, "mug,mug.png,a red mug", "cup,cup.png,a blue cup")
    return tmp_path


def write_rows(folder: Path, *rows: str) -> None:
    table = "\n".join(["id,photo,words", *rows])
    (folder / "data" / "products.csv").write_text(table, encoding="utf-8")


def told() -> list[str]:
    return [each.message for each in check(Options(file="shots.yaml")).diagnostics]


def test_a_row_names_its_picture_relative_to_the_table(folder: Path) -> None:
    assert main(["run", "shots.yaml", "-o", "made", "-q"]) == 0

    assert {path.name for path in (folder / "made").glob("*.png")} == {"mug.png", "cup.png"}
    with Image.open(folder / "made" / "mug.png") as made:
        assert made.size == (64, 48)


def test_a_picture_that_is_missing_is_told_before_anything_runs(folder: Path) -> None:
    write_rows(folder, "mug,mug.png,a red mug", "jug,jug.png,a jug")

    assert told() == ["no file 'jug.png'"]


def test_a_file_of_another_medium_is_told_before_anything_runs(folder: Path) -> None:
    (folder / "data" / "notes.txt").write_text("a note")
    write_rows(folder, "mug,mug.png,a red mug", "jug,notes.txt,a jug")

    assert told() == ["'photo' of item 'jug' names text, not an image"]
