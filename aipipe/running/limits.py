"""How many calls may be in flight, and which of the ready ones is next."""

import heapq
from collections import deque
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aipipe.running.cells import TaskCell

_BURST = 1.0
"""Seconds within which several refusals count as one."""


class Limit:
    """Slots for calls in flight. It halves when a provider says "too many", and recovers.

    `rate` starts at most that many calls per `per` seconds (a token bucket).
    """

    __slots__ = (
        "_ceiling",
        "_last_cut",
        "_per",
        "_rate",
        "_run",
        "_tokens",
        "_topped_up",
        "cap",
        "name",
        "paused_until",
        "used",
    )

    def __init__(self, name: str, cap: int, *, rate: int | None = None, per: float = 1.0) -> None:
        self.name = name
        self.cap = cap
        self.used = 0
        self.paused_until = 0.0
        self._ceiling = cap
        self._rate = rate
        self._per = per
        self._tokens = float(rate or 0)
        self._topped_up: float | None = None
        self._last_cut = float("-inf")
        self._run = 0

    def opens_at(self, now: float) -> float | None:
        """When a slot may be taken: `now`, a later time, or None: when one is given back."""
        if self.used >= self.cap:
            return None
        if self.paused_until > now:
            return self.paused_until
        return self._token_at(now)

    def _token_at(self, now: float) -> float:
        if self._rate is None:
            return now
        if self._topped_up is not None:
            grown = (now - self._topped_up) * self._rate / self._per
            self._tokens = min(float(self._rate), self._tokens + grown)
        self._topped_up = now
        if self._tokens >= 1.0 - 1e-9:
            return now
        return now + (1.0 - self._tokens) * self._per / self._rate

    def take(self) -> None:
        """Take a slot, and a token where there is a rate."""
        self.used += 1
        if self._rate is not None:
            self._tokens -= 1.0

    def give(self) -> None:
        """Give a slot back."""
        self.used -= 1

    def throttled(self, now: float, retry_after: float | None) -> None:
        """A call was refused for being one too many: halve, and wait out `retry_after` seconds."""
        self._run = 0
        if retry_after:
            self.paused_until = max(self.paused_until, now + retry_after)
        if now - self._last_cut < _BURST:
            return
        self._last_cut = now
        self.cap = max(1, min(self.cap, self.used + 1) // 2)

    def accepted(self) -> None:
        """A call was accepted: after as many as are allowed at once, allow one more."""
        if self.cap >= self._ceiling:
            return
        self._run += 1
        if self._run >= self.cap:
            self._run = 0
            self.cap += 1


class Lane:
    """Ready tasks that need the same limits: the first item first, then the longest path."""

    __slots__ = ("heap", "limits")

    def __init__(self, limits: Sequence[Limit]) -> None:
        self.limits = tuple(limits)
        self.heap: list[tuple[int, int, tuple[int, ...], int, TaskCell]] = []

    def opens_at(self, now: float) -> float | None:
        """When all limits have room; None: when a slot is given back."""
        latest = now
        for limit in self.limits:
            at = limit.opens_at(now)
            if at is None:
                return None
            latest = max(latest, at)
        return latest


class Ready:
    """All ready tasks: lanes take turns, slots are taken all or none."""

    def __init__(self) -> None:
        self._lanes: dict[Hashable, Lane] = {}
        self._turns: deque[Hashable] = deque()
        self._pushed = 0

    def __len__(self) -> int:
        return sum(len(lane.heap) for lane in self._lanes.values())

    def push(self, key: Hashable, limits: Sequence[Limit], cell: "TaskCell", item: int) -> None:
        """Add a task that could start, `item` being the number of its item as they were opened."""
        lane = self._lanes.get(key)
        if lane is None:
            lane = self._lanes[key] = Lane(limits)
            self._turns.append(key)
        self._pushed += 1
        entry = (item, -cell.template.depth, cell.order, self._pushed, cell)
        heapq.heappush(lane.heap, entry)

    def pop(self, now: float) -> "TaskCell | None":
        """The next task that may start, its slots taken; None: no lane has room now."""
        for _ in range(len(self._turns)):
            key = self._turns[0]
            lane = self._lanes[key]
            if not lane.heap:
                self._turns.popleft()
                del self._lanes[key]
                continue
            self._turns.rotate(-1)
            at = lane.opens_at(now)
            if at is not None and at <= now:
                cell = heapq.heappop(lane.heap)[-1]
                cell.limits = lane.limits
                for limit in lane.limits:
                    limit.take()
                return cell
        return None

    def opens_at(self, now: float) -> float | None:
        """When a paused or rated lane opens by itself; None: never."""
        times = [lane.opens_at(now) for lane in self._lanes.values() if lane.heap]
        return min((at for at in times if at is not None and at > now), default=None)

    def drain(self) -> "list[TaskCell]":
        """All that was ready, taken out."""
        cells = [entry[-1] for lane in self._lanes.values() for entry in lane.heap]
        self._lanes.clear()
        self._turns.clear()
        return cells
