"""Providers' answers as they came, on disk before anybody parses them.

Parsing, looking into and sizing may go wrong and be done again; what was paid for is here
until its outputs are in the store.
"""

import hashlib
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from aipipe.contracts.tools import RawAnswer
from aipipe.memory import durable

_PRIVATE_FOLDER, _PRIVATE_FILE = 0o700, 0o600


@dataclass(frozen=True, slots=True)
class RawAnswers:
    """The folder of raw answers, which may not exist yet."""

    root: Path

    def keep(self, parts: Iterable[bytes]) -> RawAnswer:
        """Write an answer as it comes; it is on disk, whole and for good, when this returns.

        Whatever `parts` raises leaves nothing behind.
        """
        durable.make_folder(self.root, mode=_PRIVATE_FOLDER)
        path = self.root / secrets.token_hex(12)
        part = path.with_suffix(".part")
        try:
            sha256, size = _write(part, parts)
            durable.settle(part, path, mode=_PRIVATE_FILE)
        finally:
            part.unlink(missing_ok=True)
        return RawAnswer(path=str(path.absolute()), sha256=sha256, bytes=size)

    def remove(self, path: str) -> None:
        """Remove an answer whose outputs are in the store; no other file."""
        found = Path(path)
        if found.parent == self.root.absolute():
            found.unlink(missing_ok=True)


def _write(path: Path, parts: Iterable[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as file:
        for part in parts:
            file.write(part)
            digest.update(part)
            size += len(part)
    return digest.hexdigest(), size
