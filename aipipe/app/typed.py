"""Standard input, read once in the life of the process, as what it is."""

import atexit
import shutil
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import BinaryIO, Final

from aipipe.errors import UsageError

LARGEST: Final = 500 << 20
"""Bytes that are still read."""
_NAME: Final = "stdin"


def text() -> str:
    """Its text.

    Raises:
        UnicodeDecodeError: it is none.
        UsageError: it is too long, or closed.
    """
    from aipipe.media.texts import decoded  # noqa: PLC0415 (rarely needed)

    return decoded(_content(_stream()))


def kept() -> str | None:
    """The file in which it was put, where it is a picture, a sound or another medium.

    Raises:
        UsageError: it is too long, or closed.
    """
    return _kept(_stream())


def _stream() -> BinaryIO:
    if sys.stdin is None or sys.stdin.closed:
        raise UsageError("there is no standard input")
    return sys.stdin.buffer


@cache
def _content(stream: BinaryIO) -> bytes:
    content = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise UsageError(f"standard input has more than {LARGEST >> 20} MB")
    return content


@cache
def _kept(stream: BinaryIO) -> str | None:
    from aipipe.media import signatures  # noqa: PLC0415 (rarely needed)

    content = _content(stream)
    extension = signatures.binary_format(content[: signatures.HEAD])
    if extension is None:
        return None
    folder = tempfile.mkdtemp(prefix="aipipe-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = Path(folder, f"{_NAME}.{extension}")
    path.write_bytes(content)
    return str(path)
