"""Several pictures on one sheet: side by side, one below the other, in a grid, or overlaid."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from aipipe.errors import CancelledError, StepError
from aipipe.media import arrange, lettering, palettes, pictures
from aipipe.media.arrange import Arrangement, Box, Size, Spacing

if TYPE_CHECKING:
    from PIL.Image import Image

SPACING = 0.024
"""Of a picture's shorter side, between pictures, when nobody says."""
CAPTION = 0.042
"""Of a picture's shorter side, a caption's letters."""
SMALLEST_LETTERS, LARGEST_LETTERS = 11, 72
LINES = 2
TRIES, SMALLEST_STEP = 16, 0.995
"""Spacing and captions do not shrink in step with pictures, so that the size is approached."""
TRANSPARENT = "transparent"
HAIRLINE = (120, 120, 128, 48)
DARK_INK, LIGHT_INK = "#1d1d1f", "#f5f5f7"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a sheet is to look. Sizes in pixels; None: as is fitting."""

    kind: str
    """`grid`, `horizontal` or `vertical`."""
    columns: int | None
    spacing: int | None
    background: str
    """A colour's name, `#rrggbb`, or `transparent`."""
    max_width: int
    crop: bool
    """Whether a picture fills its place (its edges cut off) or stands whole in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A picture for the sheet."""

    path: Path
    size: Size
    caption: str


def sheet(
    sources: Sequence[Source],
    layout: Layout,
    report: Callable[[float, str], None],
    cancelled: Callable[[], bool],
) -> "Image":
    """The pictures in their places, in the order given, each with its caption below it.

    Raises:
        StepError: `merge.unknown_colour`, `media.unreadable`.
        CancelledError: nothing is left behind.
    """
    arrangement = arranged(sources, layout)
    paper = _paper(arrangement.size, layout.background)
    for number, (source, place) in enumerate(zip(sources, arrangement.places, strict=True)):
        if cancelled():
            raise CancelledError
        _put(paper, source, place, crop=layout.crop, low=arrangement.caption > 0)
        report((number + 1) / len(sources), "combining")
    letters = _letters([(b[2] - b[0], b[3] - b[1]) for b in arrangement.places])
    for source, place in zip(sources, arrangement.places, strict=True):
        room = (place[0], place[3], place[2], place[3] + arrangement.caption)
        _write_caption(paper, source.caption, room, letters, _ink(layout.background))
    return paper


def arranged(sources: Sequence[Source], layout: Layout) -> Arrangement:
    """Where everything goes, on a sheet no wider than `max_width` and not too large to read."""
    given, share = [source.size for source in sources], 1.0
    for _ in range(TRIES):
        sizes = arrange.scaled(given, share)
        found = _arranged(sizes, layout, _lines(sources, sizes))
        width, height = found.size
        fits = min(layout.max_width / width, (pictures.LARGEST / (width * height)) ** 0.5)
        if fits >= 1:
            return found
        share *= min(fits, SMALLEST_STEP)
    return found


def overlaid(
    sources: Sequence[Source], layout: Layout, opacity: float, cancelled: Callable[[], bool]
) -> "Image":
    """The pictures on top of each other in the size of the first, all but the first see-through.

    Raises:
        StepError: `merge.unknown_colour`, `media.unreadable`.
        CancelledError: nothing is left behind.
    """
    width, height = sources[0].size
    size = (min(width, layout.max_width), round(height * min(1.0, layout.max_width / width)))
    paper = _paper(size, layout.background)
    for number, source in enumerate(sources):
        if cancelled():
            raise CancelledError
        layer = _fitted(pictures.read(source.path), size, crop=layout.crop).convert("RGBA")
        if number:
            layer.putalpha(layer.getchannel("A").point([int(v * opacity) for v in range(256)]))
        place = ((size[0] - layer.width) // 2, (size[1] - layer.height) // 2)
        _lay(paper, layer, place)
    return paper


def _arranged(sizes: Sequence[Size], layout: Layout, lines: int) -> Arrangement:
    short = min(arrange.cell_of(sizes))
    between = layout.spacing if layout.spacing is not None else max(round(short * SPACING), 4)
    room = round(_letters(sizes) * (lettering.LEADING * lines + 0.5)) if lines else 0
    space = Spacing(between=between, caption=room)
    match layout.kind:
        case "horizontal":
            return arrange.row(sizes, space)
        case "vertical":
            return arrange.column(sizes, space)
        case _:
            columns = layout.columns or arrange.columns_for(sizes)
            return arrange.grid(sizes, columns, space, crop=layout.crop)


def _lines(sources: Sequence[Source], sizes: Sequence[Size]) -> int:
    """Lines that the longest caption needs under a narrow picture; 0 without captions."""
    captions = [source.caption for source in sources if source.caption.strip()]
    width, letters = min(size[0] for size in sizes), _letters(sizes)
    needed = (lettering.one_line(text, 1e9, letters).width / width for text in captions)
    return min(max((ceil(lines) for lines in needed), default=0), LINES)


def _letters(sizes: Sequence[Size]) -> int:
    short = min(arrange.cell_of(sizes))
    return round(min(max(short * CAPTION, SMALLEST_LETTERS), LARGEST_LETTERS))


def _put(paper: "Image", source: Source, place: Box, *, crop: bool, low: bool) -> None:
    """A picture in the middle of its place; `low`: at its foot, where the caption begins."""
    room = (place[2] - place[0], place[3] - place[1])
    picture = _fitted(pictures.read(source.path), room, crop=crop)
    left = place[0] + (room[0] - picture.width) // 2
    top = place[1] + (room[1] - picture.height) // (1 if low else 2)
    _lay(paper, picture, (left, top))
    if picture.mode == "RGB" and paper.mode == "RGB":
        _frame(paper, (left, top, left + picture.width, top + picture.height))


def _frame(paper: "Image", place: Box) -> None:
    """A hairline, so that a white picture can be told from a white sheet."""
    from PIL import ImageDraw  # noqa: PLC0415 - Pillow, 17 ms

    pen = ImageDraw.Draw(paper, "RGBA")
    edges = (place[0], place[1], place[2] - 1, place[3] - 1)
    pen.rectangle(edges, outline=HAIRLINE, width=max(round(min(paper.size) / 1200), 1))


def _fitted(picture: "Image", room: Size, *, crop: bool) -> "Image":
    from PIL import Image, ImageOps  # noqa: PLC0415 - Pillow, 17 ms

    if picture.size == room:
        return picture
    how = ImageOps.fit if crop else ImageOps.contain
    return how(picture, room, Image.Resampling.LANCZOS)


def _lay(paper: "Image", picture: "Image", at: tuple[int, int]) -> None:
    if paper.mode == "RGBA":
        paper.alpha_composite(picture.convert("RGBA"), at)
    elif picture.mode == "RGBA":
        paper.paste(picture, at, picture.getchannel("A"))
    else:
        paper.paste(picture, at)


def _paper(size: Size, background: str) -> "Image":
    from PIL import Image  # noqa: PLC0415 - Pillow, 17 ms

    if background == TRANSPARENT:
        return Image.new("RGBA", size, (0, 0, 0, 0))
    return Image.new("RGB", size, colour_of(background))


def colour_of(name: str) -> tuple[int, int, int]:
    """Red, green and blue of a colour's name or `#rrggbb`.

    Raises:
        StepError: `merge.unknown_colour`.
    """
    from PIL import ImageColor  # noqa: PLC0415 - Pillow, 17 ms

    try:
        red, green, blue = ImageColor.getrgb(name.strip())[:3]
    except ValueError as error:
        message = f"'background' is '{name}', which is no colour"
        hint = "write a name such as 'white', '#1a2b3c', or 'transparent'"
        raise StepError("merge.unknown_colour", message, hint=hint) from error
    return red, green, blue


def _write_caption(paper: "Image", caption: str, room: Box, letters: int, ink: str) -> None:
    """The caption in the middle of its room, on as many lines as fit there."""
    if not caption.strip() or room[3] <= room[1]:
        return
    width = room[2] - room[0]
    box = (width, room[3] - room[1] - letters * 0.25)
    setting = lettering.fitted(caption, box, largest=letters, smallest=letters * 0.8)
    at = (room[0], room[1] + letters * 0.3)
    lettering.draw(paper, setting, at, ink, align=0.5, width=width)


def _ink(background: str) -> str:
    light = background == TRANSPARENT or palettes.brightness(colour_of(background)) > 0.5  # noqa: PLR2004 - half
    return DARK_INK if light else LIGHT_INK
