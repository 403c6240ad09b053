"""How a camera moves over a still picture: for every frame, the part that is seen."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

Box = tuple[float, float, float, float]
"""Left, top, right, bottom; pixels of the picture, whole or not."""

MOTIONS = ("zoom_in", "zoom_out", "pan_left", "pan_right")
AUTO = "auto"
ZOOM = 0.18
"""How much of its width the view loses over a whole zoom."""
PAN = 0.14
"""How much of the width a pan crosses."""
HINTS = (
    (r"\b(zoom|pull|dolly|move)\w*[ _](out|back)", "zoom_out"),
    (r"\b(zoom|push|dolly|move)\w*[ _]in", "zoom_in"),
    (r"\bpan\w*[ _](to the )?right|truck right", "pan_right"),
    (r"\bpan\w*[ _](to the )?left|truck left", "pan_left"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """The view of the first and of the last frame, as shares of the picture."""

    first: Box
    last: Box


def named(name: str, words: str, choice: int) -> Move:
    """The move of this name; for `auto` the one that the words ask for, else one by `choice`."""
    if name not in MOTIONS:
        asked = (motion for pattern, motion in HINTS if re.search(pattern, words.lower()))
        name = next(asked, MOTIONS[choice % len(MOTIONS)])
    x, y = ((0.5, 0.5), (0.42, 0.45), (0.58, 0.45), (0.5, 0.6))[choice // 7 % 4]
    whole, close = (0.0, 0.0, 1.0, 1.0), _view(1 - ZOOM, x, y)
    left, right = _view(1 - PAN, 0, 0.5), _view(1 - PAN, 1, 0.5)
    match name:
        case "zoom_in":
            return Move(first=whole, last=close)
        case "zoom_out":
            return Move(first=close, last=whole)
        case "pan_left":
            return Move(first=right, last=left)
        case _:
            return Move(first=left, last=right)


def boxes(move: Move, frames: int, size: tuple[int, int]) -> Iterator[Box]:
    """What each of the frames sees of a picture of this size; starts and ends gently."""
    for frame in range(frames):
        share = _eased(frame / max(frames - 1, 1))
        left, top, right, bottom = (
            a + (b - a) * share for a, b in zip(move.first, move.last, strict=True)
        )
        yield left * size[0], top * size[1], right * size[0], bottom * size[1]


def _view(share: float, x: float, y: float) -> Box:
    """A view of a share of the picture, at `x`, `y` of the room that is left (0 to 1)."""
    room = 1 - share
    return room * x, room * y, room * x + share, room * y + share


def _eased(share: float) -> float:
    """Slow at both ends, but never standing still for long."""
    return 0.35 * share + 0.65 * share * share * (3 - 2 * share)
