"""Files that are shorter than their own headers say: a transfer that broke off."""

from collections.abc import Iterator
from pathlib import Path
from typing import IO

LONGEST_WAV = 0x7FFF0000
"""Bytes: who writes a WAV without knowing its length declares more than this."""
BOXES = (b"ftyp", b"moov", b"moof", b"mdat")
"""What an MP4 or QuickTime file is made of; anything else at its end may be rubbish."""
LARGE, TO_THE_END = 1, 0
"""Box sizes with a meaning of their own."""


def is_cut_off(path: Path) -> bool:
    """Whether the end of a WAV, MP4 or QuickTime file is missing; of others it is not known."""
    there = path.stat().st_size
    with path.open("rb") as file:
        if file.read(4) == b"RIFF":
            return there < int.from_bytes(file.read(4), "little") + 8 < LONGEST_WAV
        return any(there < end for name, end in _boxes(file, there) if name in BOXES)


def _boxes(file: IO[bytes], there: int) -> Iterator[tuple[bytes, int]]:
    """The name of each box at the top of a file, and where it should end."""
    at = 0
    while at < there:
        file.seek(at)
        size, name = int.from_bytes(file.read(4), "big"), file.read(4)
        if size == LARGE:
            size = int.from_bytes(file.read(8), "big")
        if size == TO_THE_END:
            return
        at += max(size, 8)
        yield name, at
