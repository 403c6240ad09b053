"""The picture and sound tracks of a file: found, decoded a little, and measured."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aipipe.errors import StepError
from aipipe.media.containers import opened
from aipipe.media.lengths import is_cut_off

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.stream import Stream

DECLARING = ("matroska", "flac")
"""Formats that tell in the header how long the sound or video is, so that a lack can be told."""
SLACK = 1.0
"""Seconds that may be missing: what a header declares is often rounded."""
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
        return _length(path, container, stream)


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
        return Seen(width=width, height=height, seconds=_length(path, container, stream))


def _length(path: Path, container: "InputContainer", stream: "Stream") -> float:
    """Seconds up to the end of the last packet of a track that is really there.

    Raises:
        StepError: `media.unreadable`, when the file is cut off.
    """
    if is_cut_off(path):
        raise StepError("media.unreadable", "it is cut off")
    found = lengths(container)
    whole = (container.duration or 0) / 1_000_000
    longest = max(found.values(), default=0.0)
    declares = any(name in container.format.name for name in DECLARING)
    if declares and longest < 0.9 * whole - SLACK:
        raise StepError("media.unreadable", f"it is cut off at {longest:.1f} s of {whole:.1f} s")
    return round(found.get(stream.index, 0.0), 3)


def lengths(container: "InputContainer") -> dict[int, float]:
    """Seconds from the first to the end of the last packet of each track, without decoding."""
    container.seek(0, stream=None)
    spans: dict[int, tuple[int, int]] = {}
    for packet in container.demux():
        if packet.pts is None:
            continue
        start, end = packet.pts, packet.pts + (packet.duration or 0)
        first, last = spans.get(packet.stream_index, (start, end))
        spans[packet.stream_index] = (min(first, start), max(last, end))
    return {
        stream.index: float((last - max(first, 0)) * stream.time_base)
        for stream in container.streams
        if stream.time_base and (found := spans.get(stream.index))
        for first, last in (found,)
    }
