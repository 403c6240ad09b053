"""Lines that are kept in their order however they come: the newest in memory, the rest on disk.

An external merge sort: what is full in memory is sorted and appended to an anonymous
temporary file as one run, and reading merges the runs. So 100,000 lines take some KB a run.
"""

import heapq
import tempfile
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from threading import Lock
from typing import IO, Generic, TypeAlias, TypeVar

KEPT = 500
"""Lines in memory."""
_BLOCK = 16_384

Key: TypeAlias = tuple[int, ...]
Line: TypeAlias = tuple[Key, str]
T = TypeVar("T")


class Spool(Generic[T]):
    """Things that become lines of text when they leave memory. One thread adds, any reads."""

    def __init__(self, write: Callable[[T], str], *, kept: int = KEPT) -> None:
        self._write = write
        self._kept = kept
        self._newest: list[tuple[Key, T]] = []
        self._stored = _Stored()

    def add(self, key: Key, thing: T) -> None:
        """Keep a thing at its place; things with one key stay in the order in which they came."""
        self._newest.append((key, thing))
        if len(self._newest) >= self._kept:
            self._stored.append([(key, self._write(thing)) for key, thing in self._sorted()])
            self._newest = []

    def view(self) -> "View[T]":
        """All that has been added so far; what is added later does not show in it."""
        return View(self._stored, len(self._stored.runs), tuple(self._sorted()), self._write)

    def _sorted(self) -> list[tuple[Key, T]]:
        return sorted(self._newest, key=itemgetter(0))


@dataclass(frozen=True, slots=True)
class View(Generic[T]):
    """What a spool held at one time; every iteration reads it anew."""

    _stored: "_Stored"
    _runs: int
    _newest: tuple[tuple[Key, T], ...]
    _write: Callable[[T], str]

    def lines(self, *more: tuple[Key, T]) -> Iterator[Line]:
        """Every line with its key, in order; `more` comes in at its place."""
        newest = [(key, self._write(thing)) for key, thing in self._newest]
        extra = [(key, self._write(thing)) for key, thing in sorted(more, key=itemgetter(0))]
        runs = [self._stored.read(run) for run in range(self._runs)]
        return heapq.merge(*runs, newest, extra, key=itemgetter(0))


class _Stored:
    """Sorted runs in an anonymous file, each from one offset to the next."""

    def __init__(self) -> None:
        self.runs: list[tuple[int, int]] = []
        self._file: IO[bytes] | None = None
        self._lock = Lock()

    def append(self, lines: list[Line]) -> None:
        """Write a run."""
        data = "".join(f"{' '.join(map(str, key))}\t{text}\n" for key, text in lines).encode()
        with self._lock:
            if self._file is None:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115 (closed with its last reader)
                weakref.finalize(self, self._file.close)
            start = self.runs[-1][1] if self.runs else 0
            self._file.seek(start)
            self._file.write(data)
            self.runs.append((start, start + len(data)))

    def read(self, run: int) -> Iterator[Line]:
        """The lines of a run."""
        at, end = self.runs[run]
        rest = b""
        while at < end:
            block = self._block(at, min(_BLOCK, end - at))
            at += len(block)
            *whole, rest = (rest + block).split(b"\n")
            for line in whole:
                key, _, text = line.decode().partition("\t")
                yield tuple(map(int, key.split())), text

    def _block(self, at: int, size: int) -> bytes:
        with self._lock:
            assert self._file is not None  # noqa: S101 (a run has been written)
            self._file.seek(at)
            return self._file.read(size)
