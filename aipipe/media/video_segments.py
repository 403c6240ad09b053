"""A video in parts that together have all its pictures and all its sound, encoded anew."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from aipipe.media.audio import Sound, frames_from, samples_of, silence, sound_of
from aipipe.media.audio_files import stop_if
from aipipe.media.audio_reader import Reader
from aipipe.media.audio_segments import Segment
from aipipe.media.containers import MUXERS, opened, write_options
from aipipe.media.reencode import pictures_to
from aipipe.media.transcode import SoundWriter, add_sound
from aipipe.media.unfinished import whole_or_gone

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import InputContainer, OutputContainer


def segments(
    path: Path,
    cuts: Iterable[float],
    target: Callable[[], Path],
    *,
    cancelled: Callable[[], bool],
) -> Iterator[Segment]:
    """The parts of a video, each written to a fresh `target()`, cut before the next picture.

    Raises:
        CancelledError: `cancelled()` became true.
        StepError: `media.unreadable`.
    """
    with opened(path) as seen:
        reel = _Reel(shown=_shown(seen), heard=_heard(path, seen), cancelled=cancelled)
        for cut in chain(cuts, (None,)):
            if reel.next is None:
                return
            written, start = target(), reel.at
            with whole_or_gone(written), opened(path) as template:
                _write(reel, cut, template, written)
            yield Segment(path=written, start=start, end=reel.at)


@dataclass(slots=True)
class _Heard:
    """The sound of a video, read as far as its pictures are."""

    reader: Reader
    at: int = 0

    @property
    def sound(self) -> Sound:
        """How it is laid out."""
        return self.reader.sound

    def until(self, seconds: float) -> bytes:
        """The samples up to a time; silence, where the sound is over."""
        wanted = max(0, round(seconds * self.sound.rate) - self.at)
        self.at += wanted
        return self.reader.take(wanted).ljust(wanted * self.sound.width, b"\0")

    def rest(self) -> Iterator[bytes]:
        """What outlasts the pictures."""
        return self.reader.rest()


@dataclass(slots=True)
class _Reel:
    """A video that is played once, from its beginning to its end."""

    shown: "Iterator[VideoFrame]"
    heard: list[_Heard]
    cancelled: Callable[[], bool]
    next: "VideoFrame | None" = field(default=None, init=False)
    origin: float = field(default=0.0, init=False)
    at: float = field(default=0.0, init=False)
    """Seconds from the first picture to the next one, or to the end."""

    def __post_init__(self) -> None:
        self.next = next(self.shown, None)
        self.origin = (self.next.time or 0.0) if self.next else 0.0

    def until(self, cut: float | None) -> "Iterator[VideoFrame]":
        """The pictures up to a time; None: all that are left."""
        while (frame := self.next) is not None and (cut is None or self.at < cut):
            stop_if(self.cancelled)
            lasts = float((frame.duration or 0) * (frame.time_base or 0))
            self.next = next(self.shown, None)
            time = self.next.time if self.next else (frame.time or 0.0) + lasts
            self.at = (time or 0.0) - self.origin
            yield frame


def _shown(given: "InputContainer") -> "Iterator[VideoFrame]":
    given.streams.video[0].thread_type = "AUTO"
    return given.decode(given.streams.video[0])


def _heard(path: Path, given: "InputContainer") -> "list[_Heard]":
    """The sound, beginning with the pictures; none, where there is none."""
    if not given.streams.audio:
        return []
    sound = sound_of(path)
    tracks = (given.streams.audio[0], given.streams.video[0])
    heard, seen = (float((t.start_time or 0) * (t.time_base or 0)) for t in tracks)
    late = max(0, round((heard - seen) * sound.rate))
    return [_Heard(Reader(chain(silence(late, sound), samples_of(path, sound)), sound))]


def _write(reel: _Reel, cut: float | None, template: "InputContainer", path: Path) -> None:
    import av  # noqa: PLC0415 - 60 ms

    extension = path.suffix.removeprefix(".")
    options = write_options(extension)
    with av.open(str(path), "w", format=MUXERS[extension], options=options) as written:
        pictures = pictures_to(template, written, extension, 1.0)
        sounds = [_writer(heard, written, extension) for heard in reel.heard]
        first = reel.next.pts if reel.next else 0
        for frame in reel.until(cut):
            frame.pts = (frame.pts or 0) - (first or 0)
            pictures.push(frame)
            for heard, writer in zip(reel.heard, sounds, strict=True):
                _push((heard.until(reel.at),), heard.sound, writer)
        pictures.push(None)
        for heard, writer in zip(reel.heard, sounds, strict=True):
            if reel.next is None:
                _push(heard.rest(), heard.sound, writer)
            writer.push(None)


def _writer(heard: "_Heard", written: "OutputContainer", extension: str) -> SoundWriter:
    sound = heard.sound
    return SoundWriter(written, add_sound(written, extension, sound.rate, sound.channels))


def _push(blocks: Iterable[bytes], sound: Sound, writer: SoundWriter) -> None:
    for frame in frames_from(blocks, sound):
        writer.push(frame)
