"""After sunset: a skyline with lit windows, northern lights."""

from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING

from aipipe.media.palettes import Palette, mixed
from aipipe.media.scenes import brush, details
from aipipe.media.scenes.brush import Size

if TYPE_CHECKING:
    from PIL.Image import Image


def city(size: Size, palette: Palette, chance: Random) -> "Image":
    """A skyline at night with lit windows."""
    from PIL import ImageDraw  # noqa: PLC0415 - Pillow, 17 ms

    width, height = size
    picture = brush.gradient(size, [palette.dark, palette.deep, palette.middle, palette.soft])
    details.stars(picture, palette.light, chance, count=90, until=0.45)
    details.sun(picture, palette, chance, level=0.3)
    unit = min(width, height)
    pen = ImageDraw.Draw(picture)
    for row in range(3):
        colour = mixed(palette.middle, palette.dark, 0.35 + 0.325 * row)
        x = -unit * 0.05
        while x < width:
            wide = unit * chance.uniform(0.06, 0.15)
            tall = height * chance.uniform(0.18, 0.5) * (1 - 0.2 * row)
            top = height * (0.86 + 0.07 * row) - tall
            pen.rectangle((x, top, x + wide, height), fill=colour)
            details.windows(pen, (x, top, wide, height), palette, chance, share=0.12 + 0.14 * row)
            x += wide + unit * chance.uniform(0, 0.02)
    return picture


def aurora(size: Size, palette: Palette, chance: Random) -> "Image":
    """Curtains of light over dark hills."""
    from PIL import Image, ImageChops  # noqa: PLC0415 - Pillow, 17 ms

    height = size[1]
    picture = brush.gradient(size, [palette.dark, palette.dark, palette.deep])
    details.stars(picture, palette.light, chance, count=160, until=0.8)
    for colour in (palette.accent, palette.soft, palette.middle):
        rays = Image.frombytes("L", (48, 1), chance.randbytes(48)).resize(
            size, Image.Resampling.BICUBIC
        )
        mask = ImageChops.multiply(rays, _veil(chance).resize(size, Image.Resampling.BICUBIC))
        picture.paste(colour, (0, 0), mask.point([int(v * 0.85) for v in range(256)]))
    for near in (0.0, 0.5, 1.0):
        points = brush.ridge(size, height * (0.78 + 0.12 * near), height * 0.06, chance)
        brush.shape(picture, points, mixed(palette.deep, palette.dark, 0.45 + 0.55 * near))
    return picture


def _veil(chance: Random) -> "Image":
    """A band of light along a wavy line: sharp below, fading upwards."""
    from PIL import Image, ImageFilter  # noqa: PLC0415 - Pillow, 17 ms

    columns, rows = 320, 180
    line = brush.ridge((columns * 4, rows), chance.uniform(85, 125), 34, chance, rough=0.3)
    fade = Image.linear_gradient("L").resize((1, 100))
    veil = Image.new("L", (columns, rows))
    for (x, y), (z, _) in pairwise(line[:-2]):
        veil.paste(fade.resize((max(int(z / 4) - int(x / 4), 1), 100)), (int(x / 4), int(y) - 100))
    return veil.filter(ImageFilter.GaussianBlur(3))
