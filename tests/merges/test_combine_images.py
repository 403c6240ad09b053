"""Pictures of any number and size come onto one sheet, whole, in order, each with its name."""

from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops
from support.seeing import difference
from support.sinks import FolderSink, call_of, tools_in

from aipipe.contracts.artefact import ArtefactRef, Json, Value
from aipipe.contracts.tools import Tools
from aipipe.errors import CancelledError, StepError
from aipipe.media import arrange, pictures
from aipipe.media.arrange import Spacing
from aipipe.merges import combine_images

COLOURS = ("#c00000", "#00a000", "#0000c0", "#c0a000", "#a000a0")
SIZES = ((64, 48), (48, 64), (128, 32), (40, 40), (90, 90))
LAYOUTS = ("grid", "horizontal", "vertical", "overlay")


def plain(tools: Tools, number: int) -> ArtefactRef:
    """A picture of one colour; every fifth is alike."""
    path = tools.sink.scratch("png")
    Image.new("RGB", SIZES[number % 5], COLOURS[number % 5]).save(path)
    return tools.sink.adopt(path, "image", label=f"own {number}")


def combined(
    tools: Tools,
    parts: "tuple[Value | None, ...]",
    *,
    labels: tuple[str, ...] = (),
    extension: str | None = None,
    **params: Json,
) -> "Image.Image":
    assert combine_images.MERGE.run is not None
    call = call_of(
        "merge:combine_images",
        inputs={"input": parts},
        params=params,
        labels=labels,
        extension=extension,
    )
    made = combine_images.MERGE.run(call, tools).artefacts[0]
    return pictures.read(tools.sink.path_of(made))


def found(sheet: "Image.Image", colour: str) -> tuple[int, int, int, int]:
    """The box of all that has a colour."""
    off = ImageChops.difference(sheet.convert("RGB"), Image.new("RGB", sheet.size, colour))
    furthest = ImageChops.lighter(ImageChops.lighter(*off.split()[:2]), off.split()[2])
    box = furthest.point([255 * (v < 3) for v in range(256)]).getbbox()
    assert box, f"nothing of {colour}"
    return box


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("number", [1, 2, 3, 5, 17, 100])
def test_any_number_of_pictures_makes_a_sheet(tmp_path: Path, layout: str, number: int) -> None:
    tools = tools_in(tmp_path)
    parts = tuple(plain(tools, place) for place in range(number))
    sheet = combined(tools, parts, layout=layout)

    assert sheet.width <= 4096
    assert sheet.size == (64, 48) if layout == "overlay" else min(sheet.size) > 48


@pytest.mark.parametrize("layout", ["grid", "horizontal", "vertical"])
@pytest.mark.parametrize("captions", [True, False])
def test_every_picture_is_whole_keeps_its_shape_and_covers_no_other(
    tmp_path: Path, layout: str, captions: Json
) -> None:
    tools = tools_in(tmp_path)
    parts = tuple(plain(tools, place) for place in range(5))
    sheet = combined(tools, parts, layout=layout, captions=captions)
    boxes = [found(sheet, colour) for colour in COLOURS]

    for (left, top, right, bottom), (width, height) in zip(boxes, SIZES, strict=True):
        assert (right - left) / (bottom - top) == pytest.approx(width / height, rel=0.12)
    for one, other in combinations(boxes, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


@pytest.mark.parametrize(
    ("layout", "params", "across"),
    [("horizontal", {}, 5), ("vertical", {}, 1), ("grid", {"columns": 2}, 2)],
)
def test_pictures_lie_in_the_order_written(
    tmp_path: Path, layout: str, params: dict[str, Any], across: int
) -> None:
    tools = tools_in(tmp_path)
    sheet = combined(tools, tuple(plain(tools, n) for n in range(5)), layout=layout, **params)
    boxes = [found(sheet, colour) for colour in COLOURS]
    rows = [boxes[start : start + across] for start in range(0, 5, across)]

    for row in rows:
        assert row == sorted(row)
    for upper, lower in pairwise(rows):
        assert max(box[3] for box in upper) <= min(box[1] for box in lower)


def test_an_overlay_lets_what_is_below_shine_through(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    below, above = plain(tools, 0), plain(tools, 2)
    for opacity, expected in ((0, (192, 0, 0)), (0.5, (96, 0, 96)), (1, (0, 0, 192))):
        sheet = combined(tools, (below, above), layout="overlay", opacity=opacity)
        middle = sheet.getpixel((32, 24))

        assert isinstance(middle, tuple)
        assert all(abs(a - b) <= 2 for a, b in zip(middle, expected, strict=True))
        assert sheet.getpixel((2, 2)) == (192, 0, 0)  # the flat one above does not reach


def ink_below(sheet: "Image.Image", box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """Where there is ink in the caption's room below a picture."""
    room = (0, box[3] + 1, sheet.width, sheet.height)
    written = sheet.convert("L").crop(room).point([255 * (v < 120) for v in range(256)]).getbbox()
    assert written, "no caption"
    return (written[0], written[1] + room[1], written[2], written[3] + room[1])


@pytest.mark.parametrize("layout", ["grid", "horizontal", "vertical"])
@pytest.mark.parametrize(
    "caption", ["flux", "Grüße, Ägypten", "a name so long that it can not stand on one line"]
)
def test_a_caption_stands_right_below_its_picture_and_is_not_cut(
    tmp_path: Path, layout: str, caption: str
) -> None:
    tools = tools_in(tmp_path)
    sheet = combined(tools, (plain(tools, 2),), labels=(caption,), layout=layout)
    box = found(sheet, COLOURS[2])
    ink = ink_below(sheet, box)

    assert ink[0] > 0
    assert ink[2] < sheet.width
    assert ink[3] < sheet.height
    assert ink[1] - box[3] < 16
    assert abs((ink[0] + ink[2]) - (box[0] + box[2])) <= 8


def test_captions_are_labels_or_what_is_given_or_none(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    parts = (plain(tools, 0), plain(tools, 1))
    sheets = {
        "labels": combined(tools, parts, labels=("one", "two")),
        "given": combined(tools, parts, captions=["one", "two"], labels=("x", "y")),
        "own": combined(tools, parts),
        "own given": combined(tools, parts, captions=["own 0", "own 1"]),
        "first": combined(tools, parts, captions=["one"]),
        "none": combined(tools, parts, captions=False),
        "empty": combined(tools, parts, labels=(" ", ""), captions=[" ", ""]),
    }

    assert sheets["labels"].tobytes() == sheets["given"].tobytes()
    assert sheets["own"].tobytes() == sheets["own given"].tobytes() != sheets["labels"].tobytes()
    assert sheets["none"].tobytes() == sheets["empty"].tobytes()
    assert sheets["none"].height < sheets["first"].height == sheets["labels"].height


@pytest.mark.parametrize(
    ("layout", "width"), [("grid", 120), ("grid", 200), ("horizontal", 200), ("horizontal", 301)]
)
def test_a_sheet_is_no_wider_than_told_with_its_captions_still_on_it(
    tmp_path: Path, layout: str, width: int
) -> None:
    tools = tools_in(tmp_path)
    parts = tuple(plain(tools, place) for place in range(5))
    sheet = combined(tools, parts, layout=layout, max_width=width)

    assert 0.9 * width <= sheet.width <= width
    assert ink_below(sheet, found(sheet, COLOURS[4]))


@pytest.mark.parametrize("spacing", [0, 10])
def test_spacing_is_between_and_around(tmp_path: Path, spacing: int) -> None:
    tools = tools_in(tmp_path)
    parts = (plain(tools, 3), plain(tools, 3))
    sheet = combined(tools, parts, layout="horizontal", spacing=spacing, captions=False)

    assert sheet.size == (80 + 3 * spacing, 40 + 2 * spacing)


def test_cropped_pictures_fill_their_places(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    parts = tuple(plain(tools, place) for place in range(4))
    how: dict[str, Any] = {"columns": 2, "spacing": 0, "captions": False, "fit": "crop"}
    sheet = combined(tools, parts, **how)
    quarters = [sheet.crop(box) for box in ((2, 2, 50, 40), (58, 2, 106, 40))]

    assert sheet.size == (112, 88)
    assert [len(quarter.getcolors() or []) for quarter in quarters] == [1, 1]


@pytest.mark.parametrize(
    ("background", "corner"),
    [("white", (255, 255, 255)), ("#102030", (16, 32, 48)), ("transparent", (0, 0, 0, 0))],
)
def test_the_background_is_as_told(
    tmp_path: Path, background: str, corner: tuple[int, ...]
) -> None:
    tools = tools_in(tmp_path)

    assert combined(tools, (plain(tools, 0),), background=background).getpixel((0, 0)) == corner


def test_captions_can_be_read_on_dark_and_on_light(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    for background in ("black", "white"):
        how: dict[str, Any] = {"background": background, "spacing": 4}
        sheet = combined(tools, (plain(tools, 0),), labels=("M",), **how)
        room = sheet.convert("L").crop((0, 60, sheet.width, sheet.height))
        least, most = room.getextrema()

        assert isinstance(least, int)
        assert isinstance(most, int)
        assert most - least > 150


def test_transparent_pictures_show_the_sheet(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    path = tools.sink.scratch("png")
    Image.new("RGBA", (40, 40), (255, 0, 0, 0)).save(path)
    clear = tools.sink.adopt(path, "image")
    sheet = combined(tools, (clear,), background="#102030", captions=False)

    assert difference(sheet, Image.new("RGB", sheet.size, "#102030")) == 0


def test_photographs_lie_upright(tmp_path: Path) -> None:
    tools, exif = tools_in(tmp_path), Image.Exif()
    exif[0x0112] = 6
    path = tools.sink.scratch("jpg")
    Image.new("RGB", (60, 30), "red").save(path, exif=exif)
    sheet = combined(
        tools, (tools.sink.adopt(path, "image"),), layout="horizontal", spacing=0, captions=False
    )

    assert sheet.size == (30, 60)


def test_the_same_pictures_make_the_same_sheet(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    parts = tuple(plain(tools, place) for place in range(3))

    assert combined(tools, parts).tobytes() == combined(tools, parts).tobytes()


@pytest.mark.parametrize(
    ("params", "code", "message"),
    [
        ({"layout": "pile"}, "local.unknown_value",
         "'layout' is 'pile' and must be one of grid, horizontal, vertical, overlay"),
        ({"background": "blueish"}, "merge.unknown_colour",
         "'background' is 'blueish', which is no colour"),
        ({"columns": 0}, "local.unknown_value",
         "'columns' is '0' and must be a number from 1 to 1000"),
        ({"max_width": 8}, "local.unknown_value",
         "'max_width' is '8' and must be a number from 16 to 16384 pixels"),
        ({"opacity": 2, "layout": "overlay"}, "local.unknown_value",
         "'opacity' is '2' and must be a number from 0 to 1"),
    ],
)  # fmt: skip
def test_what_can_not_be_done_is_told(
    tmp_path: Path, params: dict[str, Any], code: str, message: str
) -> None:
    tools = tools_in(tmp_path)

    with pytest.raises(StepError) as caught:
        combined(tools, (plain(tools, 0),), **params)
    assert (caught.value.code, caught.value.message) == (code, message)


@pytest.mark.parametrize("parts", [("a text",), ({"a": 1},)])
def test_what_is_no_picture_is_refused(tmp_path: Path, parts: tuple[Value, ...]) -> None:
    with pytest.raises(StepError) as caught:
        combined(tools_in(tmp_path), parts)
    assert caught.value.code == "merge.wrong_input"


@pytest.mark.parametrize("layout", ["grid", "overlay"])
def test_a_cancelled_sheet_leaves_no_file(tmp_path: Path, layout: str) -> None:
    part = plain(tools_in(tmp_path), 0)

    with pytest.raises(CancelledError):
        combined(tools_in(tmp_path, cancelled=lambda: True), (part,), layout=layout)
    assert FolderSink(folder=tmp_path).scratched() == []


sizes = st.lists(st.tuples(st.integers(1, 900), st.integers(1, 900)), min_size=1, max_size=20)


@given(sizes=sizes, columns=st.integers(1, 6), between=st.integers(0, 40), crop=st.booleans())
def test_places_are_on_the_sheet_and_apart(
    sizes: list[tuple[int, int]],
    columns: int,
    between: int,
    crop: bool,  # noqa: FBT001 - a case
) -> None:
    space = Spacing(between=between, caption=12)
    for made in (
        arrange.grid(sizes, columns, space, crop=crop),
        arrange.row(sizes, space),
        arrange.column(sizes, space),
    ):
        assert len(made.places) == len(sizes)
        for left, top, right, bottom in made.places:
            assert between <= left < right <= made.size[0] - between
            assert between <= top < bottom <= made.size[1] - between - 12
        for one, other in combinations(made.places, 2):
            apart = one[2] + between <= other[0] or one[3] + between + 12 <= other[1]
            assert apart or one[1] >= other[3] or one[0] >= other[2]


@pytest.mark.parametrize(
    ("size", "columns"),
    [((16, 9), [1, 1, 2, 2, 2, 2, 3, 3]), ((1, 1), [1, 2, 3, 2, 3, 3]), ((9, 16), [1, 2, 3, 4])],
)
def test_a_grid_has_a_good_shape_and_few_holes(size: tuple[int, int], columns: list[int]) -> None:
    chosen = [arrange.columns_for([size] * number) for number in range(1, len(columns) + 1)]

    assert chosen == columns


def test_labels_switched_off_are_no_captions(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    parts = (plain(tools, 0), plain(tools, 1))
    call = call_of("merge:combine_images", inputs={"input": parts}, params={"labels": False})
    assert combine_images.MERGE.run is not None

    (made,) = combine_images.MERGE.run(call, tools).artefacts

    bare = combined(tools, parts, captions=False)
    assert (made.width, made.height) == bare.size


def test_of_an_animation_the_first_picture_is_taken(tmp_path: Path) -> None:
    tools = tools_in(tmp_path)
    path = tools.sink.scratch("gif")
    frames = [Image.new("RGB", (64, 48), colour) for colour in ("red", "blue")]
    frames[0].save(path, save_all=True, append_images=frames[1:])

    sheet = combined(tools, (tools.sink.adopt(path, "image"),), captions=False)

    assert found(sheet, "red")
