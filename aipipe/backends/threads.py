"""Work carried out by threads: a pool for each kind, none waits for a remote job."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from aipipe.backends.execution import Workshop, bug_of, cancel, fetch, poll, submit
from aipipe.backends.pools import Pool
from aipipe.backends.publishing import Folder, is_conversion, publish
from aipipe.running.instructions import (
    Cancel,
    Fetch,
    Fetched,
    Poll,
    Polled,
    Progressed,
    Publish,
    PublishEnded,
    Submit,
    Submitted,
)
from aipipe.running.loop import Inbox, Work

_QUIET = 0.1
"""Seconds between two reports of one call."""
_MOST_SUBMITS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Threads of each pool; they are begun as they are needed."""

    submit: int = 16
    poll: int = 8
    transfer: int = 4
    encode: int = 2
    light: int = 2


def sizes_for(max_workers: int) -> Sizes:
    """Enough threads for calls that answer only when they are done: each keeps one as long."""
    return Sizes(submit=max(Sizes().submit, min(_MOST_SUBMITS, max_workers)))


class ThreadBackend:
    """Carries out work on threads of this process."""

    def __init__(self, shop: Workshop, folder: Folder, sizes: Sizes | None = None) -> None:
        sizes = sizes or Sizes()
        self._shop = shop
        self._folder = folder
        self._submit = Pool("submit", sizes.submit)
        self._poll = Pool("poll", sizes.poll)
        self._transfer = Pool("transfer", sizes.transfer)
        self._encode = Pool("encode", sizes.encode)
        self._light = Pool("light", sizes.light)
        self._cancelled: set[int] = set()
        self._lock = threading.Lock()

    def carry_out(self, work: Work, inbox: Inbox) -> None:
        """Begin a piece of work."""
        match work:
            case Submit():
                self._pool_of(work).do(lambda: self._do_submit(work, inbox))
            case Poll():
                self._poll.do(lambda: self._do_poll(work, inbox))
            case Fetch():
                self._transfer.do(lambda: self._do_fetch(work, inbox))
            case Publish():
                pool = self._encode if is_conversion(work) else self._transfer
                pool.do(lambda: self._do_publish(work, inbox))
            case Cancel():
                self._cancel(work)

    def close(self) -> None:
        """Let the threads end: the run is over."""
        for pool in (self._submit, self._poll, self._transfer, self._encode, self._light):
            pool.close()

    def _pool_of(self, work: Submit) -> Pool:
        if work.call.plugin.startswith("provider:"):
            return self._submit
        return self._encode if work.heavy else self._light

    def _do_submit(self, work: Submit, inbox: Inbox) -> None:
        outcome = submit(work, self._shop, *self._watched(work.ticket, inbox))
        inbox.put(Submitted(work.ticket, outcome))

    def _do_poll(self, work: Poll, inbox: Inbox) -> None:
        outcome = poll(work, self._shop, *self._watched(work.ticket, inbox))
        inbox.put(Polled(work.ticket, outcome))

    def _do_fetch(self, work: Fetch, inbox: Inbox) -> None:
        outcome = fetch(work, self._shop, *self._watched(work.ticket, inbox))
        inbox.put(Fetched(work.ticket, outcome))

    def _do_publish(self, work: Publish, inbox: Inbox) -> None:
        try:
            ended = publish(work, self._folder)
        except Exception as error:  # noqa: BLE001 (a bug must not leave the run waiting)
            ended = PublishEnded(work.ticket, (), bug_of(error))
        inbox.put(ended)

    def _cancel(self, work: Cancel) -> None:
        with self._lock:
            self._cancelled.add(work.ticket)
        if work.job is not None:
            self._submit.do(lambda: cancel(work, self._shop))

    def _watched(
        self, ticket: int, inbox: Inbox
    ) -> tuple[Callable[[float, str], None], Callable[[], bool]]:
        """How a call tells its progress, and how it learns that it should stop."""
        return self._reporter(ticket, inbox), lambda: ticket in self._cancelled

    def _reporter(self, ticket: int, inbox: Inbox) -> Callable[[float, str], None]:
        last = float("-inf")

        def report(fraction: float, phase: str) -> None:
            nonlocal last
            now = self._shop.clock()
            if now - last >= _QUIET:
                last = now
                inbox.put(Progressed(ticket, fraction, phase))

        return report
