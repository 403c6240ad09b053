"""Threads for short work, made when they are first needed."""

import threading
from collections.abc import Callable
from queue import SimpleQueue


class Pool:
    """At most `size` daemon threads. They never keep the process from ending."""

    def __init__(self, name: str, size: int) -> None:
        self._name = name
        self._size = size
        self._queue: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._begun: list[threading.Thread] = []
        self._under_way = 0
        """Asked for and not done yet."""

    def do(self, work: Callable[[], None]) -> None:
        """Do it as soon as a thread is free."""
        with self._lock:
            self._under_way += 1
            if len(self._begun) < min(self._under_way, self._size):
                name = f"aipipe-{self._name}-{len(self._begun) + 1}"
                self._begun.append(threading.Thread(target=self._serve, name=name, daemon=True))
                self._begun[-1].start()
        self._queue.put(work)

    def close(self, *, patience: float = 0.0) -> None:
        """Let each thread end once it has nothing to do, and wait so many seconds for that.

        Nothing more may be asked for.
        """
        with self._lock:
            for _ in self._begun:
                self._queue.put(None)
        for thread in self._begun if patience else ():
            thread.join(patience)

    def _serve(self) -> None:
        while True:
            work = self._queue.get()
            if work is None:
                return
            work()
            with self._lock:
                self._under_way -= 1
