"""Frames and samples into a video file, side by side, so that neither waits in memory."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from aipipe.errors import CancelledError
from aipipe.media.audio import Sound, frames_from
from aipipe.media.clips import declare_colours
from aipipe.media.containers import MUXERS, write_options
from aipipe.media.reencode import Watch
from aipipe.media.transcode import SoundWriter, add_pictures, add_sound
from aipipe.media.unfinished import whole_or_gone

if TYPE_CHECKING:
    from av import AudioFrame, VideoFrame
    from av.container import OutputContainer


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """Sound to write: how it is laid out, and its blocks of 16-bit samples."""

    sound: Sound
    blocks: Iterable[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """What is to be written."""

    size: tuple[int, int]
    """Even pixels."""
    rate: Fraction
    frames: int
    """How many pictures come; for telling how far it is."""
    pictures: "Iterator[VideoFrame]"
    """4:2:0, Rec. 709."""
    track: Track | None


def write(film: Film, path: Path, watch: Watch) -> None:
    """Write a film in the format of the path's extension.

    Raises:
        CancelledError: nothing is left behind.
        StepError: what reading its parts raises; nothing is left behind.
    """
    import av  # noqa: PLC0415 - 60 ms

    extension = path.suffix.removeprefix(".")
    options = write_options(extension)
    with (
        whole_or_gone(path),
        av.open(str(path), "w", format=MUXERS[extension], options=options) as written,
    ):
        target = add_pictures(written, extension, *film.size, film.rate)
        declare_colours(target)
        heard = _heard(film.track, written, extension)
        for number, frame in enumerate(film.pictures):
            if watch.cancelled():
                raise CancelledError
            frame.pts, frame.time_base = number, 1 / film.rate
            written.mux(target.encode(frame))
            if heard:
                heard.until((number + 1) / film.rate)
            watch.report(min((number + 1) / film.frames, 1.0), "encoding")
        written.mux(target.encode(None))
        if heard:
            heard.to_the_end()


@dataclass(slots=True)
class _Heard:
    """The sound, encoded no further than the pictures are."""

    writer: SoundWriter
    frames: "Iterator[AudioFrame]"
    seconds: Fraction = Fraction(0)

    def until(self, seconds: Fraction) -> None:
        while self.seconds < seconds and (frame := next(self.frames, None)):
            self.seconds += Fraction(frame.samples, frame.sample_rate)
            self.writer.push(frame)

    def to_the_end(self) -> None:
        for frame in self.frames:
            self.writer.push(frame)
        self.writer.push(None)


def _heard(track: Track | None, written: "OutputContainer", extension: str) -> _Heard | None:
    if track is None:
        return None
    target = add_sound(written, extension, track.sound.rate, track.sound.channels)
    return _Heard(SoundWriter(written, target), frames_from(track.blocks, track.sound))
