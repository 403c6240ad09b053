"""When a file of the store was last used, and how one that is in use can't be removed.

The time of the last use is the file's own time of change; its content never changes. Who uses a
file touches it while others may do so too; who removes one looks at its time again while nobody
may touch it. So a file is either seen to be used, or seen to be gone, and never lost in between.
The lock is on the store's folder. Windows has no locks on folders: there nothing is locked.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def touch(path: Path) -> bool:
    """False where the file is gone; else it counts as used now. To be asked within `using`."""
    now = time.time_ns()
    try:
        os.utime(path, ns=(now, now))
    except FileNotFoundError:
        return False
    except PermissionError:  # it is another user's, and so is its time
        return path.is_file()
    return True


def remove(root: Path, path: Path, used: int) -> bool:
    """True if the file was last used at `used` (nanoseconds since 1970); it is gone now.

    Raises:
        OSError: it can't be removed.
    """
    with _locked(root, alone=True):
        try:
            if path.stat().st_mtime_ns != used:
                return False
            _unlink(path)
        except FileNotFoundError:
            return False
        return True


@contextmanager
def using(root: Path) -> Iterator[None]:
    """Nothing of the store below `root` is removed for as long as this lasts: keep it short."""
    with _locked(root, alone=False):
        yield


if sys.platform == "win32":

    @contextmanager
    def _locked(root: Path, *, alone: bool) -> Iterator[None]:
        """Nothing."""
        del root, alone
        yield

    def _unlink(path: Path) -> None:
        path.chmod(0o600)  # a read-only file can't be removed here
        path.unlink()

else:
    import fcntl

    @contextmanager
    def _locked(root: Path, *, alone: bool) -> Iterator[None]:
        """The folder's lock is held; a folder that is not there needs none."""
        try:
            lock = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except FileNotFoundError:
            yield
            return
        try:
            fcntl.flock(lock, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
            yield
        finally:
            os.close(lock)

    def _unlink(path: Path) -> None:
        path.unlink()
