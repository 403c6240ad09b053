"""The beginning of a call: made, afforded, committed, sent; and the money that it holds."""

from dataclasses import replace

from aipipe.contracts.call import Call
from aipipe.contracts.event import Noticed, StepStarted
from aipipe.contracts.outcome import NotSent, Problem, problem_of
from aipipe.contracts.status import Status
from aipipe.errors import StepError
from aipipe.running import policy, problems, racing, values
from aipipe.running.budget import Room, hold, room, settle
from aipipe.running.cells import Phase, TaskCell
from aipipe.running.closures import Closures, exceeded
from aipipe.running.desk import Desk
from aipipe.running.dispatch import Dispatch
from aipipe.running.instructions import (
    Alarm,
    Answered,
    Commit,
    Fetch,
    Intent,
    Record,
    Submit,
    Wake,
)
from aipipe.running.polls import Polls
from aipipe.running.tree import Tree
from aipipe.running.values import GapError


class Calls:
    """Starts calls as slots and money allow."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.dispatch = Dispatch(desk)
        self.polls = Polls(desk)
        self.tree = Tree(desk, self.queue)
        self._next_ticket = 0
        self.held: list[TaskCell] = []
        """Those whose intents are kept, and which are sent unless their race is won for nothing."""
        self._parked: list[TaskCell] = []
        self._closures = Closures()
        self._records: list[Record] = []

    def queue(self, cell: TaskCell) -> None:
        """A task starts as soon as there is room, unless its provider or model is closed."""
        problem = self._closures.why(cell.template)
        if problem is None:
            self.dispatch.queue(cell)
        else:
            self.fail(cell, problem)

    def fail(self, cell: TaskCell, problem: Problem) -> None:
        """A task's call has failed for good, its hold settled: another model's turn, or the end.

        Not for calls that nobody knows about, nor for those whose result may still come.
        """
        fallbacks = cell.template.fallbacks
        if not fallbacks or self.begins_nothing(cell):
            self.tree.end(cell, Status.FAILED, problem=problem)
            return
        failed, first = cell.template, fallbacks[0]
        cell.template = replace(
            first, number=failed.number, occurrence=failed.occurrence, fallbacks=fallbacks[1:]
        )
        cell.begin_anew()
        cell.attempts, cell.refused, cell.has_switched = 0, None, True
        told = f"{cell.path}: '{failed.model}' failed ({problem.code}), '{first.model}' takes over"
        self._desk.tell(Noticed(at=self._desk.now, level="warning", message=told))
        self.queue(cell)

    def begins_nothing(self, cell: TaskCell) -> bool:
        """Whether no further call of a task is made: its run is stopping, or its race is over."""
        return self._desk.stop is not None or racing.lost(cell) is not None

    def start(self, cell: TaskCell) -> Call | None:
        """Make a task's call, hold its price and send it; gives calls that need no sending."""
        call = self._made(cell)
        if call is None or not self._afford(cell, call):
            return None
        cell.attempts += 1
        cell.call = call
        if cell.started_at is None:
            self._begin(cell)
        if policy.is_bookkeeping(cell.template, call):
            return call
        if cell.template.is_remote:
            cell.phase = Phase.COMMITTING
            self.record(self._intent(cell, call))
        else:
            self.send(cell)
        return None

    def _intent(self, cell: TaskCell, call: Call) -> Intent:
        return Intent(
            cell.ticket,
            cell.path,
            call,
            cell.held or 0,
            self._desk.terms.likely_of(cell.template, call),
            tuple((p.path, p.cap) for p in cell.scope.purses if p.path and p.cap is not None),
            cell.refused,
        )

    def send(self, cell: TaskCell) -> None:
        """Send a call whose intent is durable, or needs none."""
        if cell.ended or cell.call is None:
            return
        cell.phase = Phase.RUNNING
        self._desk.ask(Submit(cell.ticket, cell.call, cell.template.heavy))

    def record(self, record: Record) -> None:
        """Have something made durable, in the order in which it comes."""
        self._records.append(record)

    def commit(self) -> None:
        """Ask for all new records to be made durable together."""
        if self._records:
            self._desk.ask(Commit(tuple(self._records)))
            self._records = []

    def committed(self, ticket: int) -> None:
        """What a task waited for is durable: its call is sent, or its job asked for."""
        cell = self._desk.alive(ticket)
        if cell is None or cell.call is None:
            return
        if cell.phase is Phase.COMMITTING:
            self.held.append(cell)
        elif cell.made is not None:
            self._desk.ask(Fetch(cell.ticket, cell.call, cell.made, self._desk.now))
        elif cell.job is not None:
            self.polls.known(cell)

    def send_unless_closed(self, cell: TaskCell) -> None:
        """Send a call, or keep that it was never sent: its model closed while it was kept."""
        problem = self._closures.why(cell.template)
        if problem is None:
            self.send(cell)
            return
        self.record(Answered(cell.ticket, NotSent(problem=problem), 0))
        self.close(cell, spent=0)
        self.fail(cell, problem)

    def close(self, cell: TaskCell, *, spent: int) -> None:
        """Give a call's slots back and end its hold; those that waited for money try again."""
        self.dispatch.free(cell)
        cell.billed += spent
        if cell.held is None:
            return
        settle(cell.scope.purses, cell.held, spent)
        cell.held = None
        self._compare(cell, spent)
        parked, self._parked = self._parked, []
        for each in parked:
            if not each.ended:
                self.queue(each)

    def close_provider(self, provider: str, problem: Problem) -> None:
        """No call to this provider can succeed: those that wait end, nothing new starts."""
        self._closures.close_provider(provider, problem)
        self._requeue()

    def _compare(self, cell: TaskCell, spent: int) -> None:
        """Close the model of a call that cost more than its worst case: no cap can be kept."""
        worst = None if cell.call is None else self._desk.terms.hold_of(cell.template, cell.call)
        if worst is None or spent <= worst:
            return
        problem = exceeded(spent, worst)
        if self._closures.close_model(cell.template, problem):
            told = f"'{cell.template.model}' {problem.message}: no further call to it starts"
            self._desk.tell(Noticed(at=self._desk.now, level="warning", message=told))
            self._requeue()

    def _requeue(self) -> None:
        for cell in self.dispatch.drain():
            if not cell.ended:
                self.queue(cell)

    def drop_waiting(self) -> None:
        """Forget all that waits for slots or money: the run is stopping."""
        self.dispatch.drain()
        self._parked = []

    def _made(self, cell: TaskCell) -> Call | None:
        try:
            anew = self._desk.terms.anew(cell.template, cell.path)
            return self._desk.binder.call(cell, anew=anew)
        except GapError as gap:
            self.dispatch.free(cell)
            self.tree.end(cell, Status.SKIPPED, problem=problems.needs(gap.step))
        except StepError as error:
            self.dispatch.free(cell)
            self.tree.end(cell, Status.FAILED, problem=problem_of(error))
        return None

    def _begin(self, cell: TaskCell) -> None:
        cell.started_at = self._desk.now
        cell.ticket = self._next_ticket
        cell.label = values.describe_task(cell.template, policy.item_of(cell))
        self._next_ticket += 1
        self._desk.tickets[cell.ticket] = cell
        self._desk.tell(
            StepStarted(
                at=self._desk.now,
                task=cell.path,
                template=cell.template.number,
                label=cell.label,
                order=cell.order,
            )
        )
        if cell.template.timeout is not None:
            at = self._desk.now + cell.template.timeout
            self._desk.ask(Wake(at, Alarm.TIMEOUT, cell.ticket))

    def _afford(self, cell: TaskCell, call: Call) -> bool:
        """Hold a call's worst case. False: it waits for room.

        Where there can be none, an earlier call may still stand in.
        """
        if not cell.template.is_remote:
            return True
        cell.refused = None
        purses = cell.scope.purses
        worst = self._desk.terms.hold_of(cell.template, call)
        match room(purses, worst):
            case Room.ENOUGH:
                cell.held = hold(purses, worst)
                return True
            case Room.LATER:
                cell.phase = Phase.PARKED
                self._parked.append(cell)
            case Room.NEVER:
                cell.refused = problems.over_cap(purses, worst)
                return True
        self.dispatch.free(cell)
        return False
