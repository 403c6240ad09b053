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

from aipipe.memory import durable

_PRIVATE_FOLDER, _PRIVATE_FILE = 0o700, 0o600


@dataclass(frozen=True, slots=True)
class RawAnswers:
    """The folder of raw answers, which may not exist yet."""

    root: Path

    def fresh(self) -> Path:
        """Where an answer will lie: absolute, and no other has lain there."""
        return self.root.absolute() / secrets.token_hex(12)

    def keep(self, path: Path, body: Iterable[bytes]) -> str:
        """Write an answer as it comes, and give its SHA-256.

        There is a file at `path` only when all of it is there, and then for good: whatever `body`
        raises leaves nothing behind.
        """
        durable.make_folder(self.root, mode=_PRIVATE_FOLDER)
        part = path.with_suffix(".part")
        try:
            sha256 = _write(part, body)
            durable.settle(part, path, mode=_PRIVATE_FILE)
        finally:
            part.unlink(missing_ok=True)
        return sha256

    def remove(self, path: str) -> None:
        """Remove an answer whose outputs are in the store; no other file."""
        found = Path(path)
        if found.parent == self.root.absolute():
            found.unlink(missing_ok=True)


def _write(path: Path, body: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as file:
        for part in body:
            file.write(part)
            digest.update(part)
    return digest.hexdigest()
