"""Space kept for the moment when the disk is full, so that a remote job's id still finds room.

Where it is not there, the disk is full for every process: no new call begins.
"""

import os
from pathlib import Path

from aipipe.memory import durable

SIZE = 1 << 20
_PRIVATE_FILE = 0o600


def keep(home: Path) -> None:
    """Set the space aside where it is not; leave it where the disk has no such room.

    One process at a time may do this.
    """
    if is_kept(home):
        return
    new = home / "ballast.new"
    try:
        _write(new)
        durable.settle(new, _file(home), mode=_PRIVATE_FILE)
    except OSError:
        new.unlink(missing_ok=True)


def is_kept(home: Path) -> bool:
    """True while the space is there."""
    try:
        return _file(home).stat().st_size == SIZE
    except OSError:
        return False


def release(home: Path) -> None:
    """Give the space back to the disk."""
    _file(home).unlink(missing_ok=True)


def _file(home: Path) -> Path:
    return home / "ballast"


def _write(path: Path) -> None:
    """Random bytes: a file system that compresses would keep no room for zeros."""
    flags = os.O_CREAT | os.O_WRONLY | os.O_TRUNC
    with os.fdopen(os.open(path, flags, _PRIVATE_FILE), "wb") as file:
        file.write(os.urandom(SIZE))
