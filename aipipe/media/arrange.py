"""Where pictures of different sizes go on one sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log
from statistics import median

Size = tuple[int, int]
Box = tuple[int, int, int, int]

WELL_SHAPED = 1.4
"""Width by height of the sheet that a grid comes near to when nobody says how many columns."""
COST_OF_A_HOLE = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """The sheet's size, and a place (left, top, right, bottom; pixels) for each picture."""

    size: Size
    places: tuple[Box, ...]
    caption: int
    """Pixels of height under each place that are kept for its caption."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spacing:
    """Pixels between pictures, around all of them, and for a caption below each."""

    between: int
    caption: int


def grid(sizes: Sequence[Size], columns: int, space: Spacing, *, crop: bool) -> Arrangement:
    """Cells of one width, row by row; a last row with fewer pictures stands in the middle.

    With `crop` all cells are of one height too; else a row is as high as its pictures need.
    """
    width, most = cell_of(sizes)
    across, top, places = width + space.between, space.between, []
    for start in range(0, len(sizes), columns):
        row = sizes[start : start + columns]
        height = most if crop else max(_height_in(size, (width, most)) for size in row)
        left = space.between + (columns - len(row)) * across // 2
        for column in range(len(row)):
            x = left + column * across
            places.append((x, top, x + width, top + height))
        top += height + space.caption + space.between
    total = (columns * across + space.between, top)
    return Arrangement(size=total, places=tuple(places), caption=space.caption)


def row(sizes: Sequence[Size], space: Spacing) -> Arrangement:
    """All of one height, side by side, each as wide as its shape wants."""
    height = round(median(size[1] for size in sizes))
    left, places = space.between, []
    for width, own in sizes:
        wide = max(round(width * height / own), 1)
        places.append((left, space.between, left + wide, space.between + height))
        left += wide + space.between
    total = (left, height + space.caption + 2 * space.between)
    return Arrangement(size=total, places=tuple(places), caption=space.caption)


def column(sizes: Sequence[Size], space: Spacing) -> Arrangement:
    """All of one width, one below the other, each as high as its shape wants."""
    width = round(median(size[0] for size in sizes))
    top, places = space.between, []
    for own, height in sizes:
        high = max(round(height * width / own), 1)
        places.append((space.between, top, space.between + width, top + high))
        top += high + space.caption + space.between
    return Arrangement(
        size=(width + 2 * space.between, top), places=tuple(places), caption=space.caption
    )


def columns_for(sizes: Sequence[Size]) -> int:
    """As many columns as make a well-shaped sheet with few holes."""
    width, height = cell_of(sizes)
    count = len(sizes)

    def cost(columns: int) -> float:
        rows = ceil(count / columns)
        shape = abs(log(columns * width / (rows * height) / WELL_SHAPED))
        return shape + COST_OF_A_HOLE * (rows * columns - count) / count

    return min(range(1, count + 1), key=cost)


def cell_of(sizes: Sequence[Size]) -> Size:
    """One size for all: what most have, and room for both upright and wide ones."""
    return round(median(s[0] for s in sizes)), round(median(s[1] for s in sizes))


def _height_in(size: Size, cell: Size) -> int:
    """How high a picture of a size is in a cell, with all of it in view."""
    return min(max(round(size[1] * cell[0] / size[0]), 1), cell[1])


def scaled(sizes: Sequence[Size], share: float) -> list[Size]:
    """All sizes by one share, at least a pixel a side."""
    return [(max(round(w * share), 1), max(round(h * share), 1)) for w, h in sizes]
