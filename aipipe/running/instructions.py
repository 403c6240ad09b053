"""What the state machine asks of the world, and what the world tells it. Plain data."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias

from aipipe.contracts.artefact import ArtefactRef
from aipipe.contracts.call import Call, Job, Produced
from aipipe.contracts.event import Published, RunEvent
from aipipe.contracts.in_flight import Running
from aipipe.contracts.outcome import (
    Accepted,
    FetchOutcome,
    Made,
    PollOutcome,
    Problem,
    SubmitOutcome,
)

# --- asked of the world


@dataclass(frozen=True, slots=True)
class Intent:
    """A call that is about to be sent, with its worst case and its likely price.

    In nano-dollars; `likely` None: unknown. `groups` are the groups around it that have a budget
    of their own, by path, with their caps.
    """

    ticket: int
    task: str
    call: Call
    hold: int
    likely: int | None = None
    groups: tuple[tuple[str, int], ...] = ()
    refused: Problem | None = None
    """Why there is no room for it under a cap: only an earlier call may stand in then."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a call whose intent is kept, in nano-dollars; None: its cost is not known."""

    ticket: int
    outcome: SubmitOutcome | PollOutcome | FetchOutcome
    spent: int | None = None
    computed: bool = False
    """`spent` comes from the price list; the provider reported nothing."""


@dataclass(frozen=True, slots=True)
class Released:
    """Nobody attends to a call any more that has not ended: others may go on with it."""

    ticket: int


@dataclass(frozen=True, slots=True)
class Cancelling:
    """A provider is about to be asked to cancel a job; its result may come all the same."""

    ticket: int


Record: TypeAlias = Intent | Answered | Released | Cancelling


@dataclass(frozen=True, slots=True)
class Commit:
    """Make these records durable, in this order.

    Then answer `Committed` for those that are waited for: an intent may be sent, an accepted job
    asked for, and what it made fetched, only once that is safe. An intent may also be answered
    `NotTaken`, `Reused` or `Resumed`.
    """

    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Submit:
    """Carry out a call."""

    ticket: int
    call: Call
    heavy: bool


@dataclass(frozen=True, slots=True)
class Poll:
    """Ask for a remote job at a time (seconds since the run began)."""

    ticket: int
    call: Call
    job: Job
    at: float


@dataclass(frozen=True, slots=True)
class Fetch:
    """Bring into the store what a provider has made, at a time. It costs nothing."""

    ticket: int
    call: Call
    result: Job
    at: float


@dataclass(frozen=True, slots=True)
class Publish:
    """Copy artefacts into the output folder, converted and tagged as their names ask."""

    ticket: int
    call: Call
    artefacts: tuple[ArtefactRef, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cancel:
    """Ask a running call to stop; it still answers. `job` is set for remote ones."""

    ticket: int
    call: Call
    job: Job | None


class Alarm(Enum):
    """Why the machine wants to be woken."""

    RETRY = auto()
    TIMEOUT = auto()
    LANE = auto()


@dataclass(frozen=True, slots=True)
class Wake:
    """Answer `Woken` at a time."""

    at: float
    alarm: Alarm
    ticket: int = -1
    generation: int = 0


@dataclass(frozen=True, slots=True)
class Tell:
    """Tell the listeners."""

    event: RunEvent


Instruction: TypeAlias = Commit | Submit | Poll | Fetch | Publish | Cancel | Wake | Tell


def is_waited_for(record: Record) -> bool:
    """Whether something happens only once a record is durable."""
    match record:
        case Intent():
            return True
        case Answered():
            return isinstance(record.outcome, Accepted | Made)
        case Released() | Cancelling():
            return False


# --- told by the world


def answers_at_once(records: "Sequence[Record]") -> "Iterator[News]":
    """The answers of a ledger that knows nothing and keeps nothing."""
    for record in records:
        if isinstance(record, Intent) and record.refused is not None:
            yield NotTaken(record.ticket, record.refused)
        elif is_waited_for(record):
            yield Committed((record.ticket,))


@dataclass(frozen=True, slots=True)
class Committed:
    """The records are durable."""

    tickets: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NotTaken:
    """An intent was not kept, so its call may not be sent. `problem` None: ask again later."""

    ticket: int
    problem: Problem | None


@dataclass(frozen=True, slots=True)
class Reused:
    """An earlier result stands in for a call, which is not sent. `saved` is in nano-dollars."""

    ticket: int
    produced: Produced
    saved: int


@dataclass(frozen=True, slots=True)
class Resumed:
    """A call that an earlier process left behind is this one; nothing is sent.

    Its `job` is asked for, or, where the provider is done, its result is fetched.
    """

    ticket: int
    job: Job
    is_made: bool = False
    paid: int | None = None
    """What it has cost, in nano-dollars; None: that has not been told."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """How a call ended, or that it was accepted."""

    ticket: int
    outcome: SubmitOutcome


@dataclass(frozen=True, slots=True)
class Polled:
    """What a remote job answered."""

    ticket: int
    outcome: PollOutcome


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of fetching."""

    ticket: int
    outcome: FetchOutcome


@dataclass(frozen=True, slots=True)
class PublishEnded:
    """The outputs are in the folder, or why not."""

    ticket: int
    outputs: tuple[Published, ...]
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Progressed:
    """News of a running call."""

    ticket: int
    fraction: float | None
    phase: str
    queue_position: int | None = None


@dataclass(frozen=True, slots=True)
class Woken:
    """It is time."""

    alarm: Alarm
    ticket: int = -1
    generation: int = 0


@dataclass(frozen=True, slots=True)
class StopRequested:
    """Nothing new starts. `signal` is set for an interrupt, None for a time limit."""

    signal: str | None
    running: Running


@dataclass(frozen=True, slots=True)
class Decided:
    """A person's answer to a `StepWaiting`, by the step's path."""

    task: str
    agrees: bool


News: TypeAlias = (
    Committed
    | NotTaken
    | Reused
    | Resumed
    | Submitted
    | Polled
    | Fetched
    | PublishEnded
    | Progressed
    | Woken
    | Decided
    | StopRequested
)
