"""The process that speaks: started for one text, listened to, and gone when nobody listens."""

import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from aipipe.errors import CancelledError, StepError
from aipipe.media import speech_worker
from aipipe.media.voices import HIGHEST, SLOWEST, Delivery, unknown_voice

BLOCK = 1 << 16
LOOK_EVERY = 0.1
"""Seconds that a silent engine is waited for before asking whether the call is cancelled."""


def engine_samples(
    text: str, delivery: Delivery, *, folder: Path, cancelled: Callable[[], bool]
) -> Generator[bytes, None, None]:
    """What the engine says: 16-bit samples, as loud as they come, in blocks of any length.

    `folder` takes a nameless file with the text.

    Raises:
        CancelledError: `cancelled()` became true; the process is gone.
        StepError: `local.unknown_voice`, `local.unknown_language`, `local.speech_failed`.
    """
    command = [sys.executable, "-I", "-S", speech_worker.__file__, *_arguments(delivery)]
    with TemporaryFile(dir=folder) as given, TemporaryFile(dir=folder) as complaints:
        given.write(text.encode("utf-8", "replace"))
        given.seek(0)
        with _running(command, given, complaints) as process:
            yield from _heard(process, cancelled)
            if code := process.wait():
                raise _failure(code, delivery, complaints)


def _arguments(delivery: Delivery) -> list[str]:
    import espeakng_loader  # noqa: PLC0415 - heavy

    data, voice = espeakng_loader.get_data_path(), delivery.voice
    variants = {path.name for path in (Path(data) / "voices" / "!v").iterdir()}
    if voice.variant and voice.variant not in variants:  # it would speak with another voice
        raise unknown_voice(f"{voice.language}+{voice.variant}")
    return [
        espeakng_loader.get_library_path(),
        data,
        (delivery.language or voice.language).lower().replace("_", "-"),
        voice.variant,
        str(max(SLOWEST, round(delivery.words_a_minute))),
        str(min(HIGHEST, max(0, voice.pitch + delivery.pitch))),
        str(delivery.liveliness),
    ]


@contextmanager
def _running(
    command: list[str], given: IO[bytes], complaints: IO[bytes]
) -> "Iterator[subprocess.Popen[bytes]]":
    """A process that is gone afterwards. Ctrl-C at the terminal reaches us and not it."""
    process = subprocess.Popen(  # noqa: S603 - our own file, and words that the worker checks
        command,
        stdin=given,
        stdout=subprocess.PIPE,
        stderr=complaints,
        bufsize=0,
        start_new_session=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def _heard(process: "subprocess.Popen[bytes]", cancelled: Callable[[], bool]) -> Iterator[bytes]:
    """The blocks as they come, until the engine closes its end."""
    assert process.stdout is not None  # noqa: S101 - it was asked for
    while True:
        if cancelled():
            raise CancelledError
        if not _has_news(process.stdout):
            continue
        block = process.stdout.read(BLOCK)
        if not block:
            return
        yield block


if sys.platform == "win32":

    def _has_news(stream: IO[bytes]) -> bool:
        """True: Windows can't wait for a pipe; reading waits."""
        del stream
        return True

else:
    import select

    def _has_news(stream: IO[bytes]) -> bool:
        """Whether something can be read, after waiting a little."""
        return bool(select.select([stream], [], [], LOOK_EVERY)[0])


def _failure(code: int, delivery: Delivery, complaints: IO[bytes]) -> StepError:
    if code == speech_worker.UNKNOWN_LANGUAGE:
        language = delivery.language or delivery.voice.language
        return StepError(
            "local.unknown_language",
            f"the local engine does not speak '{language}'",
            hint="write the language as a code such as 'en-us', 'fr' or 'pt-br'",
        )
    complaints.seek(0)
    said = complaints.read().decode("utf-8", "replace").strip().splitlines()
    reason = said[-1] if said else f"it ended with {code}"
    return StepError("local.speech_failed", f"the speech engine failed: {reason}", retryable=True)
