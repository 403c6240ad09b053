"""A sound for a length of time: one that is given, cut or stretched to it, or music made for it."""

from array import array
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from aipipe.media.audio import Sound, exactly, samples_of, sound_of
from aipipe.media.audio_music import music
from aipipe.media.audio_notes import PLAYED
from aipipe.media.audio_score import score_of


def composed(
    text: str, seed: int, seconds: float, *, loop: bool = False
) -> tuple[Sound, Iterator[bytes]]:
    """Music that a text and a seed decide, and how it is laid out."""
    return PLAYED, music(score_of(text, str(seed)), seconds, loop=loop)


def fitted(path: Path, seconds: float, fit: str) -> tuple[Sound, Iterator[bytes]]:
    """The sound in a file, and how it is laid out.

    `fit` says what becomes of another length: `trim` cuts what is too long, `pad` also fills
    what is too short with silence, `loop` repeats it.
    """
    sound = sound_of(path)
    return sound, at_length(lambda: samples_of(path, sound), sound, seconds, fit)


def at_length(
    blocks: Callable[[], Iterator[bytes]], sound: Sound, seconds: float, fit: str
) -> Iterator[bytes]:
    """A sound that can be read again, cut or stretched as `fit` says."""
    samples = round(seconds * sound.rate)
    if fit == "loop":
        return exactly(samples, repeated(blocks), sound)
    if fit == "pad":
        return exactly(samples, blocks(), sound)
    return first(seconds, blocks(), sound)


def repeated(blocks: Callable[[], Iterable[bytes]]) -> Iterator[bytes]:
    """A sound again and again; nothing, where it is empty."""
    while True:
        empty = True
        for block in blocks():
            empty = empty and not block
            yield block
        if empty:
            return


def louder(blocks: Iterable[bytes], volume: float) -> Iterator[bytes]:
    """The same sound, so many times as loud; what gets too loud is cut off."""
    for block in blocks:
        if volume == 1:
            yield block
            continue
        samples = (int(sample * volume) for sample in array("h", block))
        yield array("h", [min(32_767, max(-32_768, sample)) for sample in samples]).tobytes()


def first(seconds: float, blocks: Iterable[bytes], sound: Sound) -> Iterator[bytes]:
    """At most so many seconds of a sound."""
    left = round(seconds * sound.rate) * sound.width
    for block in blocks:
        if left <= 0:
            return
        yield block[:left]
        left -= len(block)
