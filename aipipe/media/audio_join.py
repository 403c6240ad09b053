"""Sounds one after the other."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from aipipe.media.audio import Sound, samples_of, silence, sound_of

HIGHEST_RATE = 48_000


def common(paths: Sequence[Path]) -> Sound:
    """A layout in which none of the sounds loses anything that can be heard."""
    sounds = [sound_of(path) for path in paths]
    rate = min(HIGHEST_RATE, max(sound.rate for sound in sounds))
    return Sound(rate=rate, channels=max(sound.channels for sound in sounds))


def joined(
    paths: Sequence[Path], sound: Sound, gap: float, *, begun: Callable[[int], None]
) -> Iterator[bytes]:
    """All of them, laid out as `sound`, with `gap` seconds of silence between.

    `begun` is told the place of each as it begins.
    """
    for place, path in enumerate(paths):
        begun(place)
        if place:
            yield from silence(round(gap * sound.rate), sound)
        yield from samples_of(path, sound)
