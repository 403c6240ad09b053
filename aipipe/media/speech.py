"""Text spoken by the embedded engine: checked, run, brought to one loudness, written to a file."""

from array import array
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO

from aipipe.errors import StepError
from aipipe.media.audio import Sound
from aipipe.media.audio_files import write_sound
from aipipe.media.audio_tempo import slowed
from aipipe.media.speech_engine import engine_samples
from aipipe.media.speech_worker import SAMPLES_A_SECOND
from aipipe.media.voices import Delivery

SPOKEN = Sound(rate=SAMPLES_A_SECOND)
LOUDEST = 29_000
"""The peak of every voice, of 32,767: variants differ by up to 20 dB as they come."""
BLOCK = 1 << 16
IN_MEMORY = 8 << 20


def speak(text: str, delivery: Delivery, path: Path, *, cancelled: Callable[[], bool]) -> None:
    """Write the spoken text to a file, in the format that its extension names.

    The same text and delivery give the same bytes, in every process.

    Raises:
        CancelledError: `cancelled()` became true; the engine and the file are gone.
        StepError: `local.empty_text`, `local.unknown_voice`, `local.unknown_language`,
            `local.speech_failed`.
    """
    said = text.replace("\0", " ").strip()
    if not said:
        raise StepError("local.empty_text", "there is no text to speak")
    with SpooledTemporaryFile(max_size=IN_MEMORY, dir=str(path.parent)) as raw:
        spoken = engine_samples(said, delivery, folder=path.parent, cancelled=cancelled)
        with closing(spoken):
            raw.writelines(spoken)
        if not raw.tell():
            raise StepError("local.empty_text", "nothing in the text can be spoken")
        blocks = slowed(_levelled(raw), SPOKEN, delivery.slowing)
        write_sound(path, blocks, SPOKEN, cancelled=cancelled)


def _levelled(raw: IO[bytes]) -> Iterator[bytes]:
    """The same samples with the usual peak."""
    peak = max(_peak(block) for block in _blocks(raw))
    for block in _blocks(raw):
        yield _scaled(block, peak) if peak else block


def _blocks(raw: IO[bytes]) -> Iterator[bytes]:
    raw.seek(0)
    yield from iter(lambda: raw.read(BLOCK), b"")


def _peak(block: bytes) -> int:
    samples = array("h", block)
    highest, lowest = max(samples), min(samples)
    return max(highest, -lowest)


def _scaled(block: bytes, peak: int) -> bytes:
    return array("h", [sample * LOUDEST // peak for sample in array("h", block)]).tobytes()
