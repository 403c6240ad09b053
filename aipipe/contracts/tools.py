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


def _nowhere(_parts: Iterable[bytes]) -> "RawAnswer":
    raise NotImplementedError("answers are kept only where a ledger is")


@dataclass(frozen=True, slots=True, kw_only=True)
class RawAnswer:
    """An answer as it came, on disk."""

    path: str
    """Absolute."""
    sha256: str
    bytes: int


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
    accepted: Callable[[Job, Receipt | None], None] = lambda _job, _receipt: None
    """Tell that a synchronous call was accepted, as soon as its status and headers are there:
    returns once that is on disk, and only then may the body be read."""
    keep: Callable[[Iterable[bytes]], RawAnswer] = _nowhere
    """Stream an answer to disk before anybody parses it; returns once it is there for good."""
