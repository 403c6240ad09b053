"""Threads are begun as they are needed, and none waits behind another's work."""

import threading
from collections.abc import Callable
from queue import SimpleQueue

from support.world import PATIENCE

from aipipe.backends.pools import Pool


def meeting(size: int) -> tuple[Callable[[], None], Callable[[], None]]:
    """Work that ends once `size` do it at the same time, and a wait for all of them."""
    together = threading.Barrier(size, timeout=PATIENCE)
    done = threading.Semaphore(0)

    def meet() -> None:
        together.wait()
        done.release()

    def wait() -> None:
        for _ in range(size):
            assert done.acquire(timeout=PATIENCE)

    return meet, wait


def test_as_much_is_done_at_once_as_there_may_be_threads_whatever_was_done_before() -> None:
    for _ in range(100):
        pool = Pool("test", 8)
        for _ in range(4):
            pool.do(lambda: None)
        meet, wait = meeting(8)
        for _ in range(8):
            pool.do(meet)
        wait()
        pool.close(patience=PATIENCE)


def test_threads_that_have_nothing_to_do_are_used_again() -> None:
    pool = Pool("test", 8)
    seen: set[str] = set()
    names: SimpleQueue[str] = SimpleQueue()
    for _ in range(50):
        pool.do(lambda: names.put(threading.current_thread().name))
        seen.add(names.get(timeout=PATIENCE))

    pool.close(patience=PATIENCE)
    assert len(seen) < 8
