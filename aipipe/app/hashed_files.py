"""Files of the user's as calls will see them, looked at and left alone: only hashed."""

import hashlib
from pathlib import Path
from typing import Final, NoReturn

from aipipe.app.downloads import Downloads
from aipipe.contracts.addresses import is_address
from aipipe.contracts.artefact import ArtefactRef
from aipipe.contracts.media import Medium
from aipipe.memory.store import Facts

NEW: Final = "new:"
"""Begins the hash of what nobody has made or read yet."""


class HashedFiles:
    """What a store would know the user's files by. Writes nothing."""

    def __init__(self, downloads: Downloads | None = None) -> None:
        """Without `downloads` nothing is known of what is at addresses."""
        self._downloads = downloads
        self._known: dict[tuple[str, int, int], ArtefactRef] = {}

    def session(self) -> NoReturn:
        """Nothing is made."""
        raise TypeError("a forecast makes nothing")

    def ingest(self, path: str, medium: Medium) -> ArtefactRef:
        """The file's content, by its hash.

        Raises:
            OSError: it can't be read.
        """
        if is_address(path):
            known = self._downloads
            return _unread(path, medium) if known is None else known.of(path, medium)
        facts = Path(path).stat()
        key = (path, facts.st_mtime_ns, facts.st_size)
        if key not in self._known:
            with Path(path).open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            extension = Path(path).suffix.removeprefix(".").lower()
            self._known[key] = ArtefactRef(
                sha256=sha256, medium=medium, extension=extension, bytes=facts.st_size
            )
        return self._known[key]


def _unread(address: str, medium: Medium) -> ArtefactRef:
    """What is at an address, where nobody asks for it: nothing is known of it."""
    return ArtefactRef(sha256=f"{NEW}{address}", medium=medium, extension="", bytes=0)


def unseen(_path: Path, _medium: Medium) -> Facts:
    """The probe of a store that takes nothing in."""
    raise TypeError("a forecast takes nothing in")
