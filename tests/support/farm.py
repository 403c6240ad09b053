"""A provider of remote jobs in simulated time, which has a number of machines and counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from aipipe.contracts.call import Call, Job, Produced
from aipipe.contracts.limits import LimitsTold
from aipipe.contracts.outcome import (
    Accepted,
    Finished,
    Pending,
    PollOutcome,
    Rejected,
    SubmitOutcome,
)
from aipipe.running.instructions import Poll
from support.running import BROKEN, made


@dataclass
class Farm:
    """Takes as many jobs at once as it has machines, and refuses the others."""

    length: Callable[[Call], float]
    """Seconds that a job takes."""
    machines: int = 10_000
    tells: LimitsTold | None = None
    """Beside every answer to a call."""
    now: float = 0.0
    most: int = 0
    """The most jobs that were in its hands at once, those included that ended unnoticed."""
    refused: int = 0
    polls: dict[str, list[float]] = field(default_factory=dict)
    """When each job was asked for."""
    spans: dict[str, tuple[float, float]] = field(default_factory=dict)
    """When each job began, and when it ended."""
    _open: set[str] = field(default_factory=set)

    def hear(self, now: float) -> None:
        """It is so late."""
        self.now = now

    def submit(self, call: Call) -> SubmitOutcome:
        """A job, or a refusal."""
        if sum(self.spans[name][1] > self.now for name in self._open) >= self.machines:
            self.refused += 1
            return Rejected(problem=BROKEN, throttled=True, limits=self.tells)
        self.spans[call.task] = (self.now, self.now + self.length(call))
        self._open.add(call.task)
        self.most = max(self.most, len(self._open))
        return Accepted(job=Job(provider="farm", id=call.task), limits=self.tells)

    def poll(self, poll: Poll) -> PollOutcome:
        """What a job has come to."""
        name = poll.job.id
        self.polls.setdefault(name, []).append(self.now)
        if self.now < self.spans[name][1]:
            return Pending()
        self._open.remove(name)
        return Finished(produced=Produced(artefacts=(made(name),)))

    def late(self, name: str) -> float:
        """Seconds from a job's end until that was known."""
        return self.polls[name][-1] - self.spans[name][1]

    def age(self, name: str) -> float:
        """Seconds that a job took."""
        began, ended = self.spans[name]
        return ended - began
