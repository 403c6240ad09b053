"""Struck notes, sample by sample."""

import math
import operator
from array import array
from dataclasses import dataclass, field

from aipipe.media.audio import Sound

PLAYED = Sound(rate=24_000, channels=2)
"""How music is laid out."""
WAVE = 4096
"""Places in one turn of a tone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One note: when and how long (samples), how high (Hz), how loud, and from where."""

    start: int
    length: int
    frequency: float
    loudness: float
    place: str = "middle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """Plays notes, each of them once: the same note again is remembered."""

    wave: list[float]
    decays: dict[int, list[float]] = field(default_factory=dict)
    known: dict[tuple[float, int], "array[float]"] = field(default_factory=dict)

    def played(self, note: Note) -> "array[float]":
        """The samples of a struck note that dies away."""
        key = (note.frequency, note.length)
        if key not in self.known:
            self.known[key] = self._struck(note)
        return self.known[key]

    def _struck(self, note: Note) -> "array[float]":
        if note.length not in self.decays:
            self.decays[note.length] = _decay(note.length)
        step = round(note.frequency * WAVE / PLAYED.rate * 4096)
        phases = range(0, step * note.length, step)
        tone = [self.wave[phase >> 12 & WAVE - 1] * note.loudness for phase in phases]
        return array("d", map(operator.mul, tone, self.decays[note.length]))


def instrument_of(timbre: tuple[float, ...]) -> Instrument:
    """An instrument with overtones as loud as these."""
    return Instrument(wave=_wave(timbre))


def _wave(timbre: tuple[float, ...]) -> list[float]:
    """One turn of the tone."""
    turns = [2 * math.pi * place / WAVE for place in range(WAVE)]
    return [sum(loud * math.sin(n * at) for n, loud in enumerate(timbre, 1)) for at in turns]


def _decay(length: int) -> list[float]:
    """The loudness of a struck note, sample by sample."""
    fall, attack = math.log(0.05) / length, min(length, PLAYED.rate // 100)
    return [math.exp(place * fall) * min(1.0, place / attack) for place in range(length)]
