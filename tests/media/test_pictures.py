"""Pictures are read upright and in plain colours, and written as their name says."""

from pathlib import Path

import pytest
from PIL import Image
from support.seeing import difference, halves

from aipipe.contracts.call import OutputRequest
from aipipe.media import pictures
from aipipe.media.pictures import FORMATS, displayed_size, extension_for, read, shrunk, write

LEFT, RIGHT = (200, 30, 30), (30, 30, 200)
TURNS = {
    1: ((40, 20), "left"), 2: ((40, 20), "right"), 3: ((40, 20), "right"), 4: ((40, 20), "left"),
    5: ((20, 40), "top"), 6: ((20, 40), "top"), 7: ((20, 40), "bottom"), 8: ((20, 40), "bottom"),
}  # fmt: skip
"""Orientation to the size as displayed, and where the left half is then."""


@pytest.mark.parametrize("orientation", TURNS)
@pytest.mark.parametrize("extension", ["jpg", "webp", "png"])
def test_a_photograph_is_read_upright(tmp_path: Path, orientation: int, extension: str) -> None:
    path, exif = tmp_path / f"photo.{extension}", Image.Exif()
    exif[0x0112] = orientation
    halves((40, 20), LEFT, RIGHT).save(path, exif=exif, quality=95)
    size, where = TURNS[orientation]
    picture = read(path)
    at = {"left": (3, size[1] // 2), "right": (size[0] - 4, size[1] // 2)}
    at |= {"top": (size[0] // 2, 3), "bottom": (size[0] // 2, size[1] - 4)}
    found = picture.getpixel(at[where])

    assert displayed_size(path) == picture.size == size
    assert isinstance(found, tuple)
    assert all(abs(a - b) < 25 for a, b in zip(found, LEFT, strict=True))


@pytest.mark.parametrize(
    ("mode", "colour", "expected"),
    [
        ("L", 100, (100, 100, 100)),
        ("1", 1, (255, 255, 255)),
        ("P", 3, None),
        ("CMYK", (0, 255, 255, 0), (255, 0, 0)),
        ("I;16", 256 * 100, (100, 100, 100)),
        ("RGBA", (1, 2, 3, 4), (1, 2, 3, 4)),
        ("LA", (9, 5), (9, 9, 9, 5)),
    ],
)
def test_every_mode_becomes_plain_colours(
    tmp_path: Path, mode: str, colour: int | tuple[int, ...], expected: tuple[int, ...] | None
) -> None:
    path = tmp_path / ("a.jpg" if mode == "CMYK" else "a.png")
    Image.new(mode, (8, 8), colour).save(path)
    picture = read(path)
    found = picture.getpixel((4, 4))

    assert picture.mode == ("RGBA" if expected and len(expected) == 4 else "RGB")
    assert isinstance(found, tuple)
    if expected:
        assert all(abs(a - b) <= 2 for a, b in zip(found, expected, strict=True))


def test_one_colour_of_a_palette_may_be_transparent(tmp_path: Path) -> None:
    picture = Image.new("P", (8, 8), 1)
    picture.putpalette([0, 0, 0, 255, 0, 0])
    picture.save(tmp_path / "a.gif", transparency=1)

    assert read(tmp_path / "a.gif").getpixel((1, 1)) == (255, 0, 0, 0)


@pytest.mark.parametrize("extension", FORMATS)
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_what_is_written_is_read_again(tmp_path: Path, extension: str, mode: str) -> None:
    given = halves((40, 30)).convert(mode)
    path = write(given, tmp_path / f"a.{extension}")

    with Image.open(path) as picture:
        assert picture.format == FORMATS[extension]
    assert difference(read(path), given) < 6


@pytest.mark.parametrize(
    ("asked", "extension"), [("webp", "webp"), ("mp4", "png"), (None, "png"), ("jpeg", "jpeg")]
)
def test_a_format_that_pictures_have_is_taken_else_png(asked: str | None, extension: str) -> None:
    assert extension_for(OutputRequest(medium="image", extension=asked)) == extension


@pytest.mark.parametrize(
    ("size", "most", "result"),
    [
        ((100, 50), 200, (100, 50)),
        ((400, 200), 100, (100, 50)),
        ((50, 400), 100, (12, 100)),
        ((1, 9000), 90, (1, 90)),
    ],
)
def test_a_size_shrinks_in_its_own_shape(
    size: tuple[int, int], most: int, result: tuple[int, int]
) -> None:
    assert shrunk(size, most) == result


@pytest.mark.parametrize("factor", [1, 2, 3.3])
def test_a_picture_grows_and_stays_sharp_at_its_edges(factor: float) -> None:
    grown = pictures.enlarged(halves((40, 30)), factor)

    assert grown.size == (round(40 * factor), round(30 * factor))
    assert difference(grown, halves(grown.size)) < 3
