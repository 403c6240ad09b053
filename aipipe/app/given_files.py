"""The user's files as a run's calls read them: in the store."""

from contextlib import AbstractContextManager
from pathlib import Path

from aipipe.app.downloads import Downloads
from aipipe.contracts.addresses import is_address
from aipipe.contracts.artefact import ArtefactRef, InputFile
from aipipe.contracts.media import Medium
from aipipe.contracts.tools import Sink
from aipipe.memory.store import Store


class GivenFiles:
    """The store of one run: a file of the user's enters it once."""

    def __init__(self, store: Store, downloads: Downloads) -> None:
        self._store = store
        self._downloads = downloads
        self._known: dict[tuple[str, int, int], ArtefactRef] = {}

    def session(self) -> AbstractContextManager[Sink]:
        """A sink whose scratch files go when the call ends."""
        return self._store.session()

    def ingest(self, path: str, medium: Medium) -> ArtefactRef:
        """A file of the user's in the store: copied, unless this version is there, or downloaded.

        Raises:
            OSError: it can't be read.
            StepError: it can't be downloaded, or is not of its medium.
        """
        if is_address(path):
            return self._downloads.of(path, medium)
        facts = Path(path).stat()
        key = (path, facts.st_mtime_ns, facts.st_size)
        if key not in self._known:
            self._known[key] = self._store.ingest(Path(path), medium)
        return self._known[key]

    def text_of(self, text: ArtefactRef | InputFile) -> str:
        """The content of a text, one of the user's or one that was made."""
        if isinstance(text, InputFile):
            text = self.ingest(text.path, text.medium)
        return self._store.text_of(text)
