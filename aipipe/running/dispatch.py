"""Which tasks may be in flight: the lanes that they wait in, and the slots that they hold."""

from collections.abc import Iterator

from aipipe.contracts.event import Noticed
from aipipe.contracts.limits import LimitsTold
from aipipe.planning.plan import Task
from aipipe.running import policy
from aipipe.running.cells import Phase, TaskCell
from aipipe.running.desk import Desk
from aipipe.running.instructions import Alarm, Wake
from aipipe.running.lanes import Ready
from aipipe.running.limits import Limit

_PROVIDER = "provider "
"""How the names of limits begin that providers' answers change."""
_LONG_PAUSE = 20.0
"""Seconds after which a run that begins nothing seems to hang."""


class Dispatch:
    """The ready tasks of a run and all its limits."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._ready = Ready()
        self._lanes: dict[tuple[str, str, bool], tuple[Limit, ...]] = {}
        self._limits: dict[str, Limit] = {}
        self._alarm: float | None = None
        self._told: dict[str, float] = {}
        """Until when each limit was said to be paused."""

    def queue(self, cell: TaskCell) -> None:
        """A task starts as soon as there is room for it."""
        cell.phase = Phase.READY
        task, parent = cell.template, cell.scope
        lane = (task.provider, task.model, task.heavy)
        limits = self._lanes.get(lane)
        if limits is None:
            limits = self._lanes[lane] = self._limits_of(task)
        key = (parent.limit_key, lane, policy.turn_of(parent))
        self._ready.push(key, (*parent.limits, *limits), cell, parent.item_order)

    def next(self) -> TaskCell | None:
        """The next task that may start, its slots taken."""
        if self._desk.stop is not None:
            return None
        cell = self._ready.pop(self._desk.now)
        while cell is not None and cell.ended:
            self.free(cell)
            cell = self._ready.pop(self._desk.now)
        return cell

    def free(self, cell: TaskCell) -> None:
        """Give back the slots that a task holds."""
        for limit in cell.limits or ():
            limit.give()
        cell.limits = None

    def learn(self, cell: TaskCell, told: LimitsTold | None) -> None:
        """An answer to a task's call told of its provider's limits."""
        if told is None:
            return
        for limit in _of_provider(cell):
            limit.learn(told, self._desk.now)
            if self._ready:
                self._tell_pause(cell, limit)

    def accepted(self, cell: TaskCell) -> None:
        """A task's call was accepted: what had narrowed widens again."""
        for limit in cell.limits or ():
            limit.accepted()

    def throttled(self, cell: TaskCell, retry_after: float | None) -> None:
        """A task's call was one too many: its provider's lane narrows."""
        for limit in _of_provider(cell):
            limit.throttled(self._desk.now, retry_after)
            self._tell_pause(cell, limit)

    def _tell_pause(self, cell: TaskCell, limit: Limit) -> None:
        """Say why nothing begins for so long, once for each pause."""
        now, ends = self._desk.now, limit.pause_ends(self._desk.now)
        if ends - now < _LONG_PAUSE or now < self._told.get(limit.name, now):
            return
        self._told[limit.name] = ends
        provider, seconds = cell.template.provider, round(ends - now)
        message = f"'{provider}' takes no more calls for {seconds} seconds: its limit is reached"
        self._desk.tell(Noticed(at=now, level="note", message=message))

    def drain(self) -> list[TaskCell]:
        """All ready tasks, taken out of their lanes."""
        return self._ready.drain()

    def woken(self) -> None:
        """The alarm rang."""
        self._alarm = None

    def watch(self) -> None:
        """Be woken when a paused or rated lane opens by itself."""
        if self._desk.stop is not None:
            return
        at = self._ready.opens_at(self._desk.now)
        if at is not None and (self._alarm is None or at < self._alarm):
            self._alarm = at
            self._desk.ask(Wake(at, Alarm.LANE))

    def limit(self, name: str, cap: int, *, rate: int | None = None, per: float = 1.0) -> Limit:
        """The limit of this name."""
        if name not in self._limits:
            self._limits[name] = Limit(name, cap, rate=rate, per=per)
        return self._limits[name]

    def _limits_of(self, task: Task) -> tuple[Limit, ...]:
        found = [self.limit("encoders", self._desk.terms.encoders)] if task.heavy else []
        if task.is_remote:
            found.extend(self._provider_limits(task))
            found.extend(self._model_limit(task))
        return tuple(found)

    def _provider_limits(self, task: Task) -> list[Limit]:
        """The provider's own, which learns, and with it what the file says, which stays."""
        cap = self._desk.terms.concurrency(task.provider)
        asked = self._desk.plan.limits.providers.get(task.provider)
        if asked is None:
            return [self.limit(f"{_PROVIDER}{task.provider}", cap)]
        most = asked.concurrency or self._desk.terms.max_workers
        return [
            self.limit(f"{_PROVIDER}{task.provider}", asked.concurrency or cap),
            self.limit(f"asked {task.provider}", most, rate=asked.rate, per=asked.per),
        ]

    def _model_limit(self, task: Task) -> list[Limit]:
        models = self._desk.plan.limits.models
        asked = models.get(task.asked) or models.get(task.model)
        if asked is None:
            return []
        cap = asked.concurrency or self._desk.terms.max_workers
        return [self.limit(f"model {task.model}", cap, rate=asked.rate, per=asked.per)]


def _of_provider(cell: TaskCell) -> Iterator[Limit]:
    return (limit for limit in cell.limits or () if limit.name.startswith(_PROVIDER))
