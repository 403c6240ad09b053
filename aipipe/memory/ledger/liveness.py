"""Which runs have a living process: those whose lock file is locked. Time says nothing of it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from aipipe.errors import UsageError
from aipipe.memory.ledger.connecting import PRIVATE_FILE, PRIVATE_FOLDER


class RunTakenError(UsageError):
    """Another process is carrying out this run."""

    code = "run_taken"

    def __init__(self, run: str) -> None:
        hints = ("wait for it, or begin another run: --new-run",)
        super().__init__(f"run '{run}' is going on in another process", hints=hints)


@contextmanager
def living(home: Path, run: str) -> Iterator[None]:
    """The run is alive for as long as this lasts, and until the process ends at the latest.

    Raises:
        RunTakenError: it is alive already.
    """
    lock = _take(_file(home, run), run)
    try:
        yield
    finally:
        with suppress(OSError):
            _file(home, run).unlink()
        os.close(lock)


def is_alive(home: Path, run: str) -> bool:
    """True while some process, this one too, carries out the run."""
    try:
        lock = os.open(_file(home, run), os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        return not _shared(lock)
    finally:
        os.close(lock)


def _file(home: Path, run: str) -> Path:
    return home / "runs" / f"{run}.lock"


def _take(file: Path, run: str) -> int:
    """The descriptor that holds the lock; tries again where somebody only looked."""
    file.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    while True:
        lock = os.open(file, os.O_CREAT | os.O_RDWR, PRIVATE_FILE)
        if _exclusive(lock) and _is_still(file, lock):
            return lock
        taken = _is_still(file, lock) and not _shared(lock)
        os.close(lock)
        if taken:
            raise RunTakenError(run)


def _is_still(file: Path, lock: int) -> bool:
    """False where the last owner removed the file after it was opened here."""
    with suppress(FileNotFoundError):
        return os.path.samestat(file.stat(), os.fstat(lock))
    return False


if sys.platform == "win32":
    import msvcrt

    def _exclusive(lock: int) -> bool:
        with suppress(OSError):
            msvcrt.locking(lock, msvcrt.LK_NBLCK, 1)
            return True
        return False

    _shared = _exclusive

else:
    import fcntl

    def _exclusive(lock: int) -> bool:
        return _locked(lock, fcntl.LOCK_EX)

    def _shared(lock: int) -> bool:
        """Many may look at one time, and none takes another for the owner."""
        return _locked(lock, fcntl.LOCK_SH)

    def _locked(lock: int, kind: int) -> bool:
        with suppress(BlockingIOError):
            fcntl.flock(lock, kind | fcntl.LOCK_NB)
            return True
        return False
