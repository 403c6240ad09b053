"""What calls answer, and what follows: done, once more, polled again, or failed for good."""

from typing import assert_never

from aipipe.contracts.artefact import ArtefactRef
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.event import Noticed, StepProgressed, StepRetrying
from aipipe.contracts.in_flight import Running
from aipipe.contracts.outcome import (
    Accepted,
    Failed,
    Finished,
    Lost,
    Made,
    NotSent,
    Pending,
    Problem,
    Rejected,
    Stopped,
    SubmitOutcome,
    Unconfirmed,
    Unreadable,
)
from aipipe.contracts.status import Status
from aipipe.running import pauses, policy, problems, products, racing, values
from aipipe.running.calls import Calls
from aipipe.running.cells import Phase, TaskCell
from aipipe.running.desk import Desk
from aipipe.running.fetches import Fetches
from aipipe.running.instructions import (
    Alarm,
    Cancel,
    Polled,
    Progressed,
    Publish,
    PublishEnded,
    Submitted,
    Wake,
)
from aipipe.running.races import Races
from aipipe.running.receipts import Receipts


class Answers:
    """Takes in what the world says of calls in flight."""

    def __init__(self, desk: Desk, calls: Calls) -> None:
        self._desk = desk
        self._calls = calls
        self._polls = calls.polls
        self._receipts = Receipts(desk, calls)
        self.fetches = Fetches(desk, calls, self._receipts, self.finished)
        self.races = Races(desk, calls, self._receipts, self.fetches)
        self._names: set[str] = set()

    def submitted(  # noqa: C901 (a case for each outcome)
        self, news: Submitted
    ) -> None:
        """A call was carried out, accepted or refused."""
        cell = self._desk.alive(news.ticket)
        outcome = news.outcome
        self._receipts.record(news.ticket, cell, outcome)
        if cell is None:
            return
        self._learn(cell, outcome)
        match outcome:
            case Finished():
                self.finished(cell, outcome.produced)
            case Accepted():
                self._polls.accepted(cell, outcome)
                if self._desk.leaves:
                    self.fetches.interrupted(cell, problems.left(cell))
            case Made(result=result):
                cell.made = result
            case Lost():
                self.fetches.lost(cell, outcome)
            case Failed():
                self._failed(cell, outcome)
            case NotSent():
                self._again(cell, outcome.problem, billed=0)
            case Rejected():
                self._rejected(cell, outcome)
            case Unconfirmed():
                self.close(cell, Status.UNCONFIRMED, outcome.problem, spent=cell.held or 0)
            case Stopped():
                self.close(cell, Status.CANCELLED, racing.lost(cell) or problems.STOPPED)
            case _:
                assert_never(outcome)

    def polled(  # noqa: C901 (a case for each outcome)
        self, news: Polled
    ) -> None:
        """A remote job was asked for."""
        cell = self._desk.alive(news.ticket)
        outcome = news.outcome
        if not isinstance(outcome, Pending | NotSent | Unreadable):
            self._receipts.record(news.ticket, cell, outcome)
        if cell is None:
            return
        match outcome:
            case Pending():
                phase = "generating" if outcome.queue_position is None else "queued"
                self._tell_progress(cell, phase, outcome.fraction, outcome.queue_position)
                self._polls.pending(cell, outcome)
            case Finished():
                self.finished(cell, outcome.produced)
            case Made(result=result):
                cell.made, cell.vain = result, 0
            case Lost():
                self.fetches.lost(cell, outcome)
            case Failed():
                self._failed(cell, outcome)
            case Unreadable():
                self.fetches.leave(cell, Status.FAILED, outcome.problem)
            case NotSent():
                self._polls.vain(cell)
            case Stopped():
                self.close(cell, Status.CANCELLED, racing.lost(cell) or problems.STOPPED)
            case _:
                assert_never(outcome)

    def progressed(self, news: Progressed) -> None:
        """A call goes on."""
        cell = self._desk.alive(news.ticket)
        if cell is not None:
            self._tell_progress(cell, news.phase, news.fraction, news.queue_position)

    def finished(self, cell: TaskCell, produced: Produced) -> None:
        """A call has its outputs: what they cost is settled, and they are published."""
        self._calls.close(cell, spent=self._receipts.bill(cell, produced))
        self.deliver(cell, produced)

    def deliver(self, cell: TaskCell, produced: Produced) -> None:
        """A task has its outputs, new or reused: they are published."""
        self._tell_notes(cell, produced)
        caption = values.caption_of(cell.template, policy.item_of(cell))
        artefacts = values.labelled(produced.artefacts, caption)
        cell.value = products.value_of(cell, produced, artefacts)
        task = cell.template
        if task.output is None or not task.published or not artefacts or cell.call is None:
            self._calls.tree.end(cell, Status.REUSED if cell.reused else Status.DONE)
        else:
            self._publish(cell, cell.call, artefacts)

    def _tell_notes(self, cell: TaskCell, produced: Produced) -> None:
        cell.note = "; ".join((*produced.notes, *produced.warnings))
        told = [("note", each) for each in produced.notes]
        for level, each in (*told, *(("warning", each) for each in produced.warnings)):
            message = f"{cell.path}: {each}"
            self._desk.tell(Noticed(at=self._desk.now, level=level, message=message))

    def published(self, news: PublishEnded) -> None:
        """Outputs are in their places, or could not be put there."""
        cell = self._desk.alive(news.ticket)
        if cell is None:
            return
        cell.outputs = news.outputs
        done = Status.REUSED if cell.reused else Status.DONE
        status = done if news.problem is None else Status.FAILED
        self._calls.tree.end(cell, status, problem=news.problem)

    def retry(self, ticket: int, generation: int) -> None:
        """The time to try again has come."""
        cell = self._desk.alive(ticket)
        if cell is not None and cell.generation == generation:
            self._calls.queue(cell)

    def time_out(self, ticket: int) -> None:
        """A task has taken too long. It is never sent again, and a remote job goes on."""
        cell = self._desk.alive(ticket)
        if cell is None or cell.phase is Phase.PUBLISHING:
            return
        if cell.phase is Phase.COMMITTING:
            self._receipts.withdraw(cell)
        if cell.job is not None or cell.made is not None:
            self._receipts.release(cell)
        elif cell.call is not None and cell.phase is Phase.RUNNING:
            self._desk.ask(Cancel(cell.ticket, cell.call, None))
        self.close(cell, Status.FAILED, problems.timed_out(cell), spent=cell.held or 0)

    def stop(self, cell: TaskCell, running: Running) -> None:
        """The run is stopping: end a task that only waits, and cancel a call if that is asked."""
        if cell.phase in {Phase.RETRYING, Phase.READY, Phase.PARKED}:
            self._calls.tree.end(cell, Status.CANCELLED, problem=problems.STOPPED)
        elif cell.phase is Phase.COMMITTING:
            self._receipts.withdraw(cell)
            self.close(cell, Status.CANCELLED, problems.STOPPED)
        elif cell.phase is Phase.RUNNING and cell.call is not None:
            self._stop_running(cell, cell.call, running)

    def _stop_running(self, cell: TaskCell, call: Call, running: Running) -> None:
        if running is Running.LEAVE and (cell.job is not None or cell.made is not None):
            self.fetches.interrupted(cell, problems.left(cell))
        elif running is Running.CANCEL or (
            running is Running.LEAVE and not cell.template.is_remote
        ):
            self._receipts.cancelling(cell)
            self._desk.ask(Cancel(cell.ticket, call, cell.job))

    def close(
        self, cell: TaskCell, status: Status, problem: Problem | None, *, spent: int = 0
    ) -> None:
        """End a task, its slots given back and its hold settled."""
        self._calls.close(cell, spent=spent)
        self._calls.tree.end(cell, status, problem=problem)

    def _learn(self, cell: TaskCell, outcome: SubmitOutcome) -> None:
        """What an answer means for the calls that follow, while its slots are still held."""
        if isinstance(outcome, Accepted | Made | Rejected):
            self._calls.dispatch.learn(cell, outcome.limits)
        if isinstance(outcome, Finished | Accepted | Made):
            self._calls.dispatch.accepted(cell)

    def _failed(self, cell: TaskCell, outcome: Failed) -> None:
        spent = self._receipts.failed(cell, outcome)
        if outcome.retryable:
            self._again(cell, outcome.problem, billed=spent)
        else:
            self._calls.close(cell, spent=spent)
            self._ended(cell, outcome)

    def _ended(self, cell: TaskCell, outcome: Failed) -> None:
        if outcome.cancelled:
            self._calls.tree.end(cell, Status.CANCELLED, problem=outcome.problem)
        else:
            self._calls.fail(cell, outcome.problem)

    def _rejected(self, cell: TaskCell, outcome: Rejected) -> None:
        if outcome.closes_provider:
            self._calls.close_provider(cell.template.provider, outcome.problem)
        if outcome.throttled:
            self._throttled(cell, outcome.retry_after)
        elif outcome.retryable:
            self._again(cell, outcome.problem, billed=0)
        else:
            self._calls.close(cell, spent=0)
            self._calls.fail(cell, outcome.problem)

    def _throttled(self, cell: TaskCell, retry_after: float | None) -> None:
        """One call too many: the provider's lane narrows, and no attempt is used up."""
        self._calls.dispatch.throttled(cell, retry_after)
        cell.attempts -= 1
        self._calls.close(cell, spent=0)
        wait = pauses.THROTTLE_WAIT if retry_after is None else retry_after
        self.retry_at(cell, self._desk.now + wait)

    def _again(self, cell: TaskCell, problem: Problem, *, billed: int) -> None:
        """Try once more after a while, if any attempt is left."""
        retry = cell.template.retry
        self._calls.close(cell, spent=billed)
        if cell.attempts >= retry.max_attempts or self._calls.begins_nothing(cell):
            self._calls.fail(cell, problem)
            return
        delay = pauses.backoff(retry, cell.attempts, self._desk.terms.random())
        self._desk.tell(
            StepRetrying(
                at=self._desk.now,
                task=cell.path,
                template=cell.template.number,
                label=cell.label,
                problem=problem,
                attempt=cell.attempts + 1,
                max_attempts=retry.max_attempts,
                next_at=self._desk.now + delay,
            )
        )
        self.retry_at(cell, self._desk.now + delay)

    def retry_at(self, cell: TaskCell, at: float) -> None:
        """Let a task begin anew at a time, unless its run is stopping or its race is over."""
        if self._calls.begins_nothing(cell):
            why = racing.lost(cell) or problems.STOPPED
            self._calls.tree.end(cell, Status.CANCELLED, problem=why)
            return
        cell.phase = Phase.RETRYING
        cell.begin_anew()
        self._desk.ask(Wake(at, Alarm.RETRY, cell.ticket, cell.generation))

    def _publish(self, cell: TaskCell, call: Call, artefacts: tuple[ArtefactRef, ...]) -> None:
        names = self._desk.binder.names(cell, len(artefacts))
        taken = policy.taken(names, self._desk.plan, self._names)
        if taken is not None:
            self._calls.tree.end(cell, Status.FAILED, problem=taken)
            return
        cell.phase = Phase.PUBLISHING
        self._desk.ask(Publish(cell.ticket, call, artefacts, names))

    def _tell_progress(
        self, cell: TaskCell, phase: str, fraction: float | None, position: int | None
    ) -> None:
        self._desk.tell(
            StepProgressed(
                at=self._desk.now,
                task=cell.path,
                template=cell.template.number,
                phase=phase,
                fraction=fraction,
                queue_position=position,
            )
        )
