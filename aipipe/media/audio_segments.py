"""A sound in parts that together have all its samples."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from aipipe.media.audio import BLOCK, samples_of, sound_of
from aipipe.media.audio_files import write_sound
from aipipe.media.audio_reader import Reader

LOSSLESS = ("wav", "flac")


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A part that was written, and from when to when it goes, in seconds."""

    path: Path
    start: float
    end: float


def format_of(extension: str, wanted: str | None) -> str:
    """What parts are written as: the format asked for, else one that loses nothing."""
    return wanted or (extension if extension in LOSSLESS else "flac")


def segments(
    path: Path,
    cuts: Iterable[float],
    target: Callable[[], Path],
    *,
    cancelled: Callable[[], bool],
) -> Iterator[Segment]:
    """The sound in a file, each part written to a fresh `target()`.

    Raises:
        CancelledError: `cancelled()` became true.
        StepError: `media.unreadable`, `media.no_sound`.
    """
    sound = sound_of(path)
    reader = Reader(samples_of(path, sound), sound)
    start = 0
    for cut in chain(cuts, (None,)):
        if reader.ended:
            return
        written = target()
        length = None if cut is None else round(cut * sound.rate) - start
        write_sound(written, _next(reader, length), sound, cancelled=cancelled)
        yield Segment(path=written, start=start / sound.rate, end=reader.at / sound.rate)
        start = reader.at


def _next(reader: Reader, samples: int | None) -> Iterator[bytes]:
    """The next so many samples; None: all that are left."""
    if samples is None:
        yield from reader.rest()
        return
    while samples > 0 and (block := reader.take(min(BLOCK, samples))):
        samples -= len(block) // reader.sound.width
        yield block
