"""What a writer is asked to keep."""

from dataclasses import dataclass
from typing import TypeAlias

from aipipe.contracts.artefact import Json
from aipipe.memory.ledger.past import Call, Run
from aipipe.memory.ledger.steps import Transition

TODAY = "day"
"""The scope of the ledger's day, which the writer turns into `day:2026-11-24`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """One of the sums that a call counts in, and the cap of that sum, in nano-dollars."""

    name: str
    cap: int | None = None
    """None: it is counted, and never in the way."""


def of_run(run: str, *, cap: int | None = None) -> Scope:
    """All calls of a run, whichever process sends them."""
    return Scope(name=f"run:{run}", cap=cap)


def of_group(run: str, path: str, *, cap: int | None = None) -> Scope:
    """All calls of a group of a run."""
    return Scope(name=f"group:{run}/{path}", cap=cap)


def of_today(*, cap: int | None = None) -> Scope:
    """All calls of all runs whose intent falls on the ledger's day (UTC)."""
    return Scope(name=TODAY, cap=cap)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRun:
    """A run begins, or goes on in another process."""

    run: str
    pipeline: str
    file: str
    file_key: str
    inputs_key: str
    command: str
    folder: str
    mock: bool = False
    options: Json = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndRun:
    """A run's process ends. A run that is not `finished` is what the same command continues."""

    run: str
    status: str
    exit_code: int
    finished: bool
    totals: Json = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFacts:
    """What is known of a call before it is sent."""

    run: str
    task: str
    type: str
    provider: str
    model: str
    endpoint: str
    key: str
    open_key: str
    """The key without versions, by which an open call is found again; empty: never."""
    occurrence: int = 1
    attempt: int = 1
    likely: int | None = None
    """What it was likely to cost, in nano-dollars; None: unknown."""
    parts: str = ""
    """JSON: a short hash of each part of the key, which tells what has changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeIntent:
    """A call wants to be sent: its worst case, in nano-dollars, is to be held in all scopes."""

    call: CallFacts
    hold: int
    scopes: tuple[Scope, ...]
    after: int = 0
    """The newest ended call with its key that was looked at: one that came since may stand in."""
    anew: bool = False
    """Only a call of its own run may stand in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A run goes on with a call that another one left behind, unless that one is alive.

    An unconfirmed one may be claimed of a living run too, which does not go on with it.
    """

    call: int
    run: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """A call takes a step, of its work or of its money."""

    call: int
    transition: Transition


@dataclass(frozen=True, slots=True, kw_only=True)
class AppendEvents:
    """What happened in a run, each as JSON; they are numbered in the order in which they come."""

    run: str
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRun:
    """A run of another ledger, with its ended calls and what happened in it."""

    run: Run
    calls: tuple[Call, ...]
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetRun:
    """The texts of a run are to be erased, and its money kept."""

    run: str


Record: TypeAlias = (
    OpenRun | EndRun | TakeIntent | Claim | Advance | AppendEvents | ImportRun | ForgetRun
)
