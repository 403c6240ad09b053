"""The life of a run as a pure state machine: news in, instructions out.

It does no input or output, reads no clock and starts no thread; so every law of a run can be
tested by feeding it news. `now` is in seconds since the run began.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import assert_never

from aipipe.contracts.call import Call, Produced
from aipipe.contracts.event import (
    BatchExpanded,
    ContainerEnded,
    InterruptRequested,
    RunEnded,
    RunStarted,
    Status,
    StepEnded,
    StepProgressed,
    StepRetrying,
    StepStarted,
)
from aipipe.contracts.outcome import (
    Accepted,
    Failed,
    Finished,
    NotSent,
    Pending,
    Problem,
    Rejected,
    Stopped,
    Unconfirmed,
)
from aipipe.errors import StepError
from aipipe.planning.items import item_of
from aipipe.planning.plan import Batch, Chain, Group, Item, Many, Plan, Task, Template
from aipipe.running import policy, values
from aipipe.running.budget import Purse, Room, hold, room, settle
from aipipe.running.cells import BatchCell, Cell, Container, Phase, TaskCell, lazily
from aipipe.running.instructions import (
    Alarm,
    Cancel,
    Commit,
    Committed,
    Instruction,
    Intent,
    News,
    Poll,
    Polled,
    Progressed,
    Publish,
    PublishEnded,
    Running,
    StopRequested,
    Submit,
    Submitted,
    Tell,
    Wake,
    Woken,
)
from aipipe.running.limits import Limit, Ready
from aipipe.running.results import Results
from aipipe.running.tally import Tally
from aipipe.running.values import NANO, Binder, GapError


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a run is allowed, and what it is told of the world. Amounts in nano-dollars."""

    run: str
    max_workers: int
    encoders: int = 2
    concurrency: Callable[[str], int]
    """Jobs in flight that a provider takes."""
    cap: int | None = None
    hold_of: Callable[[Task, Call], int | None]
    """The worst case of a call; None: unknown."""
    likely_of: Callable[[Task, Call], int]
    """What to write down where the provider reports nothing."""
    random: Callable[[], float]
    """From 0 to 1, for the jitter of retries."""
    strict: bool = False
    warnings: int = 0


class Machine:
    """One run. Call `begin`, then `handle` for every piece of news, until `over`."""

    def __init__(self, plan: Plan, terms: Terms, binder: Binder) -> None:
        self._plan = plan
        self._terms = terms
        self._binder = binder
        self._out: list[Instruction] = []
        self._agenda: deque[tuple[Callable[[Cell], None], Cell]] = deque()
        self._now = 0.0
        self._ready = Ready()
        self._lanes: dict[tuple[str, str, bool], tuple[Limit, ...]] = {}
        self._limits: dict[str, Limit] = {}
        self._tickets: dict[int, TaskCell] = {}
        self._next_ticket = 0
        self._limit_keys = 0
        self._items = 0
        self._parked: list[TaskCell] = []
        self._closed: dict[str, Problem] = {}
        self._stop: StopRequested | None = None
        self._lane_alarm: float | None = None
        self._intents: list[Intent] = []
        self._names: set[str] = set()
        self.tally = Tally()
        self.over = False
        self._root = Container(plan.root, None, 0, "")
        self._root.purses = (Purse(cap=terms.cap),)
        self._root.limits = (self._limit("run", terms.max_workers),)

    # --- the two ways in

    def begin(self, now: float) -> list[Instruction]:
        """Start the run."""
        self._now = now
        count = policy.planned_tasks(self._plan)
        self._tell(RunStarted(at=now, run=self._terms.run, tasks=count))
        self._open(self._root)
        return self._settled()

    def handle(self, news: News, now: float) -> list[Instruction]:
        """Take in one piece of news."""
        self._now = max(self._now, now)
        match news:
            case Progressed():
                self._progressed(news)
            case Submitted():
                self._submitted(news)
            case PublishEnded():
                self._publish_ended(news)
            case Committed():
                for ticket in news.tickets:
                    self._send(self._tickets[ticket])
            case Polled():
                self._polled(news)
            case Woken():
                self._woken(news)
            case StopRequested():
                self._stop_requested(news)
            case _:
                assert_never(news)
        return self._settled()

    def _settled(self) -> list[Instruction]:
        """Follow every consequence, start what can start, give what is asked of the world."""
        self._follow()
        while not self.over and (cell := self._next()) is not None:
            self._start(cell)
            self._follow()
        self._watch_lanes()
        if self._intents:
            self._out.append(Commit(tuple(self._intents)))
            self._intents = []
        if self._root.ended and not self.over:
            self._finish()
        out, self._out = self._out, []
        return out

    def _follow(self) -> None:
        while self._agenda:
            act, cell = self._agenda.popleft()
            act(cell)

    def _tell(self, event: object) -> None:
        self._out.append(Tell(event))  # type: ignore[arg-type] # one of RunEvent, by its callers

    # --- opening cells

    def _open(self, cell: Container) -> None:
        """Open a chain, a group or an item: all its children come to be."""
        template = cell.template
        cell.phase = Phase.RUNNING
        cell.opened_at = self._now
        if isinstance(template, Group):
            self._bound(cell, template)
        children = template.children if not isinstance(template, Batch) else ()
        cell.open = len(children)
        for index, child in enumerate(children):
            cell.children.append(self._cell(child, cell, index))
        for child_cell in cell.children:
            self._await_needs(child_cell)
        if not children:
            self._agenda.append((self._conclude, cell))

    def _bound(self, cell: Container, template: Group | Batch) -> None:
        """Give a group its own limit and its own purse."""
        workers = template.max_workers if isinstance(template, Group) else None
        if workers is not None:
            self._limit_keys += 1
            cell.limit_key = self._limit_keys
            cell.limits = (*cell.limits, Limit(cell.path, workers))
        if template.budget is not None:
            cell.purses = (*cell.purses, Purse(cap=nano(template.budget)))

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
                self._need_met(cell, other, reads=need.reads)
            else:
                cell.waits += 1
                other.waiters.append((cell, need.reads))
        if cell.waits == 0:
            self._agenda.append((self._awake, cell))

    def _need_met(self, cell: Cell, other: Cell, *, reads: bool) -> None:
        if not other.succeeded and cell.doomed is None:
            cell.doomed = policy.why_doomed(cell, other, reads=reads)

    def _awake(self, cell: Cell) -> None:
        """All that a cell waited for has ended."""
        if cell.ended:
            return
        if isinstance(cell, TaskCell) and not self._plan.runs(cell.template.number):
            self._end_quietly(cell)
        elif cell.doomed is not None:
            self._end(cell, Status.SKIPPED, problem=cell.doomed)
        elif self._stop is not None:
            self._end(cell, Status.CANCELLED, problem=policy.STOPPED)
        elif (closed := policy.closed_by(cell)) is not None:
            self._end(cell, Status.SKIPPED, problem=closed)
        elif isinstance(cell, TaskCell):
            self._queue(cell)
        elif isinstance(cell, BatchCell):
            self._expand(cell)
        elif isinstance(cell, Container):
            self._open(cell)

    # --- batches

    def _expand(self, cell: BatchCell) -> None:
        template = cell.template
        cell.phase = Phase.RUNNING
        cell.opened_at = self._now
        self._bound(cell, template)
        if template.items is not None:
            cell.items = template.items
        elif template.source is not None:
            try:
                found = values.list_of(self._binder.value(template.source, cell))
            except GapError as gap:
                self._end(cell, Status.SKIPPED, problem=policy.needs(gap.step))
                return
            cell.items = lazily(found, lambda index: item_of(found[index], index))
        cell.results = Results(len(cell.items))
        self._tell(
            BatchExpanded(
                at=self._now, task=cell.path, template=template.number, items=len(cell.items)
            )
        )
        self._refill(cell)

    def _refill(self, cell: BatchCell) -> None:
        """Open items until the window is full."""
        while (
            cell.next < len(cell.items)
            and cell.open < cell.template.window
            and cell.closed is None
            and self._stop is None
        ):
            index, cell.next = cell.next, cell.next + 1
            item = cell.items[index]
            if item.value is None:
                cell.failures += 1
                continue
            cell.open += 1
            self._open_item(cell, index, item)
        if cell.open == 0 and not cell.ended:
            self._agenda.append((self._conclude, cell))

    def _open_item(self, cell: BatchCell, index: int, item: Item) -> None:
        path = f"{cell.path}[{item.key}]"
        inner = Container(cell.template.body, cell, index, path, item)
        self._items += 1
        inner.item_order = self._items
        self._open(inner)

    # --- starting tasks

    def _queue(self, cell: TaskCell) -> None:
        """A task could start as soon as there is room for it."""
        cell.phase = Phase.READY
        task = cell.template
        parent = cell.parent
        assert parent is not None  # noqa: S101 (only the root has none)
        if task.provider in self._closed:
            self._end(cell, Status.FAILED, problem=self._closed[task.provider])
            return
        lane = (task.provider, task.model, task.heavy)
        limits = self._lanes.get(lane)
        if limits is None:
            limits = self._lanes[lane] = self._limits_of(task)
        key = (parent.limit_key, lane, policy.turn_of(parent))
        self._ready.push(key, (*parent.limits, *limits), cell, parent.item_order)

    def _limits_of(self, task: Task) -> tuple[Limit, ...]:
        found: list[Limit] = []
        if task.heavy:
            found.append(self._limit("encoders", self._terms.encoders))
        if not task.plugin.startswith("provider:"):
            return tuple(found)
        of_provider = self._plan.limits.providers.get(task.provider)
        of_model = self._plan.limits.models.get(task.asked) or self._plan.limits.models.get(
            task.model
        )
        cap = self._terms.concurrency(task.provider)
        if of_provider is not None:
            cap = of_provider.concurrency or cap
            rate, per = of_provider.rate, of_provider.per
            found.append(self._limit(f"provider {task.provider}", cap, rate=rate, per=per))
        else:
            found.append(self._limit(f"provider {task.provider}", cap))
        if of_model is not None:
            cap = of_model.concurrency or self._terms.max_workers
            found.append(
                self._limit(f"model {task.model}", cap, rate=of_model.rate, per=of_model.per)
            )
        return tuple(found)

    def _limit(self, name: str, cap: int, *, rate: int | None = None, per: float = 1.0) -> Limit:
        if name not in self._limits:
            self._limits[name] = Limit(name, cap, rate=rate, per=per)
        return self._limits[name]

    def _next(self) -> TaskCell | None:
        if self._stop is not None:
            return None
        cell = self._ready.pop(self._now)
        while cell is not None and cell.ended:
            self._free(cell)
            cell = self._ready.pop(self._now)
        return cell

    def _start(self, cell: TaskCell) -> None:
        """Make the call of a task and send it, as soon as its intent is durable."""
        cell.attempts += 1
        try:
            cell.call = self._binder.call(cell)
        except GapError as gap:
            cell.attempts -= 1
            self._free(cell)
            self._end(cell, Status.SKIPPED, problem=policy.needs(gap.step))
            return
        except StepError as error:
            self._free(cell)
            self._end(cell, Status.FAILED, problem=policy.problem_of(error))
            return
        if not self._afford(cell, cell.call):
            return
        if cell.started_at is None:
            self._begin_task(cell)
        if policy.is_bookkeeping(cell.template, cell.call):
            self._finished(cell, policy.bookkeep(cell.template, cell.call))
        elif cell.template.plugin.startswith("provider:"):
            cell.phase = Phase.COMMITTING
            self._intents.append(
                Intent(cell.ticket, cell.path, cell.call, cell.held or 0),
            )
        else:
            self._send(cell)

    def _begin_task(self, cell: TaskCell) -> None:
        cell.started_at = self._now
        cell.ticket = self._next_ticket
        cell.label = values.describe_task(cell.template, policy.item_of(cell))
        self._next_ticket += 1
        self._tickets[cell.ticket] = cell
        self._tell(
            StepStarted(
                at=self._now,
                task=cell.path,
                template=cell.template.number,
                label=cell.label,
                order=cell.order,
            )
        )
        if cell.template.timeout is not None:
            at = self._now + cell.template.timeout
            self._out.append(Wake(at, Alarm.TIMEOUT, cell.ticket))

    def _afford(self, cell: TaskCell, call: Call) -> bool:
        """Hold a call's worst case; where there is no room it is refused or waits."""
        if not cell.template.plugin.startswith("provider:"):
            return True
        purses = policy.purses_of(cell)
        worst = self._terms.hold_of(cell.template, call)
        match room(purses, worst):
            case Room.ENOUGH:
                cell.held = hold(purses, worst)
                return True
            case Room.LATER:
                cell.attempts -= 1
                self._free(cell)
                cell.phase = Phase.PARKED
                self._parked.append(cell)
                return False
            case Room.NEVER:
                cell.attempts -= 1
                self._free(cell)
                self._end(cell, Status.REFUSED, problem=policy.over_cap(purses, worst))
                return False

    def _send(self, cell: TaskCell) -> None:
        assert cell.call is not None  # noqa: S101 (made in _start)
        cell.phase = Phase.RUNNING
        self._out.append(Submit(cell.ticket, cell.call, cell.template.heavy))

    # --- how calls end

    def _submitted(self, news: Submitted) -> None:
        cell = self._tickets.get(news.ticket)
        if cell is None or cell.ended:
            return
        outcome = news.outcome
        match outcome:
            case Finished():
                self._accepted(cell)
                self._finished(cell, outcome.produced)
            case Accepted():
                self._accepted(cell)
                cell.job = outcome.job
                self._poll(cell, outcome.poll_after)
            case Failed():
                self._failed(cell, outcome)
            case NotSent():
                self._again(cell, outcome.problem, billed=0)
            case Rejected():
                self._rejected(cell, outcome)
            case Unconfirmed():
                self._close(cell, spent=cell.held or 0)
                self._end(cell, Status.UNCONFIRMED, problem=outcome.problem)
            case Stopped():
                self._close(cell, spent=0)
                self._end(cell, Status.CANCELLED, problem=policy.STOPPED)
            case _:
                assert_never(outcome)

    def _polled(self, news: Polled) -> None:
        cell = self._tickets.get(news.ticket)
        if cell is None or cell.ended:
            return
        outcome = news.outcome
        match outcome:
            case Pending():
                self._progress(cell, outcome.fraction, "generating", outcome.queue_position)
                self._poll(cell, outcome.poll_after)
            case Finished():
                self._finished(cell, outcome.produced)
            case Failed():
                self._failed(cell, outcome)
            case NotSent():
                self._poll(cell, policy.POLL_AGAIN)
            case Stopped():
                self._close(cell, spent=0)
                self._end(cell, Status.CANCELLED, problem=policy.STOPPED)
            case _:
                assert_never(outcome)

    def _accepted(self, cell: TaskCell) -> None:
        for limit in cell.limits or ():
            limit.accepted()

    def _poll(self, cell: TaskCell, after: float) -> None:
        assert cell.call is not None  # noqa: S101 (it was sent)
        assert cell.job is not None  # noqa: S101 (it was accepted)
        self._out.append(Poll(cell.ticket, cell.call, cell.job, self._now + after))

    def _failed(self, cell: TaskCell, outcome: Failed) -> None:
        if outcome.retryable:
            self._again(cell, outcome.problem, billed=outcome.billed_nano_usd)
            return
        self._close(cell, spent=outcome.billed_nano_usd)
        self._end(cell, Status.FAILED, problem=outcome.problem)

    def _rejected(self, cell: TaskCell, outcome: Rejected) -> None:
        if outcome.closes_provider:
            self._close_provider(cell.template.provider, outcome.problem)
        if outcome.throttled:
            for limit in cell.limits or ():
                if limit.name.startswith("provider "):
                    limit.throttled(self._now, outcome.retry_after)
            cell.attempts -= 1
            self._close(cell, spent=0)
            self._retry_at(cell, self._now + (outcome.retry_after or policy.THROTTLE_WAIT))
        elif outcome.retryable:
            self._again(cell, outcome.problem, billed=0)
        else:
            self._close(cell, spent=0)
            self._end(cell, Status.FAILED, problem=outcome.problem)

    def _close_provider(self, provider: str, problem: Problem) -> None:
        self._closed[provider] = problem
        for cell in self._ready.drain():
            if not cell.ended:
                self._queue(cell)

    def _again(self, cell: TaskCell, problem: Problem, *, billed: int) -> None:
        """Try once more after a while, if any attempt is left."""
        retry = cell.template.retry
        self._close(cell, spent=billed)
        if cell.attempts >= retry.max_attempts or self._stop is not None:
            self._end(cell, Status.FAILED, problem=problem)
            return
        delay = policy.backoff(retry, cell.attempts, self._terms.random())
        self._tell(
            StepRetrying(
                at=self._now,
                task=cell.path,
                template=cell.template.number,
                label=cell.label,
                problem=problem,
                attempt=cell.attempts + 1,
                max_attempts=retry.max_attempts,
                next_at=self._now + delay,
            )
        )
        self._retry_at(cell, self._now + delay)

    def _retry_at(self, cell: TaskCell, at: float) -> None:
        cell.phase = Phase.RETRYING
        cell.job = None
        cell.generation += 1
        self._out.append(Wake(at, Alarm.RETRY, cell.ticket, cell.generation))

    def _finished(self, cell: TaskCell, produced: Produced) -> None:
        billed = self._bill(cell, produced)
        self._close(cell, spent=billed)
        task = cell.template
        artefacts = values.labelled(produced.artefacts, cell.label)
        if produced.values is not None:
            cell.value = produced.values
        elif isinstance(task.produces, Many):
            cell.value = artefacts
        else:
            cell.value = artefacts[0] if artefacts else ()
        if task.output is None or not artefacts or cell.call is None:
            self._end(cell, Status.DONE)
            return
        self._publish(cell, cell.call, artefacts)

    def _publish(self, cell: TaskCell, call: Call, artefacts: tuple[object, ...]) -> None:
        names = self._binder.names(cell, len(artefacts))
        taken = policy.taken(names, cell, self._plan, self._names)
        if taken is not None:
            self._end(cell, Status.FAILED, problem=taken)
            return
        cell.phase = Phase.PUBLISHING
        self._out.append(Publish(cell.ticket, call, artefacts, names))  # type: ignore[arg-type]

    def _publish_ended(self, news: PublishEnded) -> None:
        cell = self._tickets.get(news.ticket)
        if cell is None or cell.ended:
            return
        cell.outputs = news.outputs
        status = Status.DONE if news.problem is None else Status.FAILED
        self._end(cell, status, problem=news.problem)

    def _bill(self, cell: TaskCell, produced: Produced) -> int:
        if produced.receipt is not None:
            cell.billed_known = not produced.receipt.computed
            return produced.receipt.nano_usd
        if not cell.template.plugin.startswith("provider:") or cell.call is None:
            return 0
        cell.billed_known = False
        return self._terms.likely_of(cell.template, cell.call)

    def _close(self, cell: TaskCell, *, spent: int) -> None:
        """Give a call's slots back and end its hold."""
        self._free(cell)
        cell.billed += spent
        if cell.held is not None:
            settle(policy.purses_of(cell), cell.held, spent)
            cell.held = None
            parked, self._parked = self._parked, []
            for each in parked:
                if not each.ended:
                    self._queue(each)

    def _free(self, cell: TaskCell) -> None:
        for limit in cell.limits or ():
            limit.give()
        cell.limits = None

    # --- how cells end

    def _end(self, cell: Cell, status: Status, *, problem: Problem | None = None) -> None:
        if cell.ended:
            return
        cell.phase = Phase.ENDED
        cell.status = status
        cell.problem = problem
        if not cell.succeeded:
            cell.value = None
        if isinstance(cell, TaskCell):
            self._tell_end(cell, status, problem)
            self._tickets.pop(cell.ticket, None)
            cell.call = None
        elif isinstance(cell, Container) and cell.item is None and cell.parent is not None:
            self._tell_container(cell, status, problem)
        self._release(cell)

    def _end_quietly(self, cell: Cell) -> None:
        """End a task that is not part of this run: nobody is told, nothing fails."""
        cell.phase = Phase.ENDED
        cell.status = Status.SKIPPED
        self._release(cell)

    def _release(self, cell: Cell) -> None:
        for waiter, reads in cell.waiters:
            waiter.waits -= 1
            self._need_met(waiter, cell, reads=reads)
            if waiter.waits == 0:
                self._agenda.append((self._awake, waiter))
        cell.waiters = []
        if cell.parent is not None:
            self._child_ended(cell.parent, cell)

    def _tell_end(self, cell: TaskCell, status: Status, problem: Problem | None) -> None:
        ignored = policy.is_ignored(cell)
        self.tally.add(cell, status, problem, ignored=ignored)
        if cell.started_at is None:
            cell.label = values.describe_task(cell.template, policy.item_of(cell))
        self._tell(
            StepEnded(
                at=self._now,
                task=cell.path,
                template=cell.template.number,
                label=cell.label,
                status=status,
                attempts=cell.attempts,
                seconds=self._now - cell.started_at if cell.started_at is not None else 0.0,
                billed=cell.billed,
                billed_known=cell.billed_known,
                outputs=cell.outputs,
                problem=problem,
                ignored=ignored and status is not Status.DONE,
                order=cell.order,
            )
        )

    def _tell_container(self, cell: Container, status: Status, problem: Problem | None) -> None:
        self._tell(
            ContainerEnded(
                at=self._now,
                task=cell.path,
                template=cell.template.number,
                status=status,
                seconds=self._now - cell.opened_at if cell.children or cell.open else 0.0,
                problem=problem,
            )
        )

    def _child_ended(self, parent: Container, cell: Cell) -> None:
        parent.open -= 1
        if cell.succeeded:
            parent.successes += 1
        elif not policy.is_left_out(cell, self._plan):
            parent.failures += 1
        if isinstance(parent, BatchCell):
            self._item_ended(parent, cell)
        elif parent.open == 0:
            self._agenda.append((self._conclude, parent))
        elif policy.hopeless(parent, len(parent.children)):
            self._shut(parent)

    def _item_ended(self, batch: BatchCell, cell: Cell) -> None:
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
        for cell in list(policy.unstarted(parent)):
            self._end(cell, Status.SKIPPED, problem=parent.closed)

    def _conclude(self, cell: Cell) -> None:
        """A container whose children have all ended."""
        if cell.ended or not isinstance(cell, Container) or cell.open > 0:
            return
        status, problem = policy.verdict(cell, stopped=self._stop is not None, plan=self._plan)
        if status is Status.DONE:
            cell.value = policy.value_of(cell)
        self._end(cell, status, problem=problem)

    # --- time and stopping

    def _progressed(self, news: Progressed) -> None:
        cell = self._tickets.get(news.ticket)
        if cell is not None and not cell.ended:
            self._progress(cell, news.fraction, news.phase, news.queue_position)

    def _progress(
        self, cell: TaskCell, fraction: float | None, phase: str, position: int | None
    ) -> None:
        self._tell(
            StepProgressed(
                at=self._now,
                task=cell.path,
                template=cell.template.number,
                phase=phase if position is None else "queued",
                fraction=fraction,
                queue_position=position,
            )
        )

    def _woken(self, news: Woken) -> None:
        match news.alarm:
            case Alarm.LANE:
                self._lane_alarm = None
            case Alarm.RETRY:
                cell = self._tickets.get(news.ticket)
                if cell is not None and cell.generation == news.generation and not cell.ended:
                    self._queue(cell)
            case Alarm.TIMEOUT:
                cell = self._tickets.get(news.ticket)
                if cell is not None and not cell.ended:
                    self._time_out(cell)

    def _time_out(self, cell: TaskCell) -> None:
        if cell.call is not None and cell.phase is Phase.RUNNING and cell.job is None:
            self._out.append(Cancel(cell.ticket, cell.call, None))
        spent = cell.held or 0
        self._close(cell, spent=spent)
        self._end(cell, Status.FAILED, problem=policy.timed_out(cell))

    def _watch_lanes(self) -> None:
        """Be woken when a paused or rated lane opens by itself."""
        if self.over or self._stop is not None:
            return
        at = self._ready.opens_at(self._now)
        if at is not None and (self._lane_alarm is None or at < self._lane_alarm):
            self._lane_alarm = at
            self._out.append(Wake(at, Alarm.LANE))

    def _stop_requested(self, news: StopRequested) -> None:
        if self._stop is not None:
            return
        self._stop = news
        running = [cell for cell in self._tickets.values() if not cell.ended]
        if news.signal is not None:
            self._tell(
                InterruptRequested(at=self._now, signal=news.signal, running=len(running))
            )
        self._ready.drain()
        self._parked = []
        for cell in running:
            self._stop_task(cell, news.running)
        for unstarted in list(policy.unstarted(self._root)):
            self._end(unstarted, Status.CANCELLED, problem=policy.STOPPED)

    def _stop_task(self, cell: TaskCell, running: Running) -> None:
        if cell.phase in {Phase.RETRYING, Phase.READY, Phase.PARKED}:
            self._end(cell, Status.CANCELLED, problem=policy.STOPPED)
        elif cell.phase is Phase.RUNNING and running is Running.CANCEL and cell.call is not None:
            self._out.append(Cancel(cell.ticket, cell.call, cell.job))

    def _finish(self) -> None:
        self.over = True
        status, code = self.tally.verdict(
            stop=self._stop, strict=self._terms.strict, warnings=self._terms.warnings
        )
        self._tell(
            RunEnded(
                at=self._now,
                run=self._terms.run,
                status=status,
                exit_code=code,
                seconds=self._now,
                billed=self.tally.billed,
                outputs=tuple(policy.last_outputs(self._root)),
            )
        )


def nano(amount: Decimal) -> int:
    """USD in nano-dollars, rounded up."""
    return int((amount * NANO).to_integral_value(ROUND_CEILING))
