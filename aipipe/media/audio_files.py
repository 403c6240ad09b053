"""Sound into a file of any of the audio formats, with the same bytes every time."""

import wave
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from aipipe.errors import CancelledError
from aipipe.media.audio import Sound, frames_from
from aipipe.media.containers import MUXERS, write_options
from aipipe.media.transcode import SoundWriter, add_sound
from aipipe.media.unfinished import whole_or_gone

WRITTEN = 1 << 20
"""Bytes that are written at once."""


def write_sound(
    path: Path, blocks: Iterable[bytes], sound: Sound, *, cancelled: Callable[[], bool]
) -> None:
    """Write blocks of samples laid out as `sound` in the format that the extension names.

    Raises:
        CancelledError: `cancelled()` became true; the file is gone.
    """
    write = _write_wav if path.suffix == ".wav" else _write_encoded
    with whole_or_gone(path):
        write(path, until(cancelled, blocks), sound)


def until(cancelled: Callable[[], bool], blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The same blocks, until the call is cancelled.

    Raises:
        CancelledError: it was.
    """
    for block in blocks:
        stop_if(cancelled)
        yield block


def stop_if(cancelled: Callable[[], bool]) -> None:
    """Nothing, while the call goes on.

    Raises:
        CancelledError: `cancelled()` is true.
    """
    if cancelled():
        raise CancelledError


def _write_wav(path: Path, blocks: Iterable[bytes], sound: Sound) -> None:
    """Without PyAV, which takes longer to import than a sentence takes to speak."""
    with path.open("wb", buffering=WRITTEN) as target, wave.open(target, "wb") as file:
        file.setnchannels(sound.channels)
        file.setsampwidth(2)
        file.setframerate(sound.rate)
        for block in blocks:
            file.writeframesraw(block)


def _write_encoded(path: Path, blocks: Iterable[bytes], sound: Sound) -> None:
    import av  # noqa: PLC0415 - heavy

    extension = path.suffix.removeprefix(".")
    options = write_options(extension)
    with av.open(str(path), "w", format=MUXERS[extension], options=options) as container:
        stream = add_sound(container, extension, sound.rate, sound.channels)
        writer = SoundWriter(container, stream)
        for frame in frames_from(blocks, sound):
            writer.push(frame)
        writer.push(None)
