"""The working folder of one call, which goes when the call ends.

A folder is owned for as long as its owner holds an operating-system lock on it, so what a
killed process left behind can be told from what is in use, and swept. Windows has no locks
on folders: there nothing is swept.
"""

import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PRIVATE_FOLDER = 0o700
FOLDER = "scratch"
"""Below the store, where working folders are made."""


@contextmanager
def owned_folder(parent: Path) -> Iterator[Path]:
    """A new, empty folder below `parent`; it and all in it are removed at the end."""
    folder, lock = _take(parent)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _release(lock)


def sweep(parent: Path) -> int:
    """How many folders below `parent` had lost their owner; they are gone now."""
    if sys.platform == "win32" or not parent.is_dir():
        return 0
    return sum(_swept(folder) for folder in parent.iterdir())


def _take(parent: Path) -> tuple[Path, int | None]:
    """A folder and its lock; tries again where a sweep came between making and locking."""
    while True:
        folder = parent / secrets.token_hex(8)
        parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        folder.mkdir(mode=PRIVATE_FOLDER)
        with suppress(FileNotFoundError):
            lock = _locked(folder, wait=True)
            if folder.exists():
                return folder, lock
            _release(lock)


def _swept(folder: Path) -> bool:
    """True if nobody owned the folder; it is gone then."""
    try:
        lock = _locked(folder, wait=False)
    except (BlockingIOError, FileNotFoundError, NotADirectoryError):
        return False
    shutil.rmtree(folder, ignore_errors=True)
    _release(lock)
    return True


if sys.platform == "win32":

    def _locked(folder: Path, *, wait: bool) -> int | None:
        """Nothing."""
        del folder, wait
        return None

else:
    import fcntl

    def _locked(folder: Path, *, wait: bool) -> int | None:
        """The open descriptor that holds the folder's lock."""
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except OSError:
            os.close(descriptor)
            raise
        return descriptor


def _release(lock: int | None) -> None:
    if lock is not None:
        os.close(lock)
