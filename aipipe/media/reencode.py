"""Sound and video files in another format or size: copied where the format allows, else encoded."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aipipe.errors import CancelledError, StepError
from aipipe.media.audio import decoded
from aipipe.media.containers import MUXERS, opened, write_options
from aipipe.media.transcode import (
    COPIED,
    SoundWriter,
    add_pictures,
    add_sound,
    copy_packets,
)
from aipipe.media.unfinished import whole_or_gone

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import InputContainer, OutputContainer
    from av.filter import Graph
    from av.packet import Packet
    from av.video.stream import VideoStream

LARGEST = 8192
"""Pixels a side of the largest video that is made here."""
TURNS = {90: "transpose=cclock", 180: "hflip,vflip", 270: "transpose=clock"}
"""What sets a picture upright that the file says to turn by so many degrees (counterclockwise)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Who wants to know how far it is, and may want it stopped."""

    report: Callable[[float, str], None] = lambda _fraction, _phase: None
    cancelled: Callable[[], bool] = lambda: False


def sound(source: Path, target: Path) -> None:
    """Write the first sound track of `source` in the format of the target's extension.

    Raises:
        StepError: `media.unreadable`.
    """
    import av  # noqa: PLC0415 - 60 ms

    extension = target.suffix.removeprefix(".").lower()
    form, options = MUXERS[extension], write_options(extension)
    with (
        opened(source) as given,
        av.open(str(target), "w", format=form, options=options) as written,
    ):
        if not given.streams.audio:
            raise StepError("media.unreadable", "it has no sound track")
        track = given.streams.audio[0]
        writer = SoundWriter(written, add_sound(written, extension, track.rate, track.channels))
        for frame in decoded(given, track):
            writer.push(frame)
        writer.push(None)


def video(source: Path, target: Path) -> None:
    """Write `source`, pictures and sound, in the format of the target's extension.

    Raises:
        StepError: `media.unreadable`.
    """
    with _both(source, target) as (given, written, extension):
        tracks = [*given.streams.video[:1], *given.streams.audio[:1]]
        if (
            extension != "webm"
            and {track.codec_context.codec.canonical_name for track in tracks} <= COPIED
        ):
            copy_packets(given, written, tracks)
        else:
            _encode(given, written, extension, 1.0, Watch())


def enlarged(source: Path, target: Path, factor: float, watch: Watch) -> None:
    """Write `source` `factor` times as wide and high, with its sound and rate.

    Raises:
        StepError: `media.unreadable`, `local.size`.
        CancelledError: nothing is left behind.
    """
    with whole_or_gone(target), _both(source, target) as (given, written, extension):
        _encode(given, written, extension, factor, watch)
        watch.report(1.0, "encoding")


@contextmanager
def _both(source: Path, target: Path) -> "Iterator[tuple[InputContainer, OutputContainer, str]]":
    """A video for reading, a file for writing, and the latter's format."""
    import av  # noqa: PLC0415 - 60 ms

    extension = target.suffix.removeprefix(".").lower()
    form, options = MUXERS[extension], write_options(extension)
    with (
        opened(source) as given,
        av.open(str(target), "w", format=form, options=options) as written,
    ):
        if not given.streams.video:
            raise StepError("media.unreadable", "it has no picture track")
        yield given, written, extension


def _encode(
    given: "InputContainer",
    written: "OutputContainer",
    extension: str,
    factor: float,
    watch: Watch,
) -> None:
    """Decode pictures and sound and encode both, in the order in which they come."""
    seen, heard = given.streams.video[0], given.streams.audio[:1]
    seen.thread_type = "AUTO"
    pictures = pictures_to(given, written, extension, factor)
    sounds = [
        SoundWriter(written, add_sound(written, extension, t.rate, t.channels)) for t in heard
    ]
    packets: Iterator[Packet[Any]] = given.demux(seen, *heard)
    for packet in packets:
        if watch.cancelled():
            raise CancelledError
        frames: list[Any] = packet.decode()
        for frame in frames:
            if packet.stream is seen:
                pictures.push(frame)
                watch.report(_fraction(frame, given), "encoding")
            else:
                sounds[0].push(frame)
    pictures.push(None)
    for writer in sounds:
        writer.push(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pictures:
    """A picture track that takes frames as they were decoded, and encodes them changed."""

    written: "OutputContainer"
    target: "VideoStream"
    graph: "Graph"

    def push(self, frame: "VideoFrame | None") -> None:
        """Encode a frame; None: no more comes."""
        import av  # noqa: PLC0415 - 60 ms

        self.graph.vpush(frame)
        while True:
            try:
                ready = self.graph.vpull()
            except (av.BlockingIOError, av.EOFError):
                break
            ready.pict_type = 0  # the source's own would force the encoder's hand
            self.written.mux(self.target.encode(ready))
        if frame is None:
            self.written.mux(self.target.encode(None))


def pictures_to(
    given: "InputContainer", written: "OutputContainer", extension: str, factor: float
) -> _Pictures:
    """The track to write: upright, scaled, even on both sides, in the source's own times."""
    import av  # noqa: PLC0415 - 60 ms

    source = given.streams.video[0]
    first = next(given.decode(source), None)
    if first is None:
        raise StepError("media.unreadable", "its picture track is empty")
    given.seek(0)
    turn = round(first.rotation / 90) * 90 % 360
    upright = (first.height, first.width) if turn in (90, 270) else (first.width, first.height)
    width, height = (max(round(side * factor / 2) * 2, 2) for side in upright)
    if max(width, height) > LARGEST:
        message = f"a video of {width}x{height} pixels is more than {LARGEST} a side"
        raise StepError("local.size", message, hint="choose a smaller factor")
    target = add_pictures(written, extension, width, height, source.average_rate or Fraction(25))
    target.codec_context.time_base = source.time_base or Fraction(1, 25)
    scaled = [TURNS[turn]] if turn else []
    scaled += [f"scale={width}:{height}:flags=lanczos", "setsar=1", "format=yuv420p"]
    graph = av.filter.Graph()
    nodes = [graph.add_buffer(template=source)]
    nodes += [graph.add(*each.split("=", 1)) for part in scaled for each in part.split(",")]
    graph.link_nodes(*nodes, graph.add("buffersink")).configure()
    return _Pictures(written=written, target=target, graph=graph)


def _fraction(frame: "VideoFrame", given: "InputContainer") -> float:
    whole = (given.duration or 0) / 1_000_000
    return min(max((frame.time or 0.0) / whole, 0.0), 1.0) if whole else 0.0
