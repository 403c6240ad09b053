"""What landscapes are furnished with: a sun, stars, birds, firs, windows."""

from random import Random
from typing import TYPE_CHECKING

from aipipe.media.palettes import Palette
from aipipe.media.scenes import brush
from aipipe.media.scenes.brush import Point

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw


def sun(
    picture: "Image", palette: Palette, chance: Random, *, level: float, large: float = 1.0
) -> float:
    """A sun or moon with its glow, at `level` of the height; its place across, in pixels."""
    width, height = picture.size
    unit = min(width, height)
    at = (width * chance.uniform(0.22, 0.78), height * level)
    radius = unit * chance.uniform(0.06, 0.11) * large
    brush.glow(picture, at, radius * 5.5, palette.light, 0.75)
    brush.disc(picture, at, radius, palette.accent)
    return at[0]


def stars(picture: "Image", colour: str, chance: Random, *, count: int, until: float) -> None:
    """Stars in the upper part, down to `until` of the height."""
    width, height = picture.size
    unit = max(min(width, height) / 1000, 0.35)
    for _ in range(count):
        at = (chance.random() * width, chance.random() * height * until)
        size = unit * chance.choice((0.9, 1.2, 1.2, 2.2))
        brush.disc(picture, at, size, colour, chance.uniform(0.35, 1.0))


def birds(picture: "Image", colour: str, chance: Random) -> None:
    """A few gulls, far away."""
    width, height = picture.size
    unit = min(width, height)
    centre = (width * chance.uniform(0.25, 0.75), height * chance.uniform(0.14, 0.26))
    for _ in range(chance.randint(3, 6)):
        x = centre[0] + unit * chance.uniform(-0.12, 0.12)
        y = centre[1] + unit * chance.uniform(-0.06, 0.06)
        span = unit * chance.uniform(0.012, 0.024)
        brush.shape(picture, _gull(x, y, span), colour, 0.85)


def fir(x: float, ground: float, tall: float, chance: Random) -> list[Point]:
    """The outline of a fir that stands at `x` on `ground`."""
    tiers = chance.randint(4, 6)
    half = tall * chance.uniform(0.15, 0.21)
    right: list[Point] = [(x, ground - tall)]
    for tier in range(1, tiers + 1):
        y = ground - tall + tall * 0.94 * tier / tiers
        wide = half * (0.25 + 0.75 * tier / tiers)
        right += [(x + wide, y), (x + wide * 0.45, y - tall * 0.02)]
    left = [(2 * x - px, py) for px, py in reversed(right)]
    return [*right, (x + half * 0.12, ground), (x - half * 0.12, ground), *left]


def windows(
    pen: "ImageDraw",
    house: tuple[float, float, float, float],
    palette: Palette,
    chance: Random,
    *,
    share: float,
) -> None:
    """Lit windows on a house (left, top, width, height): `share` of all of them."""
    left, top, wide, tall = house
    columns = max(int(wide // max(tall / 60, wide / 6)), 2)
    step = wide / columns
    y = top + step * 0.6
    while y < top + tall * 0.9:
        for column in range(columns):
            if chance.random() < share:
                x = left + step * (column + 0.28)
                colour = chance.choice((palette.accent, palette.light))
                pen.rectangle((x, y, x + step * 0.42, y + step * 0.55), fill=colour)
        y += step * 1.15


def _gull(x: float, y: float, span: float) -> list[Point]:
    return [
        (x - span, y - span * 0.35), (x - span * 0.4, y - span * 0.42), (x, y),
        (x + span * 0.4, y - span * 0.42), (x + span, y - span * 0.35),
        (x + span * 0.4, y - span * 0.2), (x, y + span * 0.22), (x - span * 0.4, y - span * 0.2),
    ]  # fmt: skip
