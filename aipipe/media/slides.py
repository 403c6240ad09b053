"""Pictures as shots of a film: standing still, or with a camera that moves over them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from aipipe.media import moves, pictures, planes, shots
from aipipe.media.clips import DETAIL
from aipipe.media.film_frames import Look, fitted
from aipipe.media.parts import naming
from aipipe.media.shots import Shot

if TYPE_CHECKING:
    from av import VideoFrame
    from PIL.Image import Image

KEN_BURNS = "ken_burns"
LARGEST = 1920
"""Pixels a side of a frame whose size nobody asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slide:
    """A picture, and for how long it is seen before the next takes its place."""

    path: Path
    name: str
    """Which part it is, for messages."""
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """Pictures in order, and how they go by."""

    slides: Sequence[Slide]
    look: Look
    move: str
    """`none`, or `ken_burns`: a camera moves, and a picture fills the frame."""
    crossfade: int
    """Frames for which a picture still is seen under the next."""

    @property
    def lengths(self) -> list[int]:
        """Frames of each slide, so that each begins when its sound does, however many there are."""
        ends = accumulate(slide.seconds for slide in self.slides)
        marks = [0, *(round(end * self.look.rate) for end in ends)]
        return [max(stop - start, 1) for start, stop in pairwise(marks)]


def usual_size(path: Path) -> tuple[int, int]:
    """The frame's size where nobody says: the picture's, reduced if it is large.

    Raises:
        StepError: `media.unreadable`.
    """
    return pictures.shrunk(pictures.displayed_size(path), LARGEST)


def frames_of(show: Show) -> "Iterator[VideoFrame]":
    """All frames. A slide begins to appear at its time; the one before goes on below it.

    Raises:
        StepError: `media.unreadable`.
    """
    lengths = show.lengths
    shared = [*(min(show.crossfade, length // 2) for length in lengths[1:]), 0]
    made = [
        Shot(frames=length + also, opened=partial(_slide, show, place, length + also))
        for place, (length, also) in enumerate(zip(lengths, shared, strict=True))
    ]
    return shots.joined(made, shared[:-1])


def _slide(show: Show, place: int, frames: int) -> "Iterator[VideoFrame]":
    slide = show.slides[place]
    with naming(slide.name):
        picture = pictures.flattened(pictures.read(slide.path), show.look.background)
    size = show.look.size
    if show.move != KEN_BURNS:
        yield _still(picture, show.look)
        return
    kept = (round(size[0] * DETAIL), round(size[1] * DETAIL))
    shown = planes.planes_of(_filling(picture, kept))
    move = moves.named(moves.AUTO, "", place)
    for box in moves.boxes(move, frames, shown.size):
        yield planes.view(shown, box, size, None)


def _still(picture: "Image", look: Look) -> "VideoFrame":
    """The whole picture in the middle of a frame."""
    from PIL import Image  # noqa: PLC0415 - Pillow, 17 ms

    paper = Image.new("RGB", look.size, look.background)
    inside = fitted(picture.size, look.size)
    small = picture.resize(inside, Image.Resampling.LANCZOS)
    left, top = ((whole - own) // 2 for whole, own in zip(look.size, inside, strict=True))
    paper.paste(small, (left, top))
    whole = (0.0, 0.0, float(look.size[0]), float(look.size[1]))
    return planes.view(planes.planes_of(paper), whole, look.size, None)


def _filling(picture: "Image", size: tuple[int, int]) -> "Image":
    from PIL import Image, ImageOps  # noqa: PLC0415 - Pillow, 17 ms

    return ImageOps.fit(picture, size, Image.Resampling.LANCZOS)
