"""Pieces of film one after the other, each blending into the next where that is wanted."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from aipipe.errors import StepError
from aipipe.media import planes

if TYPE_CHECKING:
    from av import VideoFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A piece of film: how many frames it has, and how to get them once it is its turn."""

    frames: int
    opened: "Callable[[], Iterator[VideoFrame]]"


def overlaps(lengths: Sequence[int], wanted: int) -> list[int]:
    """How many frames each shot shares with the next: at most half of either.

    >>> overlaps([48, 48, 10], 12)
    [12, 5]
    """
    return [min(wanted, one // 2, other // 2) for one, other in pairwise(lengths)]


def joined(shots: Sequence[Shot], shared: Sequence[int]) -> "Iterator[VideoFrame]":
    """All shots in order; `shared` frames of two neighbours are blended. Two are open at most."""
    coming = held(shots[0])
    begun = 0
    for shot, common, following in zip(shots, shared, shots[1:], strict=False):
        yield from islice(coming, shot.frames - begun - common)
        leaving, coming = coming, held(following)
        for place in range(common):
            yield blended(next(leaving), next(coming), (place + 1) / (common + 1))
        begun = common
    yield from coming


def held(shot: Shot) -> "Iterator[VideoFrame]":
    """Exactly as many frames as the shot has; its last one stays where it ends too early.

    Raises:
        StepError: `media.unreadable`, when it has none.
    """
    last: VideoFrame | None = None
    number = 0
    for last in islice(shot.opened(), shot.frames):
        number += 1
        yield last
    if last is None:
        raise StepError("media.unreadable", "its picture track is empty")
    for _ in range(number, shot.frames):
        yield last


def blended(one: "VideoFrame", other: "VideoFrame", share: float) -> "VideoFrame":
    """A frame between two of one size: at 0 the one, at 1 the other."""
    import av  # noqa: PLC0415 - 60 ms
    from PIL import Image  # noqa: PLC0415 - Pillow, 17 ms

    made = av.VideoFrame(one.width, one.height, "yuv420p")
    for plane, here, there in zip(made.planes, one.planes, other.planes, strict=True):
        before, after = (planes.plane_image(p, p.width, p.height) for p in (here, there))
        plane.update(planes.rows(Image.blend(before, after, share), plane.line_size))
    return made
