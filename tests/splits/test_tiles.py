"""Tiles laid side by side are the picture again."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from support.sinks import FolderSink, call_of, tools_in

from aipipe.contracts.artefact import ArtefactRef, Json
from aipipe.contracts.tools import Tools
from aipipe.errors import CancelledError, StepError
from aipipe.media.pictures import read
from aipipe.splits import tiles


def noise(tools: Tools, size: tuple[int, int], mode: str = "RGB") -> ArtefactRef:
    """A picture in which no two places look alike."""
    path = tools.sink.scratch("png")
    bands = [Image.effect_noise(size, 90) for _ in mode]
    Image.merge(mode, bands).save(path)
    return tools.sink.adopt(path, "image")


def cut(
    tools: Tools, picture: ArtefactRef, extension: str | None = None, **params: Json
) -> tuple[ArtefactRef, ...]:
    assert tiles.SPLIT.run is not None
    call = call_of("split:tiles", inputs={"input": picture}, params=params, extension=extension)
    return tiles.SPLIT.run(call, tools).artefacts


@pytest.mark.parametrize(
    ("params", "across", "down"),
    [
        ({}, 2, 2),
        ({"rows": 3, "columns": 1}, 1, 3),
        ({"rows": 1, "columns": 7}, 7, 1),
        ({"size": "20x10"}, 4, 5),
        ({"size": {"width": 100, "height": 100}}, 1, 1),
    ],
)
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_tiles_are_the_picture_again(
    tmp_path: Path, params: dict[str, Any], across: int, down: int, mode: str
) -> None:
    tools = tools_in(tmp_path)
    whole = noise(tools, (71, 43), mode)
    parts = [read(tools.sink.path_of(tile)) for tile in cut(tools, whole, **params)]
    rows = [parts[start : start + across] for start in range(0, len(parts), across)]
    sheet, top = Image.new(mode, (71, 43)), 0
    for row in rows:
        left = 0
        for part in row:
            sheet.paste(part, (left, top))
            left += part.width
        top += row[0].height

    assert len(parts) == across * down
    assert sheet.tobytes() == read(tools.sink.path_of(whole)).tobytes()


def test_tiles_are_named_by_row_and_column(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    made = cut(tools, noise(tools, (30, 20)), rows=2, columns=3)

    assert [(tile.label, tile.width, tile.height) for tile in made] == [
        (f"r{row}c{column}", 10, 10) for row in (1, 2) for column in (1, 2, 3)
    ]


def test_tiles_are_written_in_the_format_asked_for_and_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[float, str]] = []
    tools = tools_in(tmp_path, report=lambda fraction, phase: told.append((fraction, phase)))
    made = cut(tools, noise(tools, (30, 20)), "webp")

    assert {tile.extension for tile in made} == {"webp"}
    assert told == [(0.25, "cutting"), (0.5, "cutting"), (0.75, "cutting"), (1, "cutting")]


def test_a_photograph_is_cut_as_it_is_displayed(tmp_path: Path) -> None:
    tools, exif = tools_in(tmp_path), Image.Exif()
    exif[0x0112] = 6
    path = tools.sink.scratch("jpg")
    Image.new("RGB", (60, 20), "red").save(path, exif=exif)
    made = cut(tools, tools.sink.adopt(path, "image"), rows=2, columns=1)

    assert [(tile.width, tile.height) for tile in made] == [(20, 30), (20, 30)]


@pytest.mark.parametrize(
    ("params", "code", "message"),
    [
        ({"rows": 65}, "local.unknown_value",
         "'rows' is '65' and must be a number from 1 to 64"),
        ({"columns": 40}, "split.too_many", "30x20 pixels are too few for the tiles"),
        ({"size": "small"}, "local.unknown_value",
         "'size' is 'small' and must be like '1024x768', or a name such as 'square_hd'"),
        ({"size": "0x5"}, "local.unknown_value",
         "'size' is '0x5' and must be like '1024x768', or a name such as 'square_hd'"),
    ],
)  # fmt: skip
def test_what_can_not_be_cut_is_told(
    tmp_path: Path, params: dict[str, Any], code: str, message: str
) -> None:
    tools = tools_in(tmp_path)

    with pytest.raises(StepError) as caught:
        cut(tools, noise(tools, (30, 20)), **params)
    assert (caught.value.code, caught.value.message) == (code, message)


def test_too_many_tiles_are_refused(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)

    with pytest.raises(StepError) as caught:
        cut(tools, noise(tools, (100, 100)), size="1x1")
    assert (caught.value.message, caught.value.hint) == (
        "more than 4096 tiles",
        "choose larger ones",
    )


def test_a_cancelled_cut_leaves_no_file(tmp_path: Path) -> None:
    picture = noise(tools_in(tmp_path), (30, 20))

    with pytest.raises(CancelledError):
        cut(tools_in(tmp_path, cancelled=lambda: True), picture)
    assert FolderSink(folder=tmp_path).scratched() == []
