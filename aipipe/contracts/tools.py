"""What a plug-in may use of the world. Built where the call runs, never sent along."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from aipipe.contracts.artefact import ArtefactRef
from aipipe.contracts.call import Job, Receipt
from aipipe.contracts.media import Medium


class Sink(Protocol):
    """The store, as a plug-in sees it."""

    def path_of(self, artefact: ArtefactRef) -> Path:
        """The read-only file that holds an artefact's bytes."""
        ...

    def text_of(self, artefact: ArtefactRef) -> str:
        """The content of a text artefact, however long."""
        ...

    def scratch(self, extension: str) -> Path:
        """A fresh path, not yet a file, to write to; it goes with the call."""
        ...

    def adopt(self, path: Path, medium: Medium, *, label: str | None = None) -> ArtefactRef:
        """Take a finished scratch file into the store. Its extension must fit its content.

        Raises:
            StepError: `store.undecodable`, when the file does not decode as its medium.
        """
        ...

    def adopt_text(
        self,
        text: str,
        *,
        extension: str = "txt",
        medium: Medium = "text",
        label: str | None = None,
    ) -> ArtefactRef:
        """Take a text into the store."""
        ...


def _nowhere(_job: Job, _receipt: Receipt | None, _body: Iterable[bytes]) -> Job:
    raise NotImplementedError("answers are kept only where a ledger is")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """The world as one call sees it."""

    sink: Sink
    report: Callable[[float, str], None]
    """Tell progress: a fraction from 0 to 1 and a word such as `encoding`. Call it freely."""
    cancelled: Callable[[], bool]
    """True once the call should stop: check it per frame, then raise `CancelledError`."""
    clock: Callable[[], float]
    """Seconds, monotonic."""
    secret: Callable[[str], str | None]
    """An environment variable that holds a key, read when called."""
    answered: Callable[[Job, Receipt | None, Iterable[bytes]], Job] = _nowhere
    """A synchronous call was accepted: its status and headers are there, its body is still to be
    read. Keeps that on disk, then streams the body there before anybody parses it, and gives the
    job with the path of the body's file as `answer` and its hash as `sha256` in its data. Raises
    whatever the body raises."""
