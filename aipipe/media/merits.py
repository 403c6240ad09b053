"""Facts by which one of several results can be chosen."""

from array import array
from collections.abc import Callable, Mapping
from math import log10
from operator import mul
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias

from aipipe.contracts.artefact import ArtefactRef
from aipipe.contracts.tools import Sink
from aipipe.errors import StepError
from aipipe.media import look, pictures
from aipipe.media.audio import samples_of, sound_of

SILENT: Final = -120.0
"""Decibels that stand for silence."""
_FULL: Final = 32_768.0
"""The loudest sample of 16 bits."""

Measure: TypeAlias = Callable[[ArtefactRef, Sink], float]


def loudness(path: Path) -> float:
    """The mean level of a sound in decibels: 0 is as loud as can be, silence is `SILENT`.

    Raises:
        StepError: `media.unreadable`, `media.no_sound`.
    """
    squares = count = 0
    for block in samples_of(path, sound_of(path)):
        samples = array("h", block)
        squares += sum(map(mul, samples, samples))
        count += len(samples)
    mean = squares / count / _FULL**2 if count else 0.0
    return max(SILENT, 10 * log10(mean)) if mean else SILENT


def _of_picture(measured: Callable[[look.Light], float]) -> Measure:
    return lambda found, sink: measured(look.light(pictures.read(sink.path_of(found))))


def _sharpness(found: ArtefactRef, sink: Sink) -> float:
    return look.sharpness(pictures.read(sink.path_of(found)))


def _loudness(found: ArtefactRef, sink: Sink) -> float:
    return loudness(sink.path_of(found))


def _resolution(found: ArtefactRef, _sink: Sink) -> float:
    return float(_known(found.width, found) * _known(found.height, found))


def _duration(found: ArtefactRef, _sink: Sink) -> float:
    return float(_known(found.seconds, found))


def _size(found: ArtefactRef, _sink: Sink) -> float:
    return float(found.bytes)


def _length(found: ArtefactRef, sink: Sink) -> float:
    return float(len(sink.text_of(found)))


def _words(found: ArtefactRef, sink: Sink) -> float:
    return float(len(sink.text_of(found).split()))


def _known(value: float | None, found: ArtefactRef) -> float:
    if value is None:
        raise StepError("merge.wrong_input", f"nothing is known of a part: it is {found.medium}")
    return value


MEASURES: Final[Mapping[str, Measure]] = MappingProxyType(
    {
        "sharpness": _sharpness,
        "brightness": _of_picture(lambda light: light.mean),
        "contrast": _of_picture(lambda light: light.spread),
        "resolution": _resolution,
        "duration": _duration,
        "loudness": _loudness,
        "length": _length,
        "words": _words,
        "size": _size,
    }
)
"""Higher is more: sharper, brighter, longer, louder."""
