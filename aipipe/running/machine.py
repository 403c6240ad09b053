"""The life of a run as a pure state machine: news in, instructions out.

It does no input or output, reads no clock and starts no thread; so every law of a run can be
tested by feeding it news. Times are in seconds since the run began.
"""

from itertools import chain
from typing import assert_never

from aipipe.contracts.event import RunEnded, RunStarted
from aipipe.contracts.status import Status
from aipipe.planning.plan import Plan
from aipipe.running import interrupts, policy, problems
from aipipe.running.answers import Answers
from aipipe.running.budget import Purse
from aipipe.running.calls import Calls
from aipipe.running.cells import Container
from aipipe.running.desk import Desk, Terms
from aipipe.running.instructions import (
    Alarm,
    Committed,
    Decided,
    Fetched,
    Instruction,
    News,
    NotTaken,
    Polled,
    Progressed,
    PublishEnded,
    Resumed,
    Reused,
    StopRequested,
    Submitted,
    Woken,
)
from aipipe.running.intents import Intents
from aipipe.running.values import Binder


class Machine:
    """One run. Call `begin`, then `handle` for every piece of news, until `over`."""

    def __init__(self, plan: Plan, terms: Terms, binder: Binder) -> None:
        self.over = False
        self._desk = Desk(plan, terms, binder)
        self._calls = Calls(self._desk)
        self._answers = Answers(self._desk, self._calls)
        self._intents = Intents(self._desk, self._calls, self._answers)
        self._root = Container(plan.root, None, 0, "")
        self._root.purses = (Purse(cap=terms.cap, spent=terms.spent),)
        self._root.limits = (self._calls.dispatch.limit("run", terms.max_workers),)

    def begin(self, now: float) -> list[Instruction]:
        """Start the run."""
        self._desk.now = now
        run, count = self._desk.terms.run, policy.planned_tasks(self._desk.plan)
        self._desk.tell(RunStarted(at=now, run=run, tasks=count))
        self._calls.tree.open(self._root)
        return self._settled()

    def handle(  # noqa: C901 (a case for each kind of news)
        self, news: News, now: float
    ) -> list[Instruction]:
        """Take in one piece of news."""
        self._desk.now = max(self._desk.now, now)
        match news:
            case Submitted():
                self._answers.submitted(news)
            case Progressed():
                self._answers.progressed(news)
            case PublishEnded():
                self._answers.published(news)
            case Polled():
                self._answers.polled(news)
            case Fetched():
                self._answers.fetches.fetched(news)
            case Committed(tickets):
                for ticket in tickets:
                    self._calls.committed(ticket)
                    self._answers.races.known(ticket)
            case NotTaken() | Reused() | Resumed():
                self._intents.answered(news)
            case Woken():
                self._woken(news)
            case Decided(task, agrees):
                self._calls.tree.decided(task, agrees=agrees)
            case StopRequested():
                self._stop(news)
            case _:
                assert_never(news)
        return self._settled()

    def _settled(self) -> list[Instruction]:
        """Follow every consequence, start what can start, give what is asked of the world."""
        self._follow()
        while (cell := self._calls.dispatch.next()) is not None:
            call = self._calls.start(cell)
            if call is not None:
                self._answers.finished(cell, policy.bookkeep(cell.template, call))
            self._follow()
        self._calls.dispatch.watch()
        self._calls.commit()
        if self._root.ended and not self._desk.trailing and not self.over:
            self._finish()
        out, self._desk.out = self._desk.out, []
        return out

    def _follow(self) -> None:
        self._desk.follow()
        self._answers.races.settle()

    def _woken(self, news: Woken) -> None:
        match news.alarm:
            case Alarm.LANE:
                self._calls.dispatch.woken()
            case Alarm.RETRY:
                self._answers.retry(news.ticket, news.generation)
            case Alarm.TIMEOUT:
                self._answers.time_out(news.ticket)

    def _stop(self, news: StopRequested) -> None:
        if self._desk.stop is not None:
            return
        self._desk.stop = news
        running = [cell for cell in self._desk.tickets.values() if not cell.ended]
        if news.signal is not None:
            self._desk.tell(interrupts.requested(news.signal, news.running, running, self._desk))
        self._calls.drop_waiting()
        for cell in running:
            self._answers.stop(cell, news.running)
        for unstarted in list(policy.unstarted(self._root)):
            self._calls.tree.end(unstarted, Status.CANCELLED, problem=problems.STOPPED)

    def _finish(self) -> None:
        self.over = True
        desk = self._desk
        status, code = desk.tally.verdict(stop=desk.stop, strict=desk.terms.strict)
        named = policy.named_outputs(self._root, desk.plan.outputs)
        outputs = chain.from_iterable(named.values()) if named else policy.last_outputs(self._root)
        desk.tell(
            RunEnded(
                at=desk.now,
                run=desk.terms.run,
                status=status,
                exit_code=code,
                seconds=desk.now,
                billed=desk.tally.billed,
                saved=desk.tally.saved,
                outputs=tuple(dict.fromkeys(outputs)),
                named_outputs=named,
            )
        )
