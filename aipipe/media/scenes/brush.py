"""What every scene draws with: gradients, glows, silhouettes, noise and grain.

All of it is deterministic: chance comes only from the `Random` that is passed in.
"""

from collections.abc import Sequence
from math import pi, sin
from random import Random
from typing import TYPE_CHECKING

from aipipe.media.palettes import rgb

if TYPE_CHECKING:
    from PIL.Image import Image

Point = tuple[float, float]
Size = tuple[int, int]
RIM = 180
"""What Pillow's radial gradient has in the middle of its edges (255 in its corners)."""
SMOOTH = 2
"""Shapes are drawn this many times larger, then reduced, so that their edges are smooth."""


def gradient(size: Size, colours: Sequence[str], *, sideways: bool = False) -> "Image":
    """A smooth run through colours, downwards or from left to right."""
    from PIL import Image  # noqa: PLC0415 - Pillow, 17 ms

    steps = 256
    strip = Image.new("RGB", (1, steps))
    strip.putdata([_between(colours, place / (steps - 1)) for place in range(steps)])
    if sideways:
        strip = strip.transpose(Image.Transpose.ROTATE_90)
    return strip.resize(size, Image.Resampling.BICUBIC)


def glow(picture: "Image", at: Point, radius: float, colour: str, strength: float) -> None:
    """Soft light around a point."""
    from PIL import Image  # noqa: PLC0415 - Pillow, 17 ms

    side = max(int(2 * radius), 2)
    fall = Image.radial_gradient("L").point(
        [int(strength * 255 * max(1 - v / RIM, 0) ** 2) for v in range(256)]
    )
    mask = fall.resize((side, side), Image.Resampling.BICUBIC)
    picture.paste(colour, _corner(at, side), mask)


def disc(picture: "Image", at: Point, radius: float, colour: str, opacity: float = 1.0) -> None:
    """A filled circle with a smooth edge."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - Pillow, 17 ms

    side = max(int(2 * radius) + 2, 3)
    mask = Image.new("L", (side * SMOOTH, side * SMOOTH))
    middle, reach = side * SMOOTH / 2, radius * SMOOTH
    ImageDraw.Draw(mask).ellipse(
        (middle - reach, middle - reach, middle + reach, middle + reach), int(255 * opacity)
    )
    picture.paste(colour, _corner(at, side), mask.reduce(SMOOTH))


def shape(
    picture: "Image", points: Sequence[Point], fill: "str | Image", opacity: float = 1.0
) -> None:
    """A filled polygon with smooth edges, in one colour or cut from a picture of the same size."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - Pillow, 17 ms

    left, top, right, bottom = _bounds(points, picture.size)
    if right <= left or bottom <= top:
        return
    mask = Image.new("L", ((right - left) * SMOOTH, (bottom - top) * SMOOTH))
    moved = [((x - left) * SMOOTH, (y - top) * SMOOTH) for x, y in points]
    ImageDraw.Draw(mask).polygon(moved, int(255 * opacity))
    part = fill if isinstance(fill, str) else fill.crop((left, top, right, bottom))
    picture.paste(part, (left, top, right, bottom), mask.reduce(SMOOTH))


def ridge(
    size: Size, base: float, height: float, chance: Random, *, rough: float = 0.5
) -> list[Point]:
    """A hilly line from the left edge to the right one, closed along the bottom."""
    width, bottom = size
    count = max(min(width // 4, 220), 8)
    waves = [
        (chance.uniform(0.6, 1.4) * 2**octave, chance.uniform(0, 2 * pi), rough**octave)
        for octave in range(6)
    ]
    total = sum(share for _, _, share in waves)
    line = []
    for step in range(count + 1):
        x = step / count
        y = sum(share * sin(2 * pi * often * x + turn) for often, turn, share in waves) / total
        line.append((x * width, base - height * y))
    return [*line, (width, bottom), (0, bottom)]


def noise(size: Size, cells: int, chance: Random) -> "Image":
    """A cloudy grey picture, `cells` clouds along its shorter side."""
    from PIL import Image  # noqa: PLC0415 - Pillow, 17 ms

    short = min(size)
    columns, rows = (max(round(cells * side / short), 2) for side in size)
    columns, rows = min(columns, 512), min(rows, 512)
    small = Image.frombytes("L", (columns, rows), chance.randbytes(columns * rows))
    return small.resize(size, Image.Resampling.BICUBIC)


def clouds(size: Size, chance: Random, cells: int = 3, octaves: int = 3) -> "Image":
    """Noise at several scales, finer ones fainter."""
    from PIL import Image  # noqa: PLC0415 - Pillow, 17 ms

    result = noise(size, cells, chance)
    for octave in range(1, octaves):
        result = Image.blend(result, noise(size, cells * 2**octave, chance), 0.5 / 1.5**octave)
    return result


def haze(picture: "Image", colour: str, top: float, bottom: float, strength: float) -> None:
    """Fog that thickens from `top` to `bottom` (pixels)."""
    from PIL import Image  # noqa: PLC0415 - Pillow, 17 ms

    height = int(bottom - top)
    if height < 1:
        return
    fall = Image.linear_gradient("L").point([int(v * strength) for v in range(256)])
    mask = fall.resize((picture.width, height), Image.Resampling.BICUBIC)
    picture.paste(colour, (0, int(top)), mask)


def grained(picture: "Image", chance: Random, amount: float) -> "Image":
    """The picture with fine film grain, which also hides the steps of gradients."""
    from PIL import Image, ImageChops  # noqa: PLC0415 - Pillow, 17 ms

    tile = (min(picture.width, 512), min(picture.height, 512))
    raw = Image.frombytes("L", tile, chance.randbytes(tile[0] * tile[1]))
    speck = raw.point([round(128 + (v - 127.5) * amount) for v in range(256)])
    field = Image.new("L", picture.size, 128)
    for x in range(0, picture.width, tile[0]):
        for y in range(0, picture.height, tile[1]):
            field.paste(speck, (x, y))
    return ImageChops.add(picture, Image.merge("RGB", (field,) * 3), scale=1, offset=-128)


def vignetted(picture: "Image", strength: float) -> "Image":
    """The picture a little darker towards its corners."""
    from PIL import Image, ImageChops  # noqa: PLC0415 - Pillow, 17 ms

    fall = Image.radial_gradient("L").point(
        [int(255 * (1 - strength * max(0.0, v / 255 - 0.35) ** 1.5)) for v in range(256)]
    )
    wide = fall.crop((18, 18, 238, 238)).resize(picture.size, Image.Resampling.BILINEAR)
    return ImageChops.multiply(picture, Image.merge("RGB", (wide,) * 3))


def _between(colours: Sequence[str], place: float) -> tuple[int, int, int]:
    at = place * (len(colours) - 1)
    first = min(int(at), len(colours) - 2)
    share = at - first
    red, green, blue = (
        round(a + (b - a) * share)
        for a, b in zip(rgb(colours[first]), rgb(colours[first + 1]), strict=True)
    )
    return red, green, blue


def _corner(at: Point, side: int) -> tuple[int, int]:
    return int(at[0] - side / 2), int(at[1] - side / 2)


def _bounds(points: Sequence[Point], size: Size) -> tuple[int, int, int, int]:
    """The part of the picture that a shape can touch: left, top, right, bottom."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    left, top = max(int(min(xs)) - 1, 0), max(int(min(ys)) - 1, 0)
    return left, top, min(int(max(xs)) + 2, size[0]), min(int(max(ys)) + 2, size[1])
