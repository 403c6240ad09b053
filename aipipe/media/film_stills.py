"""Single pictures of a video, at times that are asked for."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from aipipe.media import film_facts
from aipipe.media.containers import opened

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import InputContainer
    from PIL.Image import Image

FAR = 8.0
"""Seconds from which on it is quicker to jump ahead than to decode what lies between."""
QUICK_TURNS = {90: "ROTATE_90", 180: "ROTATE_180", 270: "ROTATE_270"}


def stills(path: Path, times: Sequence[float], facts: film_facts.Facts) -> "Iterator[Image]":
    """What is seen at each of the times (seconds from the beginning, rising), upright.

    Raises:
        StepError: `media.unreadable`.
    """
    with opened(path) as given:
        given.streams.video[0].thread_type = "AUTO"
        for frame in _frames_at(given, [facts.start + time for time in times]):
            yield _upright(frame, facts)


def _frames_at(given: "InputContainer", times: Sequence[float]) -> "Iterator[VideoFrame]":
    """The last frame that is not after each time; the first, where none is before."""
    coming = _decoded(given)
    shown = following = next(coming)
    for time in times:
        if time - (following.time or 0.0) > FAR:
            coming = _jumped(given, time)
            shown = following = next(coming, shown)
        while (following.time or 0.0) <= time:
            shown = following
            following = next(coming, None) or shown
            if following is shown:
                break
        yield shown


def _jumped(given: "InputContainer", time: float) -> "Iterator[VideoFrame]":
    """Frames from the last key frame before a time on."""
    track = given.streams.video[0]
    given.seek(round(time / (track.time_base or 1)), stream=track)
    return _decoded(given)


def _decoded(given: "InputContainer") -> "Iterator[VideoFrame]":
    return (frame for frame in given.decode(given.streams.video[0]) if frame.pts is not None)


def _upright(frame: "VideoFrame", facts: film_facts.Facts) -> "Image":
    from PIL import Image  # noqa: PLC0415 - Pillow, 17 ms

    to_image: Callable[[], Image.Image] = frame.to_image
    picture = to_image()
    if facts.turn:
        picture = picture.transpose(Image.Transpose[QUICK_TURNS[facts.turn]])
    return picture if picture.size == facts.size else picture.resize(facts.size)
