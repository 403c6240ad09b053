"""Which of the ready tasks is next: lanes of tasks that need the same limits take turns."""

import heapq
from collections import deque
from collections.abc import Hashable, Sequence

from aipipe.running.cells import TaskCell
from aipipe.running.limits import Limit


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

    def push(self, key: Hashable, limits: Sequence[Limit], cell: TaskCell, item: int) -> None:
        """Add a task that could start, `item` being the number of its item as they were opened."""
        lane = self._lanes.get(key)
        if lane is None:
            lane = self._lanes[key] = Lane(limits)
            self._turns.append(key)
        self._pushed += 1
        entry = (item, -cell.template.depth, cell.order, self._pushed, cell)
        heapq.heappush(lane.heap, entry)

    def pop(self, now: float) -> TaskCell | None:
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

    def drain(self) -> list[TaskCell]:
        """All that was ready, taken out."""
        cells = [entry[-1] for lane in self._lanes.values() for entry in lane.heap]
        self._lanes.clear()
        self._turns.clear()
        return cells
