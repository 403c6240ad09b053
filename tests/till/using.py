"""The till's plug-in at a till: calls, tools, and a job asked for until it ends."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from support.sinks import call_of, tools_in
from support.till.provider import till
from support.till.starting import Till

from aipipe.contracts.call import Call, Job, Receipt
from aipipe.contracts.outcome import FetchOutcome, Finished, Pending, PollOutcome, SubmitOutcome
from aipipe.contracts.tools import Tools

PROVIDER = till()
HASTY = till(silence=0.1)
"""Gives up soon: for answers that never come."""
MOST_POLLS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """Somebody with a folder who buys at a till."""

    folder: Path
    tools: Tools
    told: list[tuple[Job, Receipt | None]]

    def submit(self, prompt: str, endpoint: str = "jobs/text") -> SubmitOutcome:
        assert PROVIDER.submit is not None
        return PROVIDER.submit(call(prompt, endpoint), self.tools)

    def submit_in_haste(self, prompt: str, endpoint: str) -> SubmitOutcome:
        assert HASTY.submit is not None
        return HASTY.submit(call(prompt, endpoint), self.tools)

    def poll(self, job: Job) -> PollOutcome:
        assert PROVIDER.poll is not None
        return PROVIDER.poll(job, call("", "jobs/text"), self.tools)

    def last(self, job: Job) -> PollOutcome:
        """What a job answers in the end."""
        for _ in range(MOST_POLLS):
            outcome = self.poll(job)
            if not isinstance(outcome, Pending):
                return outcome
        raise AssertionError("the job does not end")

    def fetch(self, result: Job) -> FetchOutcome:
        assert PROVIDER.fetch is not None
        return PROVIDER.fetch(result, call("", "jobs/text"), self.tools)

    def text(self, result: Job) -> str:
        outcome = self.fetch(result)
        assert isinstance(outcome, Finished), outcome
        return self.tools.sink.text_of(outcome.produced.artefacts[0])


def buyer(till: Till, folder: Path, **environment: str) -> Buyer:
    known = {**till.environment, **environment}
    told: list[tuple[Job, Receipt | None]] = []
    tools = replace(
        tools_in(folder),
        secret=known.get,
        answered=keeping(folder, told),
    )
    return Buyer(folder=folder, tools=tools, told=told)


def call(prompt: str, endpoint: str) -> Call:
    return replace(call_of("provider:till", inputs={"prompt": prompt}), endpoint=endpoint)


def keeping(
    folder: Path, told: list[tuple[Job, Receipt | None]]
) -> Callable[[Job, Receipt | None, Iterable[bytes]], Job]:
    def keep(job: Job, receipt: Receipt | None, body: Iterable[bytes]) -> Job:
        told.append((job, receipt))
        content = b"".join(body)
        path = folder / "answer"
        path.write_bytes(content)
        sha256 = hashlib.sha256(content).hexdigest()
        return replace(job, data={**job.data, "answer": str(path), "sha256": sha256})

    return keep
