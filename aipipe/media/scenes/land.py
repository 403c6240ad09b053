"""Landscapes: mountain ranges, a wood in fog, dunes."""

from random import Random
from typing import TYPE_CHECKING

from aipipe.media.palettes import Palette, mixed
from aipipe.media.scenes import brush, details
from aipipe.media.scenes.brush import Size

if TYPE_CHECKING:
    from PIL.Image import Image


def mountains(size: Size, palette: Palette, chance: Random) -> "Image":
    """Ranges one behind the other under a low sun, each nearer one darker."""
    height = size[1]
    sky = chance.choice([("middle", "soft", "light"), ("deep", "middle", "soft", "light")])
    picture = brush.gradient(size, [getattr(palette, name) for name in sky])
    details.sun(picture, palette, chance, level=chance.uniform(0.25, 0.45))
    layers = 6
    for layer in range(layers):
        near = layer / (layers - 1)
        base = height * (0.48 + 0.44 * near)
        points = brush.ridge(size, base, height * (0.13 + 0.05 * near), chance, rough=0.52)
        top = mixed(palette.soft, palette.dark, 0.12 + 0.88 * near)
        brush.shape(picture, points, top)
        brush.haze(picture, palette.light, base, base + height * 0.22, 0.34 * (1 - near))
    details.birds(picture, palette.dark, chance)
    return picture


def woods(size: Size, palette: Palette, chance: Random) -> "Image":
    """Firs in fog, row behind row."""
    width, height = size
    picture = brush.gradient(size, [palette.soft, palette.light, palette.soft])
    details.sun(picture, palette, chance, level=0.3)
    rows = 5
    for row in range(rows):
        near = row / (rows - 1)
        ground = height * (0.5 + 0.42 * near)
        tall = min(height, width) * (0.14 + 0.26 * near)
        colour = mixed(palette.soft, palette.dark, 0.2 + 0.8 * near)
        x = -tall * 0.2
        while x < width + tall * 0.2:
            own = tall * chance.uniform(0.6, 1.15)
            brush.shape(picture, details.fir(x, ground + own * 0.1, own, chance), colour)
            x += tall * chance.uniform(0.22, 0.5)
        brush.shape(picture, brush.ridge(size, ground, height * 0.015, chance), colour)
        brush.haze(
            picture, palette.light, ground - tall * 0.6, ground + tall * 0.25, 0.4 - 0.4 * near
        )
    return picture


def dunes(size: Size, palette: Palette, chance: Random) -> "Image":
    """Sand with a lit and a shaded side, under a large sun."""
    height = size[1]
    picture = brush.gradient(size, [palette.middle, palette.soft, palette.light])
    details.sun(picture, palette, chance, level=0.32, large=1.6)
    for layer in range(5):
        near = layer / 4
        base = height * (0.5 + 0.42 * near)
        points = brush.ridge(size, base, height * 0.1, chance, rough=0.28)
        lit = mixed(palette.light, palette.middle, 0.25 + 0.5 * near)
        shade = mixed(palette.middle, palette.dark, 0.15 + 0.7 * near)
        side = [lit, shade] if chance.random() < 0.5 else [shade, lit]  # noqa: PLR2004 - a coin
        brush.shape(picture, points, brush.gradient(size, side, sideways=True))
    return picture
