"""The life of steps: how they open, wait for each other, end, and what follows from that."""

from collections.abc import Callable

from aipipe.contracts.event import BatchExpanded
from aipipe.contracts.outcome import Problem
from aipipe.contracts.status import Status
from aipipe.planning.bindings import Item
from aipipe.planning.items import item_of
from aipipe.planning.plan import Batch, Chain, Group, Need, Task, Template
from aipipe.running import (
    approvals,
    conditions,
    lists,
    passed_over,
    policy,
    problems,
    racing,
    telling,
    values,
    verdicts,
)
from aipipe.running.approvals import Approvals
from aipipe.running.budget import Purse
from aipipe.running.cells import BatchCell, Cell, Container, Phase, TaskCell, lazily
from aipipe.running.desk import Desk, nano
from aipipe.running.limits import Limit
from aipipe.running.results import Results
from aipipe.running.values import GapError


class Tree:
    """The cells of a run. `ready` is told of each task that has all that it needs."""

    def __init__(self, desk: Desk, ready: Callable[[TaskCell], None]) -> None:
        self._desk = desk
        self._ready = ready
        self._approvals = Approvals(desk)
        self._limit_keys = 0
        self._items = 0

    def open(self, cell: Container) -> None:
        """Open a chain, a group or an item: all its children come to be."""
        template = cell.template
        cell.phase = Phase.RUNNING
        cell.opened_at = self._desk.now
        if isinstance(template, Group | Chain):
            self._bound(cell, template)
        children = template.children if not isinstance(template, Batch) else ()
        cell.open = len(children)
        for index, child in enumerate(children):
            cell.children.append(self._cell(child, cell, index))
        for child_cell in cell.children:
            self._await_needs(child_cell)
        if not children:
            self._desk.agenda.append((self._conclude, cell))

    def _bound(self, cell: Container, template: Chain | Group | Batch) -> None:
        """Give a container its own limit and its own purse."""
        workers = template.max_workers if isinstance(template, Group) else None
        if workers is not None:
            self._limit_keys += 1
            cell.limit_key = self._limit_keys
            cell.limits = (*cell.limits, Limit(cell.path, workers))
        if template.budget is not None:
            cell.purses = (*cell.purses, Purse(cap=nano(template.budget), path=cell.path))

    def _cell(self, template: Template, parent: Container, index: int) -> Cell:
        path = policy.path_of(template, parent)
        match template:
            case Task():
                return TaskCell(template, parent, index, path)
            case Batch():
                return BatchCell(template, parent, index, path)
            case Chain() | Group():
                return Container(template, parent, index, path)

    def _await_needs(self, cell: Cell) -> None:
        for need in cell.template.needs:
            other = values.target(cell, need.ref)
            if other.ended:
                self._need_met(cell, other, need)
            else:
                cell.waits += 1
                other.waiters.append((cell, need))
        if cell.waits == 0:
            self._desk.agenda.append((self._awake, cell))

    def _need_met(self, cell: Cell, other: Cell, need: Need) -> None:
        """Note why a cell can't run after another; a failure counts before all else."""
        if other.succeeded:
            return
        if other.status is Status.WAITING:
            cell.behind = cell.behind or approvals.behind(other)
        elif other.is_passed_over:
            if need.reads and not need.gathered and cell.doomed is None:
                cell.doomed = passed_over.needs(other.path)
        elif not need.tested and (cell.doomed is None or cell.doomed.code in passed_over.CODES):
            cell.doomed = policy.why_doomed(other, reads=need.reads) or cell.doomed

    def _awake(self, cell: Cell) -> None:
        """All that a cell waited for has ended."""
        if cell.ended:
            return
        if isinstance(cell, TaskCell) and not self._desk.plan.runs(cell.template.number):
            self._end_quietly(cell)
        elif (barred := self._barred(cell) or conditions.left_out(cell, self._desk)) is not None:
            status, problem = barred
            self.end(cell, status, problem=problem)
        elif self._approvals.is_needed(cell) and self._desk.plan.touches(cell.template):
            self._await_person(cell)
        else:
            self._set_off(cell)

    def _barred(self, cell: Cell) -> tuple[Status, Problem] | None:
        """Why a cell may not begin, and how it ends for that; None: it may."""
        if cell.doomed is not None:
            return Status.SKIPPED, cell.doomed
        if self._desk.stop is not None:
            return Status.CANCELLED, problems.STOPPED
        if cell.behind is not None:
            return Status.WAITING, cell.behind
        closed = policy.closed_by(cell)
        return None if closed is None else (Status.SKIPPED, closed)

    def _await_person(self, cell: Cell) -> None:
        if not self._approvals.hold(cell):
            self.end(cell, Status.WAITING, problem=approvals.asked(cell))

    def decided(self, path: str, *, agrees: bool) -> None:
        """Somebody has answered whether a step may begin."""
        cell = self._approvals.released(path)
        if cell is None:
            return
        barred = self._barred(cell)
        if barred is not None:
            self.end(cell, barred[0], problem=barred[1])
        elif agrees:
            cell.phase = Phase.WAITING
            self._set_off(cell)
        else:
            self.end(cell, Status.WAITING, problem=approvals.asked(cell))

    def _set_off(self, cell: Cell) -> None:
        if isinstance(cell, TaskCell):
            self._ready(cell)
        elif isinstance(cell, BatchCell):
            self._expand(cell)
        elif isinstance(cell, Container):
            self.open(cell)

    def _expand(self, cell: BatchCell) -> None:
        template = cell.template
        cell.phase = Phase.RUNNING
        cell.opened_at = self._desk.now
        self._bound(cell, template)
        if template.items is not None:
            cell.items = template.items
        elif template.source is not None:
            try:
                found = lists.list_of(self._desk.binder.value(template.source, cell))
            except GapError as gap:
                self.end(cell, Status.SKIPPED, problem=problems.needs(gap.step))
                return
            cell.items = lazily(found, lambda index: item_of(found[index], index))
            cell.gaps_fail = policy.has_failures(template.source, cell)
        cell.results = Results(len(cell.items))
        self._desk.tell(
            BatchExpanded(
                at=self._desk.now, task=cell.path, template=template.number, items=len(cell.items)
            )
        )
        self._refill(cell)

    def _refill(self, cell: BatchCell) -> None:
        """Open items until the window is full."""
        while (
            cell.next < len(cell.items)
            and cell.open < cell.template.window
            and cell.closed is None
            and self._desk.stop is None
        ):
            index, cell.next = cell.next, cell.next + 1
            item = cell.items[index]
            if item.value is None:
                cell.failures += cell.gaps_fail
                cell.passed_over += not cell.gaps_fail
                continue
            cell.open += 1
            self._open_item(cell, index, item)
        if cell.open == 0 and not cell.ended:
            self._desk.agenda.append((self._conclude, cell))

    def _open_item(self, cell: BatchCell, index: int, item: Item) -> None:
        path = f"{cell.path}[{item.key}]"
        inner = Container(cell.template.body, cell, index, path, item)
        self._items += 1
        inner.item_order = self._items
        cell.live[index] = inner
        self.open(inner)

    def end(self, cell: Cell, status: Status, *, problem: Problem | None = None) -> None:
        """End a cell, once and for all; what waits for it and what it stands in follow."""
        if cell.ended:
            return
        unopened = cell.phase in {Phase.WAITING, Phase.HELD}
        cell.phase = Phase.ENDED
        cell.status = status
        cell.problem = problem
        cell.passes = self._passes(cell)
        if not cell.succeeded:
            cell.value = None
        if isinstance(cell, TaskCell):
            telling.task_ended(cell, status, problem, self._desk)
            self._desk.tickets.pop(cell.ticket, None)
            cell.call = None
        elif isinstance(cell, Container):
            self._end_container(cell, unopened=unopened)
        self._release(cell)

    def _passes(self, cell: Cell) -> bool:
        """Whether what follows goes on without a cell that has no value."""
        if isinstance(cell, Container):
            return policy.passes(cell)
        return cell.status is Status.UNCONFIRMED and self._desk.terms.skips_doubtful

    def _end_container(self, cell: Container, *, unopened: bool) -> None:
        """Tell of a container's end, and of the steps that never came to be inside it."""
        status, problem = cell.status, cell.problem
        if status is None:
            return
        if unopened:
            self._end_inside(cell, status)
        if racing.is_race(cell) and status is Status.FAILED:
            self._desk.tally.container(status, ignored=policy.is_ignored(cell))
        if cell.item is None and cell.parent is not None:
            telling.container_ended(cell, status, problem, self._desk)

    def _end_inside(self, cell: Container, status: Status) -> None:
        """End the steps of a container that never opened, as it has ended."""
        if isinstance(cell.template, Batch):
            self._desk.tally.container(status, ignored=policy.is_ignored(cell))
            return
        inner = approvals.behind(cell) if status is Status.WAITING else cell.problem
        for index, template in enumerate(cell.template.children):
            self.end(self._cell(template, cell, index), status, problem=inner)

    def _end_quietly(self, cell: Cell) -> None:
        """End a task that is not part of this run: nobody is told, nothing fails."""
        cell.phase = Phase.ENDED
        cell.status = Status.SKIPPED
        self._release(cell)

    def _release(self, cell: Cell) -> None:
        for waiter, need in cell.waiters:
            waiter.waits -= 1
            self._need_met(waiter, cell, need)
            if waiter.waits == 0:
                self._desk.agenda.append((self._awake, waiter))
        cell.waiters = []
        if cell.parent is not None:
            self._child_ended(cell.parent, cell)

    def _child_ended(self, parent: Container, cell: Cell) -> None:
        parent.open -= 1
        parent.billed += values.spent_by(cell)
        if parent.ended and parent.open >= 0:  # it was opened, and a branch of it won
            self._desk.trailing -= 1
        self._count(parent, cell)
        if isinstance(parent, BatchCell):
            self._item_ended(parent, cell)
        elif cell.succeeded and racing.is_race(parent):
            self._crossed(parent, cell)
        elif parent.open == 0:
            self._desk.agenda.append((self._conclude, parent))
        elif policy.hopeless(parent, len(parent.children)):
            self._shut(parent)

    def _count(self, parent: Container, cell: Cell) -> None:
        if cell.succeeded:
            parent.successes += 1
        elif cell.is_passed_over:
            parent.passed_over += 1
        elif policy.has_failed(cell, self._desk.plan):
            parent.failures += 1

    def _crossed(self, race: Container, branch: Cell) -> None:
        """A branch of a race has succeeded: if it is the first, the race is over."""
        if race.winner is not None or race.ended:
            return
        if self._desk.terms.stops_losers:
            race.winner = branch
            self._desk.agenda.append((self._won, race))
        else:
            self._over(race, branch)

    def _won(self, cell: Cell) -> None:
        """Nothing new starts in a race that is over; what follows it goes on at once."""
        if cell.ended or not isinstance(cell, Container):
            return
        for waiting in list(policy.unstarted(cell)):
            self.end(waiting, Status.SKIPPED, problem=racing.lost(waiting))
        self._desk.won.append(cell)
        self._over(cell, cell.winner or cell)

    def _over(self, race: Container, winner: Cell) -> None:
        self._desk.trailing += race.open
        race.value = winner.value
        self.end(race, Status.DONE)

    def _item_ended(self, batch: BatchCell, cell: Cell) -> None:
        batch.live.pop(cell.index, None)
        if batch.results is not None:
            batch.results.put(cell.index, cell.value)
        if policy.hopeless(batch, len(batch.items)):
            self._shut(batch)
        self._refill(batch)

    def _shut(self, parent: Container) -> None:
        """Nothing new starts inside: the group can no longer succeed."""
        if parent.closed is not None:
            return
        parent.closed = policy.hopeless_problem(parent)
        if parent.failures == 0:
            self._desk.tally.container(Status.FAILED, ignored=policy.is_ignored(parent))
        for cell in list(policy.unstarted(parent)):
            self.end(cell, Status.SKIPPED, problem=parent.closed)

    def _conclude(self, cell: Cell) -> None:
        """A container whose children have all ended."""
        if cell.ended or not isinstance(cell, Container) or cell.open > 0:
            return
        status, problem = verdicts.verdict(
            cell, stopped=self._desk.stop is not None, plan=self._desk.plan
        )
        if status is Status.DONE:
            cell.value = policy.value_of(cell)
        elif cell.failures == 0:
            self._desk.tally.container(status, ignored=policy.is_ignored(cell))
        self.end(cell, status, problem=problem)
