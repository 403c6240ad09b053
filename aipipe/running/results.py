"""The values of a batch's items, in their order: the first in memory, the rest on disk."""

import pickle
import tempfile
import weakref
from array import array
from collections.abc import Iterator, Sequence
from typing import IO, overload

from aipipe.contracts.artefact import Value

KEPT = 1_000
"""Values up to this place stay in memory."""
_UNSET = -1
_GAP = -2


class Results(Sequence["Value | None"]):
    """A list that is filled in any order; a place that nobody filled is a gap (None)."""

    def __init__(self, length: int, *, kept: int = KEPT) -> None:
        self._first: list[Value | None] = [None] * min(length, kept)
        self._offsets = array("q", [_UNSET]) * max(0, length - kept)
        self._file: IO[bytes] | None = None
        self._end = 0

    def __len__(self) -> int:
        return len(self._first) + len(self._offsets)

    def put(self, index: int, value: "Value | None") -> None:
        """Fill a place."""
        if index < len(self._first):
            self._first[index] = value
        elif value is None:
            self._offsets[index - len(self._first)] = _GAP
        else:
            self._offsets[index - len(self._first)] = self._append(value)

    def _append(self, value: Value) -> int:
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 (open as long as the results live)
            weakref.finalize(self, self._file.close)
        data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        offset = self._end
        self._file.seek(offset)
        self._file.write(len(data).to_bytes(4, "little"))
        self._file.write(data)
        self._end += 4 + len(data)
        return offset

    @overload
    def __getitem__(self, index: int) -> "Value | None": ...
    @overload
    def __getitem__(self, index: slice) -> "Sequence[Value | None]": ...
    def __getitem__(self, index: int | slice) -> "Value | Sequence[Value | None] | None":
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        if index < 0 or index >= len(self):
            raise IndexError(index)
        if index < len(self._first):
            return self._first[index]
        return self._read(self._offsets[index - len(self._first)])

    def _read(self, offset: int) -> "Value | None":
        if offset < 0 or self._file is None:
            return None
        self._file.seek(offset)
        length = int.from_bytes(self._file.read(4), "little")
        value: Value | None = pickle.loads(self._file.read(length))  # noqa: S301 (written above)
        return value

    def __iter__(self) -> "Iterator[Value | None]":
        return (self[index] for index in range(len(self)))
