"""A second file with the content of a first, sharing its blocks where the file system can.

Blocks that are shared are copied by the file system once either file is written to, so a clone
is as independent as a copy; a hard or symbolic link would not be.
"""

import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO

_BLOCK = 1 << 30


def clone(source: Path, target: Path) -> None:
    """Make `target` (replaced, if it is there) hold what `source` holds; only that."""
    with source.open("rb") as given, target.open("wb") as made:
        if not (_shares(given, made) or _copied(given, made)):
            given.seek(0)
            made.seek(0)
            made.truncate()
            shutil.copyfileobj(given, made)


if sys.platform == "linux":
    import fcntl

    _FICLONE = 0x40049409
    """`FICLONE` of linux/fs.h."""

    def _shares(given: IO[bytes], made: IO[bytes]) -> bool:
        """True: the file system shares the blocks (btrfs, xfs, bcachefs)."""
        with suppress(OSError):
            fcntl.ioctl(made.fileno(), _FICLONE, given.fileno())
            return True
        return False

    def _copied(given: IO[bytes], made: IO[bytes]) -> bool:
        """True: the kernel has copied all of it, on the server where there is one."""
        left = os.fstat(given.fileno()).st_size
        with suppress(OSError):
            while left > 0:
                done = os.copy_file_range(given.fileno(), made.fileno(), min(left, _BLOCK))
                if done == 0:
                    return False
                left -= done
            return True
        return False

else:

    def _shares(given: IO[bytes], made: IO[bytes]) -> bool:
        """Nothing is shared here."""
        del given, made
        return False

    _copied = _shares
