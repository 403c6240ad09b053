"""A calm sea, a headland, and a lighthouse on it."""

from random import Random
from typing import TYPE_CHECKING

from aipipe.media.palettes import Palette, mixed
from aipipe.media.scenes import brush, details
from aipipe.media.scenes.brush import Size

if TYPE_CHECKING:
    from PIL.Image import Image


def sea(size: Size, palette: Palette, chance: Random) -> "Image":
    """A calm sea with its light, a headland, and a lighthouse on it."""
    width, height = size
    horizon = height * chance.uniform(0.5, 0.6)
    picture = brush.gradient(size, [palette.deep, palette.middle, palette.soft, palette.light])
    sun = details.sun(picture, palette, chance, level=0.36)
    water = brush.gradient(size, [palette.soft, palette.soft, palette.middle, palette.dark])
    brush.shape(picture, [(0, horizon), (width, horizon), (width, height), (0, height)], water)
    for _ in range(70):
        depth = chance.random() ** 1.6
        y = horizon + depth * (height - horizon)
        half = width * chance.uniform(0.01, 0.07) * (0.3 + depth)
        x = chance.gauss(sun, width * (0.05 + 0.16 * depth))
        thick = max(height * 0.004 * (0.4 + depth), 0.6)
        brush.shape(
            picture, [(x - half, y), (x, y - thick), (x + half, y), (x, y + thick)],
            palette.light, 0.65 - 0.4 * depth,
        )  # fmt: skip
    _headland(picture, palette, chance, horizon, right=sun < width / 2)
    return picture


def _headland(
    picture: "Image", palette: Palette, chance: Random, horizon: float, *, right: bool
) -> None:
    """Rocks at one side, far ones lighter, and a lighthouse with its beam on the nearest."""
    width, height = picture.size
    for near in (0.0, 1.0):
        reach = width * (0.5 - 0.16 * near) * chance.uniform(0.9, 1.1)
        rise = height * (0.1 + 0.1 * near)
        foot = horizon + height * (0.01 + 0.12 * near)
        points = brush.ridge((int(reach), int(foot)), foot - rise * 0.55, rise * 0.4, chance)
        sloped = [(x, y + (x / reach) ** 2.2 * rise * 1.3) for x, y in points[:-2]]
        rocks = [*(p for p in sloped if p[1] < foot - 1)]
        rocks += [(rocks[-1][0] if rocks else 0, foot), (0, foot)]
        placed = [(width - x if right else x, y) for x, y in rocks]
        brush.shape(picture, placed, mixed(palette.deep, palette.dark, 0.3 + 0.7 * near))
    x = width * (0.88 if right else 0.12)
    ground = min(placed[:-2], key=lambda point: abs(point[0] - x))[1] + height * 0.02
    _lighthouse(picture, palette, (x, ground), min(width, height) * 0.3, left=right)


def _lighthouse(
    picture: "Image", palette: Palette, at: tuple[float, float], tall: float, *, left: bool
) -> None:
    x, ground = at
    top, wide = ground - tall, tall * 0.085
    reach = -picture.width if left else picture.width
    beam = [(x, top - tall * 0.02), (x + reach, top - tall * 0.3), (x + reach, top + tall * 0.16)]
    brush.shape(picture, beam, palette.accent, 0.22)
    for stripe in range(5):
        upper, lower = 1 - stripe / 5, 1 - (stripe + 1) / 5
        a, b = wide * (1.55 - 0.55 * upper), wide * (1.55 - 0.55 * lower)
        y, z = ground - tall * upper, ground - tall * lower + 1
        colour = palette.light if stripe % 2 else mixed(palette.accent, palette.dark, 0.25)
        brush.shape(picture, [(x - a, y), (x + a, y), (x + b, z), (x - b, z)], colour)
    roof = [
        (x - wide * 1.2, top - tall * 0.07),
        (x, top - tall * 0.15),
        (x + wide * 1.2, top - tall * 0.07),
    ]
    room = [
        (x - wide * 0.8, top - tall * 0.07),
        (x + wide * 0.8, top - tall * 0.07),
        (x + wide * 0.8, top),
        (x - wide * 0.8, top),
    ]
    brush.shape(picture, room, palette.light)
    brush.shape(picture, roof, palette.dark)
    brush.glow(picture, (x, top - tall * 0.035), tall * 0.4, palette.accent, 0.9)
