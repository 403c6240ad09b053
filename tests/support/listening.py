"""Sounds made and decoded for tests."""

import math
from array import array
from collections.abc import Iterator
from pathlib import Path

from aipipe.contracts.artefact import ArtefactRef
from aipipe.contracts.media import AUDIO
from aipipe.contracts.tools import Sink
from aipipe.media.audio import Sound, samples_of, sound_of
from aipipe.media.audio_files import write_sound


def go_on() -> bool:
    return False


def tone(seconds: float, sound: Sound, *, hertz: float = 440) -> Iterator[bytes]:
    """A sine at a third of full loudness, on all channels alike."""
    turn = 2 * math.pi * hertz / sound.rate
    for start in range(0, round(seconds * sound.rate), 1000):
        stop = min(start + 1000, round(seconds * sound.rate))
        values = (int(10_000 * math.sin(turn * at)) for at in range(start, stop))
        yield array("h", [v for v in values for _ in range(sound.channels)]).tobytes()


def tone_file(sink: Sink, extension: str, seconds: float, sound: Sound) -> ArtefactRef:
    path = sink.scratch(extension)
    write_sound(path, tone(seconds, sound), sound, cancelled=go_on)
    return sink.adopt(path, AUDIO)


def decoded(path: Path) -> "array[int]":
    """All samples of a file, as they are laid out in it."""
    return array("h", b"".join(samples_of(path, sound_of(path))))


def length_of(path: Path) -> float:
    """Seconds, by decoding every sample."""
    sound = sound_of(path)
    return sum(len(block) for block in samples_of(path, sound)) / sound.width / sound.rate


def pitch_of(samples: "array[int]", rate: int) -> float:
    """Hz of a single tone, by counting where it rises through zero."""
    rises = [n for n in range(1, len(samples)) if samples[n - 1] < 0 <= samples[n]]
    return (len(rises) - 1) * rate / (rises[-1] - rises[0])
