"""Files that are being made: whole in the end or gone, and what the disk says told apart."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FROM_THE_DISK = (errno.EACCES, errno.EDQUOT, errno.ENOSPC, errno.EROFS)


@contextmanager
def whole_or_gone(path: Path) -> Iterator[None]:
    """A block that makes a file; when it fails or is cancelled, the file is gone."""
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def is_from_the_disk(error: Exception) -> bool:
    """Whether an error says that the disk is full or closed, and nothing of a file's content."""
    return isinstance(error, OSError) and error.errno in _FROM_THE_DISK
