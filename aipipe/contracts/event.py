"""What happens in a run, as it is told to progress, summary, run.json and the report.

Every event has `v` 1 and `at`, seconds since the run began. `task` is the path of one task
(`voices[17].clip`), `template` the number of its template in the plan. Money is nano-dollars.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, TypeAlias

from aipipe.contracts.artefact import ArtefactRef
from aipipe.contracts.in_flight import Running
from aipipe.contracts.outcome import Problem
from aipipe.contracts.status import Status

VERSION = 1


class RunStatus(StrEnum):
    """How a run ended."""

    DONE = "done"
    DONE_WITH_FAILURES = "done_with_failures"
    FAILED = "failed"
    REFUSED = "refused"
    UNCONFIRMED = "unconfirmed"
    WAITING = "waiting"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """An output in the output folder. `path` is relative to it, with `/`."""

    path: str
    artefact: ArtefactRef
    sha256: str
    """Of the published copy, which may have been converted and tagged."""
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What every event has."""

    v: ClassVar[int] = VERSION
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted(Event):
    """The plan is accepted and the first step is about to start."""

    run: str
    tasks: int | None
    """How many tasks there will be; None: an unknown number of items."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchExpanded(Event):
    """A batch knows its items; each adds the tasks of its body."""

    task: str
    template: int
    items: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepStarted(Event):
    """A task's call is on its way (first attempt)."""

    task: str
    template: int
    label: str
    """The template's label, with the item's key where that is what differs."""
    order: tuple[int, ...] = ()
    """Child and item indices from the top: sorts tasks as they are written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepProgressed(Event):
    """News of a running task: never kept, only shown."""

    task: str
    template: int
    phase: str
    """One word: `sending`, `queued`, `generating`, `downloading`, `encoding`, `saving`, …"""
    fraction: float | None = None
    queue_position: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRetrying(Event):
    """An attempt ended in a way that may safely be tried again."""

    task: str
    template: int
    label: str
    problem: Problem
    attempt: int
    """The attempt that comes next."""
    max_attempts: int
    next_at: float
    """Seconds since the run began."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepWaiting(Event):
    """A step with `approve` could begin, and nobody has agreed to it yet."""

    task: str
    template: int
    label: str
    question: str
    """What a person is asked; empty: only whether to go on."""
    order: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StepEnded(Event):
    """A task ended, once and for all."""

    task: str
    template: int
    label: str
    status: Status
    attempts: int = 0
    seconds: float = 0.0
    billed: int = 0
    billed_known: bool = True
    """False: the figure is computed from the price list, not reported."""
    outputs: tuple[Published, ...] = ()
    problem: Problem | None = None
    """Why it failed, was skipped (`needs hero`), refused or cancelled."""
    ignored: bool = False
    """Its failure does not count (`on_error: ignore`)."""
    order: tuple[int, ...] = ()
    """Child and item indices from the top: sorts tasks as they are written."""
    model: str = ""
    """The one that took the planned one's place (`fallback:`); empty: none did."""
    provider: str = ""
    """Who ran that one."""
    note: str = ""
    """What the user should know of how its outputs came about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerEnded(Event):
    """A group, batch or chain that was written in the file ended."""

    task: str
    template: int
    status: Status
    seconds: float = 0.0
    problem: Problem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed(Event):
    """Something the user should know while it runs."""

    level: str
    """`note` or `warning`."""
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InterruptRequested(Event):
    """Nothing new starts from here on; `running` tasks go on, are finished, or are cancelled."""

    signal: str
    running: int
    then: Running = Running.CANCEL
    """What becomes of them."""
    jobs: int = 0
    """Those that a provider has accepted."""
    sending: int = 0
    """Paid calls that no provider has answered yet."""
    providers: tuple[str, ...] = ()
    """Those of the jobs, by name."""
    at_most: int | None = 0
    """What the jobs and the calls being sent may cost, in nano-dollars; None: unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnded(Event):
    """The last event of a run."""

    run: str
    status: RunStatus
    exit_code: int
    seconds: float
    billed: int
    saved: int = 0
    outputs: tuple[str, ...] = field(default=())
    """Paths of what the outputs are that the file names, else of what the last step published.

    They are relative to the output folder.
    """
    named_outputs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Those paths by the output's name."""


RunEvent: TypeAlias = (
    RunStarted
    | BatchExpanded
    | StepStarted
    | StepProgressed
    | StepRetrying
    | StepWaiting
    | StepEnded
    | ContainerEnded
    | Noticed
    | InterruptRequested
    | RunEnded
)
