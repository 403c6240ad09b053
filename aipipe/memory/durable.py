"""Files that are on disk, not only in memory, before anybody relies on them."""

import os
import sys
from pathlib import Path


def settle(path: Path, target: Path, *, mode: int) -> None:
    """Make `path` the file `target`, whole and for good, across a loss of power.

    Both must lie in one file system. Whatever stood at `target` is replaced.
    """
    with path.open("rb") as file:
        os.fsync(file.fileno())
    path.chmod(mode)
    path.replace(target)
    sync_folder(target.parent)


def make_folder(folder: Path, *, mode: int) -> None:
    """Make a folder, and those above it, if it is not there; its entry is on disk then."""
    if folder.is_dir():
        return
    folder.mkdir(mode=mode, parents=True, exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Bring a folder's entries to disk. Windows has no way to ask for it."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
