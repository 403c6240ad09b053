"""Threads for short work, made when they are first needed."""

import threading
from collections.abc import Callable
from queue import SimpleQueue


class Pool:
    """At most `size` daemon threads. They never keep the process from ending."""

    def __init__(self, name: str, size: int) -> None:
        self._name = name
        self._size = size
        self._queue: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._lock = threading.Lock()
        self._threads = 0
        self._idle = 0

    def do(self, work: Callable[[], None]) -> None:
        """Do it as soon as a thread is free."""
        with self._lock:
            fresh = self._idle <= self._queue.qsize() and self._threads < self._size
            self._threads += fresh
        self._queue.put(work)
        if fresh:
            name = f"aipipe-{self._name}-{self._threads}"
            threading.Thread(target=self._serve, name=name, daemon=True).start()

    def _serve(self) -> None:
        while True:
            with self._lock:
                self._idle += 1
            work = self._queue.get()
            with self._lock:
                self._idle -= 1
            work()
