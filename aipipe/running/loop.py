"""The one thread that owns a run's state: it waits, feeds the machine, carries out what it says."""

import heapq
from collections.abc import Callable, Sequence
from itertools import count
from queue import Empty, SimpleQueue
from typing import Protocol, TypeAlias

from aipipe.contracts.event import RunEvent
from aipipe.running.instructions import (
    Cancel,
    Commit,
    Fetch,
    Instruction,
    News,
    Poll,
    Publish,
    Record,
    Submit,
    Tell,
    Wake,
    Woken,
    answers_at_once,
)
from aipipe.running.machine import Machine

Work: TypeAlias = Submit | Poll | Fetch | Publish | Cancel
Inbox: TypeAlias = "SimpleQueue[News]"
Listener: TypeAlias = Callable[[RunEvent], None]

_TICK = 1.0
"""Seconds between two ticks for those who show time passing."""


class Backend(Protocol):
    """Where calls are carried out. `carry_out` returns at once; news goes to the inbox."""

    def carry_out(self, work: Work, inbox: Inbox) -> None:
        """Begin a piece of work."""
        ...


class Ledger(Protocol):
    """What makes records durable before the next thing happens."""

    def commit(self, records: Sequence[Record], inbox: Inbox) -> None:
        """Make them durable, then put `Committed` or `NotTaken` into the inbox. Never blocks."""
        ...


class NoLedger:
    """Without a ledger the answer comes at once."""

    def commit(self, records: Sequence[Record], inbox: Inbox) -> None:
        """Answer at once."""
        for news in answers_at_once(records):
            inbox.put(news)


class Loop:
    """Runs a machine to its end. `clock` is seconds, monotonic."""

    def __init__(
        self,
        machine: Machine,
        backend: Backend,
        ledger: Ledger,
        *,
        clock: Callable[[], float],
        listeners: Sequence[Listener],
        ticks: Sequence[Callable[[float], None]] = (),
    ) -> None:
        self.inbox: Inbox = SimpleQueue()
        self._machine = machine
        self._backend = backend
        self._ledger = ledger
        self._clock = clock
        self._listeners = tuple(listeners)
        self._ticks = tuple(ticks)
        self._timers: list[tuple[float, int, News | Poll | Fetch]] = []
        self._order = count()
        self._start = 0.0
        self._next_tick = _TICK

    def run(self) -> None:
        """Run until the machine is over. Blocks."""
        self._start = self._clock()
        self._carry_out(self._machine.begin(0.0))
        while not self._machine.over:
            self._fire()
            news = self._wait()
            if news is not None:
                self._carry_out(self._machine.handle(news, self._now()))

    def _now(self) -> float:
        return self._clock() - self._start

    def _wait(self) -> News | None:
        """The next news, or None when a timer is due first."""
        if self._machine.over:
            return None
        try:
            return self.inbox.get_nowait()
        except Empty:
            pass
        now = self._now()
        due = self._timers[0][0] if self._timers else now + _TICK
        if self._ticks:
            due = min(due, self._next_tick)
        try:
            return self.inbox.get(timeout=max(0.0, due - now))
        except Empty:
            return None

    def _fire(self) -> None:
        """Do what is due."""
        now = self._now()
        while self._timers and self._timers[0][0] <= now and not self._machine.over:
            due = heapq.heappop(self._timers)[-1]
            if isinstance(due, Poll | Fetch):
                self._backend.carry_out(due, self.inbox)
            else:
                self._carry_out(self._machine.handle(due, now))
        if self._ticks and now >= self._next_tick:
            self._next_tick = now + _TICK
            for tick in self._ticks:
                tick(now)

    def _carry_out(self, instructions: list[Instruction]) -> None:
        for each in instructions:
            match each:
                case Tell(event):
                    for listener in self._listeners:
                        listener(event)
                case Submit() | Publish() | Cancel():
                    self._backend.carry_out(each, self.inbox)
                case Poll(at=at) | Fetch(at=at):
                    heapq.heappush(self._timers, (at, next(self._order), each))
                case Wake():
                    news = Woken(each.alarm, each.ticket, each.generation)
                    heapq.heappush(self._timers, (each.at, next(self._order), news))
                case Commit(records):
                    self._ledger.commit(records, self.inbox)
