"""The picture and sound tracks of a file: found, decoded a little, and measured."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aipipe.errors import StepError
from aipipe.media.containers import opened

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.stream import Stream

DECLARING = ("mov", "matroska")
"""Formats whose header says how long the file is, so that a cut-off one can be told."""
QUARTER_TURNS = (90, 270)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A video: pixels as displayed, seconds."""

    width: int
    height: int
    seconds: float


def heard(path: Path) -> float:
    """The length of a sound in seconds, after decoding its beginning and reading to its end.

    Raises:
        StepError: `media.unreadable`.
    """
    with opened(path) as container:
        if not container.streams.audio:
            raise StepError("media.unreadable", "it has no sound track")
        stream = container.streams.audio[0]
        if next(container.decode(stream), None) is None:
            raise StepError("media.unreadable", "its sound track is empty")
        return _length(container, stream)


def seen(path: Path) -> Seen:
    """The size and length of a video, after decoding its first picture and reading to its end.

    Raises:
        StepError: `media.unreadable`.
    """
    with opened(path) as container:
        if not container.streams.video:
            raise StepError("media.unreadable", "it has no picture track")
        stream = container.streams.video[0]
        first = next(container.decode(stream), None)
        if first is None:
            raise StepError("media.unreadable", "its picture track is empty")
        width, height = first.width, first.height
        if abs(first.rotation) % 360 in QUARTER_TURNS:
            width, height = height, width
        return Seen(width=width, height=height, seconds=_length(container, stream))


def _length(container: "InputContainer", stream: "Stream") -> float:
    """Seconds up to the end of the last packet that is really there.

    Raises:
        StepError: `media.unreadable`, when much less is there than the file's header says.
    """
    found = _reach(container, stream)
    declared = container.duration / 1_000_000 if container.duration else None
    named = container.format.name
    if declared and any(name in named for name in DECLARING) and _cut_off(found, declared, stream):
        raise StepError("media.unreadable", f"it is cut off at {found:.1f} s of {declared:.1f} s")
    return round(found, 3)


def _cut_off(found: float, declared: float, stream: "Stream") -> bool:
    """Whether this track ends well before it should; tracks of one file may differ in length."""
    own = float(stream.duration * stream.time_base) if stream.duration and stream.time_base else 0.0
    return found < 0.9 * (own or declared) - 1.0


def _reach(container: "InputContainer", stream: "Stream") -> float:
    """Seconds from the first to the end of the last packet of one track, without decoding."""
    container.seek(0, stream=None)
    first, last = None, 0
    for packet in container.demux(stream):
        if packet.pts is None:
            continue
        first = packet.pts if first is None else min(first, packet.pts)
        last = max(last, packet.pts + (packet.duration or 0))
    base = stream.time_base
    return float((last - max(first or 0, 0)) * base) if base else 0.0
