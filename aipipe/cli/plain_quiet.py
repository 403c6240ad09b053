"""Progress for those who want none: only failures are told."""

from contextlib import AbstractContextManager, nullcontext
from typing import Self, TextIO

from aipipe.cli.console import write
from aipipe.cli.text import clean
from aipipe.cli.words import failure
from aipipe.contracts.event import RunEvent, StepEnded


class QuietProgress:
    """Writes a line for every step that fails: `error: pictures.3 seedream: fal.server_error…`."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def add(self, event: RunEvent) -> None:
        """Tell the event if it is a failure."""
        words = failure(event) if isinstance(event, StepEnded) else None
        if words is not None and isinstance(event, StepEnded):
            label = "" if event.label == event.task else f" {clean(event.label)}"
            write(self._stream, f"error: {clean(event.task)}{label}: {words}\n")

    def tick(self, now: float) -> None:
        """Nothing."""

    def paused(self) -> AbstractContextManager[None]:
        """Nothing to stop: lines come one after the other."""
        return nullcontext()

    def abort(self) -> None:
        """Nothing to give back."""
