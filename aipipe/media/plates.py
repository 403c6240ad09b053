"""Where a poster's lettering stands: on a dark foot, a card, a band, or a paper border."""

from random import Random
from typing import TYPE_CHECKING, TypeAlias

from aipipe.media import lettering
from aipipe.media.palettes import Palette, mixed
from aipipe.media.scenes import brush

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL.Image import Image

Plate: TypeAlias = "Callable[[Image, str, Palette], None]"
READABLE = 40
"""Pixels a side below which no lettering could be read."""
AMBER = "#ffb000"
NEARLY_BLACK = "#141414"


def plate_of(chance: Random) -> Plate:
    """One of the ways to set a prompt."""
    return chance.choice((foot, card, middle, paper))


def foot(picture: "Image", prompt: str, palette: Palette) -> None:
    """White at the bottom left, over a foot that grows dark."""
    width, height = picture.size
    if not _readable(picture, prompt):
        return
    unit, margin = min(width, height), min(width, height) * 0.06
    setting = lettering.fitted(
        prompt, (width - 2 * margin, height * 0.32), largest=unit * 0.085, smallest=_smallest(unit)
    )
    top = height - margin - setting.height
    brush.haze(picture, palette.dark, max(int(top - unit * 0.35), 0), int(top), 0.88)
    band = (0, int(top), width, height)
    picture.paste(palette.dark, band, _mask(band, 0.88))
    lettering.draw(picture, setting, (margin, top), "#ffffff")


def card(picture: "Image", prompt: str, palette: Palette) -> None:
    """Dark on a light card, low and in the middle."""
    width, height = picture.size
    if not _readable(picture, prompt):
        return
    unit = min(width, height)
    pad, edge = unit * 0.045, unit * 0.05
    room = (width - 2 * edge - 2 * pad, height * 0.3)
    setting = lettering.fitted(prompt, room, largest=unit * 0.07, smallest=_smallest(unit))
    wide, tall = setting.width + 2 * pad, setting.height + 1.7 * pad
    left, top = (width - wide) / 2, height - edge - tall
    _panel(picture, (left, top, left + wide, top + tall), palette.light, 0.93)
    at = (left + pad, top + pad * 0.85)
    lettering.draw(picture, setting, at, palette.dark, align=0.5, width=setting.width)


def middle(picture: "Image", prompt: str, palette: Palette) -> None:
    """Large and centred, on a dark band from edge to edge."""
    width, height = picture.size
    if not _readable(picture, prompt):
        return
    unit = min(width, height)
    room = (width * 0.8, height * 0.46)
    setting = lettering.fitted(prompt, room, largest=unit * 0.1, smallest=_smallest(unit))
    pad, rule = unit * 0.05, max(int(unit * 0.004), 1)
    left, top = (width - setting.width) / 2, (height - setting.height) / 2
    band = (0, int(top - pad), width, int(top + setting.height + pad))
    picture.paste(palette.dark, band, _mask(band, 0.72))
    for y in (band[1], band[3] - rule):
        picture.paste(palette.accent, (0, y, width, y + rule))
    lettering.draw(picture, setting, (left, top), "#ffffff", align=0.5, width=setting.width)


def paper(picture: "Image", prompt: str, palette: Palette) -> None:
    """The picture on a sheet of paper, the prompt printed below it."""
    width, height = picture.size
    if not _readable(picture, prompt):
        return
    unit = min(width, height)
    edge = int(unit * 0.045)
    room = (width - 2.6 * edge, height * 0.3)
    setting = lettering.fitted(prompt, room, largest=unit * 0.062, smallest=_smallest(unit))
    foot_height = int(setting.height + 2.2 * edge)
    art = picture.crop((edge, edge, width - edge, height - foot_height))
    sheet = mixed(palette.light, "#ffffff", 0.55)
    picture.paste(sheet, (0, 0, width, height))
    picture.paste(art, (edge, edge))
    top = height - foot_height + (foot_height - setting.height) / 2
    lettering.draw(picture, setting, (1.3 * edge, top), mixed(palette.dark, "#000000", 0.3))


def strip(picture: "Image", prompt: str, palette: Palette) -> None:
    """A caption on a strip of paper along the bottom edge."""
    width, height = picture.size
    if not _readable(picture, prompt):
        return
    unit = min(width, height)
    edge = unit * 0.035
    room = (width - 2 * edge, height * 0.16)
    setting = lettering.fitted(prompt, room, largest=unit * 0.045, smallest=_smallest(unit))
    top = int(height - setting.height - 1.3 * edge)
    band = (0, top, width, height)
    picture.paste(mixed(palette.light, "#ffffff", 0.5), band, _mask(band, 0.94))
    lettering.draw(picture, setting, (edge, top + 0.6 * edge), mixed(palette.dark, "#000000", 0.3))


def sign(picture: "Image", model: str, *, mock: bool) -> None:
    """The model's name (if any) small in the upper left corner, MOCK in the upper right one."""
    if min(picture.size) < READABLE:
        if mock:
            _mark(picture)
        return
    unit = min(picture.size)
    edge = unit * 0.065
    size = max(unit * 0.028, 8)
    room = picture.width - 2 * edge
    taken = 0.0
    if mock:
        taken = _label(
            picture, "MOCK", edge, min(size * 1.5, room / 5), AMBER, NEARLY_BLACK, right=True
        )
    left = room - taken - edge - 1.4 * size
    if model and left > 2 * size:
        setting = lettering.one_line(model, left, size)
        _label(picture, setting.lines[0], edge, size, NEARLY_BLACK, "#ffffff", right=False)


def _label(
    picture: "Image", text: str, edge: float, size: float, ground: str, ink: str, *, right: bool
) -> float:
    """A small panel in an upper corner; returns its width."""
    setting = lettering.one_line(text, picture.width, size)
    pad = size * 0.5
    wide, tall = setting.width + 2 * pad, size * 1.7
    left = picture.width - edge - wide if right else edge
    opacity = 1.0 if right else 0.6
    _panel(picture, (left, edge, left + wide, edge + tall), ground, opacity)
    lettering.draw(picture, setting, (left + pad, edge + size * 0.2), ink)
    return wide


def _mark(picture: "Image") -> None:
    """A corner in amber, where MOCK could not be read."""
    side = max(min(picture.size) // 4, 3)
    brush.shape(
        picture, [(picture.width - side, 0), (picture.width, 0), (picture.width, side)], AMBER
    )


def _readable(picture: "Image", prompt: str) -> bool:
    return min(picture.size) >= READABLE and bool(prompt.strip())


def _smallest(unit: float) -> float:
    return max(unit * 0.022, 8)


def _panel(
    picture: "Image", box: tuple[float, float, float, float], colour: str, opacity: float
) -> None:
    """A rectangle with round corners."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - Pillow, 17 ms

    left, top, right, bottom = (int(side) for side in box)
    size = (max(right - left, 1), max(bottom - top, 1))
    mask = Image.new("L", (size[0] * brush.SMOOTH, size[1] * brush.SMOOTH))
    radius = min(min(size) * brush.SMOOTH * 0.3, min(picture.size) * 0.04)
    ImageDraw.Draw(mask).rounded_rectangle(
        (0, 0, mask.width - 1, mask.height - 1), radius, fill=int(255 * opacity)
    )
    picture.paste(colour, (left, top), mask.reduce(brush.SMOOTH))


def _mask(box: tuple[int, int, int, int], opacity: float) -> "Image":
    from PIL import Image  # noqa: PLC0415 - Pillow, 17 ms

    return Image.new("L", (box[2] - box[0], box[3] - box[1]), int(opacity * 255))
