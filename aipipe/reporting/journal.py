"""The files that a run has published so far: known even where its process is killed.

It is there while a run goes on: a line is written before a file appears, and the journal goes
when `run.json` has it all.
"""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Lock

NAME = ".aipipe-run.jsonl"


class Journal:
    """The journal of one run. Safe to use from many threads."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._lock = Lock()
        self._file = os.open(self._path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o644)

    def note(self, path: str, sha256: str) -> None:
        """A file is about to appear. It outlives a killed process, though not a power cut."""
        line = json.dumps({"path": path, "sha256": sha256}).encode() + b"\n"
        with self._lock:
            os.write(self._file, line)

    def close(self) -> None:
        """Remove it: `run.json` knows all that it knew."""
        with self._lock:
            os.close(self._file)
            with suppress(OSError):
                self._path.unlink(missing_ok=True)


def was_cut_off(folder: Path) -> bool:
    """Whether a run goes on in a folder, or was killed there."""
    return (folder / NAME).exists()


def noted(folder: Path) -> Iterator[tuple[str, str]]:
    """Paths and SHA-256 that a killed run left behind; a cut-off line is passed over."""
    try:
        lines = (folder / NAME).read_bytes().splitlines()
    except OSError:
        return
    for line in lines:
        with suppress(ValueError):
            match json.loads(line):
                case {"path": str(path), "sha256": str(sha256)}:
                    yield path, sha256
                case _:
                    pass
