"""A run in simulated time: the machine, and a world that answers when it is told to."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aipipe.contracts.artefact import ArtefactRef
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.event import RunEnded, RunEvent, StepEnded, StepStarted, StepWaiting
from aipipe.contracts.outcome import Failed, Finished, Problem, Stopped, SubmitOutcome
from aipipe.planning.plan import Plan
from aipipe.running.desk import Terms
from aipipe.running.instructions import (
    Cancel,
    Commit,
    Decided,
    News,
    Poll,
    Polled,
    Publish,
    PublishEnded,
    Record,
    StopRequested,
    Submit,
    Submitted,
    Tell,
    Wake,
    Woken,
    answers_at_once,
)
from aipipe.running.machine import Machine
from aipipe.running.values import Binder

BROKEN = Problem(code="test.broken", message="it broke")


def made(text: str) -> ArtefactRef:
    """A text artefact."""
    return ArtefactRef(sha256=text, medium="text", extension="txt", bytes=len(text), text=text)


def succeed(call: Call) -> SubmitOutcome:
    """Every call makes a text that is called like its task."""
    return Finished(produced=Produced(artefacts=(made(call.task),)))


def fail(_call: Call) -> SubmitOutcome:
    """Every call fails for good."""
    return Failed(problem=BROKEN)


@dataclass
class Story:
    """What happened in a run."""

    events: list[RunEvent] = field(default_factory=list)
    sent: list[Call] = field(default_factory=list)
    in_flight: int = 0
    most_in_flight: int = 0
    seconds: float = 0.0
    max_open: int = 0

    @property
    def ends(self) -> dict[str, str]:
        """How each task ended."""
        return {e.task: str(e.status) for e in self.events if isinstance(e, StepEnded)}

    @property
    def started(self) -> list[str]:
        """The tasks that began, in that order."""
        return [e.task for e in self.events if isinstance(e, StepStarted)]

    @property
    def end(self) -> RunEnded:
        """How the run ended."""
        last = self.events[-1]
        assert isinstance(last, RunEnded)
        return last


def tell(  # noqa: PLR0913 (what a test may say of the world)
    plan: Plan,
    *,
    answers: Mapping[str, Callable[[Call], SubmitOutcome]] | None = None,
    otherwise: Callable[[Call], SubmitOutcome] = succeed,
    seconds: Callable[[Call], float] = lambda _call: 1.0,
    poll: Callable[[Poll], Any] | None = None,
    stop_at: tuple[float, StopRequested] | None = None,
    decisions: Mapping[str, tuple[float, bool]] | None = None,
    seed: int = 0,
    heard: Callable[[float], None] = lambda _now: None,
    ledger: Callable[[Sequence[Record]], Iterator[News]] = answers_at_once,
    **terms: Any,
) -> Story:
    """Run a plan to its end; `answers` by task path say how calls end, `heard` hears the time.

    `ledger` answers what is to be made durable; `decisions` are a person's, by path: after how
    many seconds, and whether it is a yes.
    """
    given: dict[str, Any] = {
        "run": "test",
        "max_workers": 32,
        "concurrency": lambda _provider: 100,
        "hold_of": lambda _task, _call: 0,
        "likely_of": lambda _task, _call: 0,
        "random": random.Random(seed).random,
        "asks": decisions is not None,
    }
    machine = Machine(
        plan, Terms(**{**given, **terms}), Binder(run="test", pipeline="story", read_text=str)
    )
    world = _World(machine, answers or {}, otherwise, seconds, poll, heard)
    world.ledger = ledger
    world.decisions = decisions or {}
    if stop_at is not None:
        world.later(stop_at[0], stop_at[1])
    return world.run()


class _World:
    def __init__(
        self,
        machine: Machine,
        answers: Any,
        otherwise: Any,
        seconds: Any,
        poll: Any,
        heard: Callable[[float], None],
    ) -> None:
        self.machine = machine
        self.answers = answers
        self.otherwise = otherwise
        self.seconds = seconds
        self.poll = poll
        self.heard = heard
        self.ledger: Callable[[Sequence[Record]], Iterator[News]] = answers_at_once
        self.story = Story()
        self.decisions: Mapping[str, tuple[float, bool]] = {}
        self.queue: list[tuple[float, int, News | Poll]] = []
        self.order = count()
        self.now = 0.0
        self.calls: dict[int, Call] = {}
        self.cancelled: set[int] = set()

    def later(self, at: float, news: News | Poll) -> None:
        heapq.heappush(self.queue, (at, next(self.order), news))

    def run(self) -> Story:
        self.carry_out(self.machine.begin(0.0))
        while not self.machine.over:
            assert self.queue, "the run waits for nothing"
            self.now, _, news = heapq.heappop(self.queue)
            self.heard(self.now)
            if isinstance(news, Submitted):
                self.story.in_flight -= 1
                if news.ticket in self.cancelled:
                    news = Submitted(news.ticket, Stopped())
            if isinstance(news, Poll):
                news = Polled(news.ticket, self.poll(news))
            self.carry_out(self.machine.handle(news, self.now))
        self.story.seconds = self.now
        return self.story

    def carry_out(self, instructions: list[Any]) -> None:  # noqa: C901 (a case for each)
        for each in instructions:
            match each:
                case Tell(event):
                    self.story.events.append(event)
                    if isinstance(event, StepWaiting) and event.task in self.decisions:
                        seconds, agrees = self.decisions[event.task]
                        self.later(self.now + seconds, Decided(event.task, agrees))
                case Submit():
                    self._submit(each)
                case Publish():
                    self.later(self.now, PublishEnded(each.ticket, ()))
                case Poll():
                    self.later(each.at, each)
                case Wake():
                    self.later(each.at, Woken(each.alarm, each.ticket, each.generation))
                case Commit(records):
                    for news in self.ledger(records):
                        self.later(self.now, news)
                case Cancel():
                    self.cancelled.add(each.ticket)

    def _submit(self, work: Submit) -> None:
        story = self.story
        story.sent.append(work.call)
        story.in_flight += 1
        story.most_in_flight = max(story.most_in_flight, story.in_flight)
        answer = self.answers.get(work.call.task, self.otherwise)
        self.later(self.now + self.seconds(work.call), Submitted(work.ticket, answer(work.call)))
