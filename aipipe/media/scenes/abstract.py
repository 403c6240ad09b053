"""Pictures of nothing in particular: soft lights, a mosaic, height lines, a sunburst, waves."""

from math import cos, pi, sin
from random import Random
from typing import TYPE_CHECKING

from aipipe.media.palettes import Palette
from aipipe.media.scenes import brush
from aipipe.media.scenes.brush import Size

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw


def lights(size: Size, palette: Palette, chance: Random) -> "Image":
    """Large soft colours that run into each other, and clear circles above them."""
    from PIL import Image  # noqa: PLC0415 - Pillow, 17 ms

    small = Image.new("RGB", (64, max(round(64 * size[1] / size[0]), 2)), palette.deep)
    for colour in [*palette.ramp, palette.accent, *palette.ramp[1:]]:
        at = (chance.uniform(0, small.width), chance.uniform(0, small.height))
        brush.glow(small, at, max(small.size) * chance.uniform(0.3, 0.6), colour, 0.95)
    picture = small.resize(size, Image.Resampling.BICUBIC)
    unit = min(size)
    for _ in range(7):
        at = (chance.uniform(0, size[0]), chance.uniform(0, size[1]))
        radius = unit * chance.choice((0.03, 0.06, 0.1, 0.18))
        brush.disc(picture, at, radius, chance.choice(palette.ramp[3:]), chance.uniform(0.12, 0.4))
    return picture


def mosaic(size: Size, palette: Palette, chance: Random) -> "Image":
    """Quarter circles, half circles and triangles on a grid."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - Pillow, 17 ms

    cell = max(min(size) // chance.choice((4, 5, 6)), 2)
    columns, rows = size[0] // cell + 1, size[1] // cell + 1
    fine = cell * brush.SMOOTH
    picture = Image.new("RGB", (columns * cell, rows * cell), palette.light)
    colours = [*palette.ramp, palette.accent, palette.middle]
    for place in range(columns * rows):
        ground, ink = chance.sample(colours, 2)
        tile = Image.new("RGB", (fine, fine), ground)
        _figure(ImageDraw.Draw(tile), fine, ink, chance)
        picture.paste(tile.reduce(brush.SMOOTH), (place % columns * cell, place // columns * cell))
    left, top = (picture.width - size[0]) // 2, (picture.height - size[1]) // 2
    return picture.crop((left, top, left + size[0], top + size[1]))


def heights(size: Size, palette: Palette, chance: Random) -> "Image":
    """A map of hills in bands of colour, with a line along every height."""
    from PIL import ImageChops, ImageFilter  # noqa: PLC0415 - Pillow, 17 ms

    bands = 12
    ground = brush.clouds((size[0] // 2 + 1, size[1] // 2 + 1), chance, cells=4)
    level = [min(v * (bands + 3) // 256, bands) for v in range(256)]
    steps = ground.resize(size).point([v * 20 for v in level])
    ramp = [palette.dark, palette.deep, palette.middle, palette.soft, palette.light]
    colours = brush.gradient((bands + 1, 1), ramp, sideways=True).tobytes()
    table = b"".join(colours[3 * v : 3 * v + 3] for v in level)
    picture = ground.resize(size)
    picture.putpalette(table)
    picture = picture.convert("RGB")
    edges = ImageChops.difference(
        steps.filter(ImageFilter.MaxFilter(3)), steps.filter(ImageFilter.MinFilter(3))
    )
    picture.paste(palette.dark, (0, 0), edges.point([min(v * 4, 110) for v in range(256)]))
    return picture


def sunburst(size: Size, palette: Palette, chance: Random) -> "Image":
    """Rays from a point, and rings of colour around it: an old travel poster."""
    width, height = size
    centre = (width * chance.uniform(0.3, 0.7), height * chance.uniform(0.4, 0.6))
    picture = brush.gradient(size, [palette.soft, palette.light])
    count, reach = chance.choice((12, 16, 20)), width + height
    turn = chance.uniform(0, pi)
    for ray in range(count):
        angle, half = turn + 2 * pi * ray / count, pi / count / 2
        ends = [
            (centre[0] + reach * cos(angle + side), centre[1] + reach * sin(angle + side))
            for side in (-half, half)
        ]
        brush.shape(picture, [centre, *ends], palette.middle, 0.6)
    radius = min(size) * chance.uniform(0.3, 0.38)
    for share, colour in zip(
        (1.0, 0.84, 0.66, 0.46), (palette.dark, palette.deep, palette.accent, palette.light),
        strict=True,
    ):  # fmt: skip
        brush.disc(picture, centre, radius * share, colour)
    return picture


def waves(size: Size, palette: Palette, chance: Random) -> "Image":
    """Rows of overlapping scales, each a fan of rings."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - Pillow, 17 ms

    width, height = size
    cell = max(min(size) / chance.choice((5, 6, 8)), 6)
    fine = max(int(cell * brush.SMOOTH), 4)
    rows = int(height / (cell / 4)) + 6
    picture = Image.new("RGB", size, palette.deep)
    stamps = [_fan(fine, palette, chance) for _ in range(4)]
    mask = Image.new("L", (fine, fine))
    ImageDraw.Draw(mask).ellipse((0, 0, fine - 1, fine - 1), 255)
    small = mask.reduce(brush.SMOOTH)
    for row in range(rows):
        shift = cell / 2 if row % 2 else 0
        for column in range(-1, int(width / cell) + 2):
            at = (int(column * cell + shift), int(row * cell / 4 - cell))
            picture.paste(chance.choice(stamps), at, small)
    return picture


def _fan(fine: int, palette: Palette, chance: Random) -> "Image":
    from PIL import Image, ImageDraw  # noqa: PLC0415 - Pillow, 17 ms

    start = chance.randrange(3)
    colours = [
        palette.light,
        palette.middle,
        palette.accent,
        palette.deep,
        palette.soft,
        palette.dark,
    ]
    stamp = Image.new("RGB", (fine, fine))
    pen = ImageDraw.Draw(stamp)
    for ring in range(5):
        inset = fine * ring / 10
        box = (inset, inset, fine - 1 - inset, fine - 1 - inset)
        pen.ellipse(box, fill=colours[(start + ring) % len(colours)])
    return stamp.reduce(brush.SMOOTH)


def _figure(pen: "ImageDraw", side: int, ink: str, chance: Random) -> None:
    """One of five figures, turned by chance."""
    corner = chance.choice(((0, 0), (side, 0), (0, side), (side, side)))
    x, y = corner
    match chance.randrange(5):
        case 0 | 1:
            pen.ellipse((x - side, y - side, x + side, y + side), fill=ink)
        case 2:
            pen.ellipse((x - side // 2, 0, x + side // 2, side), fill=ink)
        case 3:
            pen.polygon([corner, (side - x, y), (x, side - y)], fill=ink)
        case _:
            pen.ellipse((side * 0.2, side * 0.2, side * 0.8, side * 0.8), fill=ink)
