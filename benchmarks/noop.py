"""What the other benchmarks share: a step that does nothing, and a provider of simulated jobs."""

import random
import tempfile
import time
from pathlib import Path

from aipipe.app import discover
from aipipe.app.options import Options
from aipipe.app.prepare import Prepared, prepare
from aipipe.app.setting import Setting, setting_of
from aipipe.contracts.call import Call, Job, Produced
from aipipe.contracts.outcome import Accepted, Finished, Pending, PollOutcome, SubmitOutcome
from aipipe.contracts.provider import Provider
from aipipe.contracts.step import StepType
from aipipe.contracts.tools import Tools

INTERVAL = 0.03
"""Seconds between two polls of a simulated job."""


def _nothing(call: Call, tools: Tools) -> Produced:
    del call, tools
    return Produced()


NOOP = StepType(
    name="noop",
    summary="Do nothing.",
    slots=(),
    produces=None,
    params={"seconds": {"type": "number", "description": "How long a simulated job takes."}},
    local=_nothing,
    heavy=False,
)


def _submit(call: Call, tools: Tools) -> SubmitOutcome:
    ends = tools.clock() + float(str(call.params["seconds"]))
    return Accepted(
        job=Job(provider="simulated", id=call.task, data={"ends": ends}), poll_after=INTERVAL
    )


def _poll(job: Job, call: Call, tools: Tools) -> PollOutcome:
    del call
    left = float(str(job.data["ends"])) - tools.clock()
    if left > 0:
        return Pending(poll_after=min(INTERVAL, left))
    return Finished(produced=Produced())


SIMULATED = Provider(
    name="simulated", title="Simulated", concurrency=100, submit=_submit, poll=_poll
)


def setting() -> Setting:
    """The package's plug-ins and the two above."""
    registry = discover.registry().with_plugins([NOOP, SIMULATED])
    return setting_of(registry, discover.catalog())


def prepared(text: str, folder: str, **more: object) -> Prepared:
    """A pipeline's text, ready to run."""
    file = Path(folder, "pipeline.yaml")
    file.write_text(text)
    options = Options(
        file=str(file),
        output_dir=str(Path(folder, "out")),
        environment={"AIPIPE_HOME": str(Path(folder, "home"))},
        **more,  # type: ignore[arg-type]
    )
    return prepare(options, setting())


def folder() -> "tempfile.TemporaryDirectory[str]":
    """A folder that goes."""
    return tempfile.TemporaryDirectory(prefix="aipipe-bench-")


def lengths(count: int) -> list[float]:
    """Job lengths from 0.5 to 3 seconds, the same every time."""
    chance = random.Random(1)
    return [round(0.5 + 2.5 * chance.random(), 3) for _ in range(count)]


def ideal(jobs: list[float], slots: int) -> float:
    """The makespan in seconds of starting jobs in order as slots come free."""
    free = [0.0] * slots
    for job in jobs:
        free.sort()
        free[0] += job
    return max(free)


def now() -> float:
    """Seconds, monotonic."""
    return time.perf_counter()
