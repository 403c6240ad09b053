"""Visits to many calls, as often as each needs, on threads that wait for nothing."""

import heapq
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from queue import Empty, SimpleQueue
from typing import TypeAlias

from aipipe.app.job_visits import Again, Brought, Errand, Visited
from aipipe.backends.pools import Pool

_THREADS = 8

_News: TypeAlias = "tuple[Errand, Visited | Exception] | None"


class Halt:
    """A way to end the waiting. Safe to use from a signal handler."""

    def __init__(self) -> None:
        self.asked = False
        self.news: SimpleQueue[_News] = SimpleQueue()

    def ask(self) -> None:
        """Visit nothing any more; what is under way comes to its end."""
        self.asked = True
        self.news.put(None)


class Rounds:
    """All visits of one command. `tell` hears of each call that needs none any more."""

    def __init__(
        self,
        visit: Callable[[Errand], Visited],
        tell: Callable[[Brought], None],
        halt: Halt,
        *,
        waits: bool,
    ) -> None:
        self._visit = visit
        self._tell = tell
        self._halt = halt
        self._waits = waits
        self._pool = Pool("jobs", _THREADS)
        self._due: list[tuple[float, int, Errand, Again]] = []
        self._under_way = 0

    def make(self, errands: Sequence[Errand]) -> None:
        """Visit them until none needs another visit, or nobody waits any more.

        Raises whatever a visit raised.
        """
        for errand in errands:
            self._begin(errand)
        while self._under_way or self._due:
            self._begin_due()
            news = self._next()
            if news is not None:
                self._take(*news)

    def _begin(self, errand: Errand) -> None:
        self._under_way += 1

        def work() -> None:
            try:
                found: Visited | Exception = self._visit(errand)
            except Exception as error:  # noqa: BLE001 (raised again where somebody waits for it)
                found = error
            self._halt.news.put((errand, found))

        self._pool.do(work)

    def _begin_due(self) -> None:
        """Begin the visits whose time has come; after a halt there are none."""
        while self._due and (self._halt.asked or self._due[0][0] <= time.monotonic()):
            _, _, errand, again = heapq.heappop(self._due)
            if self._halt.asked:
                self._tell(again.otherwise)
            else:
                self._begin(errand)

    def _next(self) -> _News:
        """What comes first: news of a visit, a halt, or (None) the time of the next visit."""
        if not (self._under_way or self._due):
            return None
        left = max(0.0, self._due[0][0] - time.monotonic()) if self._due else None
        try:
            return self._halt.news.get(timeout=left)
        except Empty:
            return None

    def _take(self, errand: Errand, found: Visited | Exception) -> None:
        self._under_way -= 1
        match found:
            case Exception():
                raise found
            case Brought():
                self._tell(found)
            case Again() if self._waits and not self._halt.asked:
                at = time.monotonic() + found.after
                heapq.heappush(self._due, (at, errand.number, _later(errand, found), found))
            case Again():
                self._tell(found.otherwise)


def _later(errand: Errand, again: Again) -> Errand:
    """The next visit of an errand."""
    waited = errand.waited + again.after
    return replace(errand, is_claimed=True, fetches=again.fetches, job_id=None, waited=waited)
