"""What the state machine asks of the world, and what the world tells it. Plain data."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias

from aipipe.contracts.artefact import ArtefactRef
from aipipe.contracts.call import Call, Job, Produced
from aipipe.contracts.event import Published, RunEvent
from aipipe.contracts.outcome import Accepted, PollOutcome, Problem, SubmitOutcome

# --- asked of the world


@dataclass(frozen=True, slots=True)
class Intent:
    """A call that is about to be sent, with its worst case in nano-dollars (None: unknown)."""

    ticket: int
    task: str
    call: Call
    hold: int


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a call whose intent is kept, in nano-dollars; None: its cost is not known."""

    ticket: int
    outcome: SubmitOutcome | PollOutcome
    spent: int | None = None
    computed: bool = False
    """`spent` comes from the price list; the provider reported nothing."""


Record: TypeAlias = Intent | Answered


@dataclass(frozen=True, slots=True)
class Commit:
    """Make these records durable, in this order.

    Then answer `Committed` for those that are waited for: an intent may be sent, and an
    accepted job asked for, only once that is safe. An intent may also be answered `NotTaken`.
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


Instruction: TypeAlias = Commit | Submit | Poll | Publish | Cancel | Wake | Tell


def is_waited_for(record: Record) -> bool:
    """Whether something happens only once a record is durable."""
    return isinstance(record, Intent) or isinstance(record.outcome, Accepted)


# --- told by the world


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
    """A job that an earlier run left behind is this call's; it is asked for, nothing is sent."""

    ticket: int
    job: Job


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


class Running(Enum):
    """What becomes of calls in flight when a run is stopped."""

    FINISH = auto()
    CANCEL = auto()


@dataclass(frozen=True, slots=True)
class StopRequested:
    """Nothing new starts. `signal` is set for an interrupt, None for a time limit."""

    signal: str | None
    running: Running


News: TypeAlias = (
    Committed
    | NotTaken
    | Reused
    | Resumed
    | Submitted
    | Polled
    | PublishEnded
    | Progressed
    | Woken
    | StopRequested
)
