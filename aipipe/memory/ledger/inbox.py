"""What waits for the writer: put by any thread, taken in groups by one."""

from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")

LARGEST_GROUP = 1_000
"""Requests in one transaction: bounds how long other processes wait for it."""


class Inbox(Generic[T]):
    """A queue that is emptied by the group, and closed once."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[T | None] = SimpleQueue()
        self._closed = False

    def put(self, request: T) -> None:
        """Add one to what waits."""
        if self._closed:
            raise RuntimeError("the ledger's writer is closed")
        self._queue.put(request)

    def close(self) -> None:
        """Let the group that holds what was put last be the last."""
        self._closed = True
        self._queue.put(None)

    def group(self) -> tuple[list[T], bool]:
        """All that waits at the moment, after a wait for the first, and whether it is the last."""
        found: list[T] = []
        request = self._queue.get()
        while request is not None:
            found.append(request)
            if len(found) == LARGEST_GROUP:
                return found, False
            try:
                request = self._queue.get_nowait()
            except Empty:
                return found, False
        return found, True
