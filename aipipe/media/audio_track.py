"""A sound track put onto a video, whose pictures are copied as they are."""

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from aipipe.errors import StepError
from aipipe.media.audio import Sound, frames_from
from aipipe.media.audio_files import stop_if
from aipipe.media.containers import MUXERS, opened, write_options
from aipipe.media.transcode import SoundWriter, add_sound, copied_track, dated
from aipipe.media.unfinished import whole_or_gone

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.container import InputContainer, OutputContainer
    from av.video.stream import VideoStream

CONTAINERS = MappingProxyType(
    {
        "h264": ("mp4", "mov", "mkv"),
        "hevc": ("mp4", "mov", "mkv"),
        "mpeg4": ("mp4", "mov", "mkv"),
        "vp8": ("webm", "mkv"),
        "vp9": ("webm", "mkv", "mp4"),
        "av1": ("webm", "mkv", "mp4"),
    }
)
"""The formats that pictures of each codec can be copied into."""


def container_for(video: Path, wanted: str) -> str:
    """The extension to write: the one that is wanted, if the pictures fit into it."""
    with opened(video) as given:
        codec = _pictures(given).codec_context.codec.canonical_name
    fitting = CONTAINERS.get(codec, ("mkv",))
    return wanted if wanted in fitting else fitting[0]


def put_on(
    video: Path,
    blocks: Iterable[bytes],
    sound: Sound,
    path: Path,
    *,
    report: Callable[[float], None],
    cancelled: Callable[[], bool],
) -> None:
    """Write the pictures of `video` with this sound, in the format of the path's extension.

    Any sound that the video had is left out.

    Raises:
        CancelledError: `cancelled()` became true; the file is gone.
        StepError: `media.unreadable`.
    """
    with whole_or_gone(path), closing(_written(video, blocks, sound, path)) as fractions:
        for fraction in fractions:
            report(fraction)
            stop_if(cancelled)


def _written(
    video: Path, blocks: Iterable[bytes], sound: Sound, path: Path
) -> Generator[float, None, None]:
    import av  # noqa: PLC0415 - heavy

    extension = path.suffix.removeprefix(".")
    options = write_options(extension)
    with (
        opened(video) as given,
        av.open(str(path), "w", format=MUXERS[extension], options=options) as written,
    ):
        track = add_sound(written, extension, sound.rate, sound.channels)
        heard = _Heard(SoundWriter(written, track), frames_from(blocks, sound), sound.rate)
        yield from _copied(given, written, heard)


@dataclass(slots=True)
class _Heard:
    """The sound, encoded no further than the pictures are."""

    writer: SoundWriter
    frames: "Iterator[AudioFrame]"
    rate: int
    seconds: float = 0.0

    def until(self, seconds: float) -> None:
        while self.seconds < seconds and (frame := next(self.frames, None)):
            self.seconds += frame.samples / self.rate
            self.writer.push(frame)

    def to_the_end(self) -> None:
        for frame in self.frames:
            self.writer.push(frame)
        self.writer.push(None)


def _pictures(given: "InputContainer") -> "VideoStream":
    if not given.streams.video:
        raise StepError("media.unreadable", "the file has no picture track")
    return given.streams.video[0]


def _copied(given: "InputContainer", written: "OutputContainer", heard: _Heard) -> Iterator[float]:
    """How much is done, after each picture that was copied together with its sound."""
    source = _pictures(given)
    target = copied_track(written, source)
    total = (given.duration or 0) / 1_000_000
    for packet in dated(given.demux(source)):
        at = float((packet.dts or 0) * (source.time_base or 0))
        heard.until(at)
        packet.stream = target
        written.mux(packet)
        yield min(1.0, max(0.0, at / total)) if total else 0.0
    heard.to_the_end()
    yield 1.0
