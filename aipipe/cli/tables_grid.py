"""Aligned columns that fit: on a narrow terminal the least important ones give way."""

from collections.abc import Sequence
from dataclasses import dataclass

from aipipe.cli.diagnostics import Look
from aipipe.cli.text import padded, width

GAP = 3
_CUT = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column. The lowest `gives` goes first where room is short; None never goes."""

    right: bool = False
    gives: int | None = None
    least: int | None = None
    """It may be cut down to so many characters before any column goes."""
    widest: int = 0
    """It is at least so wide."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A text and its style, as in `Paint`."""

    text: str = ""
    style: str = ""


Line = Sequence[Cell]
"""Fewer cells than columns are as many empty ones."""


def drawn(columns: Sequence[Column], lines: Sequence[Line], look: Look) -> list[str]:
    """The lines as text; nothing is cut or left out where there is no terminal."""
    natural = [_natural(column, index, lines) for index, column in enumerate(columns)]
    widths = _fitted(columns, natural, look.columns)
    return [_line(columns, line, widths, look) for line in lines]


def _natural(column: Column, index: int, lines: Sequence[Line]) -> int:
    found = (width(line[index].text) for line in lines if index < len(line))
    return max(column.widest, max(found, default=0))


def _fitted(columns: Sequence[Column], natural: Sequence[int], room: int | None) -> dict[int, int]:
    """The widths of the columns that stay."""
    widths = {index: each for index, each in enumerate(natural) if each}
    if room is None:
        return widths
    going = sorted(
        (index for index in widths if columns[index].gives is not None),
        key=lambda index: columns[index].gives or 0,
    )
    while True:
        over = sum(widths.values()) + GAP * (len(widths) - 1) - room
        fitted = _cut(columns, widths, over)
        if fitted is not None:
            return fitted
        if not going:
            return _forced(widths, over)
        del widths[going.pop(0)]


def _cut(columns: Sequence[Column], widths: dict[int, int], over: int) -> dict[int, int] | None:
    """The widths with `over` characters taken from what may be cut; None: that is not enough."""
    fitted = dict(widths)
    for index in sorted(fitted, reverse=True):
        least = columns[index].least
        if over > 0 and least is not None:
            taken = min(over, max(0, fitted[index] - least))
            fitted[index] -= taken
            over -= taken
    return fitted if over <= 0 else None


def _forced(widths: dict[int, int], over: int) -> dict[int, int]:
    """The widths with the first column cut, and then the others, as far as need be."""
    fitted = dict(widths)
    for index in sorted(fitted):
        taken = max(0, min(over, fitted[index] - 1))
        fitted[index] -= taken
        over -= taken
    return fitted


def _line(columns: Sequence[Column], line: Line, widths: dict[int, int], look: Look) -> str:
    parts: list[str] = []
    pending = 0
    for index, wide in widths.items():
        cell = line[index] if index < len(line) else Cell()
        text = shortened(cell.text, wide)
        fill = wide - width(text)
        before, after = (fill, 0) if columns[index].right else (0, fill)
        if text:
            painted = look.paint(cell.style, text) if cell.style else text
            parts.append(" " * (pending + before) + painted)
            pending = after + GAP
        else:
            pending += wide + GAP
    return "".join(parts)


def shortened(text: str, room: int) -> str:
    """The text, or as much of its beginning and end as fits."""
    if width(text) <= room:
        return text
    if room <= 1:
        return _CUT[:room]
    tail = min((room - 1) // 3, 12)
    end = text[len(text) - tail :] if width(text[len(text) - tail :]) == tail else ""
    start = text
    while width(start) > room - 1 - len(end):
        start = start[:-1]
    return padded(f"{start}{_CUT}{end}", room)
