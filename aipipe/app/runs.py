"""Past runs: what the ledger knows of them, and what their folders still tell."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from math import isfinite
from pathlib import Path
from typing import Any

from aipipe.contracts.artefact import Json
from aipipe.contracts.status import Status
from aipipe.errors import UsageError
from aipipe.memory.ledger.connecting import Place
from aipipe.memory.ledger.liveness import is_alive
from aipipe.memory.ledger.past import Call, Run
from aipipe.memory.ledger.reading import Reader, reading
from aipipe.memory.ledger.records import of_run
from aipipe.memory.ledger.states import Money
from aipipe.reporting import run_json
from aipipe.running import amounts
from aipipe.running.groups import FAULTY, GOOD

GOING_ON = "going on"
KILLED = "killed"
_SEARCHED = 1000
"""The newest runs, among which close names are looked for."""
_LARGEST = 500_000_000
"""Bytes of a run.json that is still read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step as the run's folder tells of it. Money in USD; None: unknown."""

    row: Mapping[str, Json]
    """All of it, as it stands in run.json."""
    id: str
    type: str
    provider: str
    model: str
    status: str
    attempts: int
    seconds: float | None
    estimated: Decimal | None
    billed: Decimal | None
    computed: bool
    outputs: tuple[str, ...]
    error: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRun:
    """A run as it stands now. Money in USD."""

    kept: Run
    status: str
    """How it ended; `going on` while a process carries it out; `killed` where none does."""
    counts: Mapping[Status, int] | None
    """None: nobody has kept them."""
    seconds: float | None
    """None until its end: nobody knows when a killed run was killed."""
    estimated: Decimal | None
    """As likely; None: unknown."""
    billed: Decimal
    held: Decimal
    """What its calls that are open or unconfirmed may still cost."""
    calls: tuple[Call, ...]
    steps: tuple[Step, ...]
    """Empty where the folder tells of no such run."""

    @property
    def done(self) -> int | None:
        """Steps that have what they wanted, made or reused."""
        return None if self.counts is None else sum(self.counts.get(each, 0) for each in GOOD)

    @property
    def failed(self) -> int | None:
        """Steps that ended in an error."""
        return None if self.counts is None else sum(self.counts.get(each, 0) for each in FAULTY)


def past_runs(home: Path, *, limit: int) -> tuple[PastRun, ...]:
    """The newest runs, the newest first, without their calls and steps.

    Raises:
        LedgerError: the ledger can't be used.
    """
    with reading(Place(home=home)) as ledger:
        if ledger is None:
            return ()
        return tuple(_listed(ledger, home, run) for run in ledger.runs(limit=limit))


def past_run(home: Path, name: str) -> PastRun:
    """A run with its calls, and its steps where its folder still tells of them.

    Raises:
        UsageError: there is no such run.
        LedgerError: the ledger can't be used.
    """
    with reading(Place(home=home)) as ledger:
        found = find_run(ledger, name)
        if ledger is None:
            raise TypeError("a run was found in no ledger")
        run, status = _settled(ledger, home, found[0])
        _, calls = ledger.run(name) or found  # those that came while its status was looked for
        return _past(ledger, run, status, _told(run), calls)


def find_run(ledger: Reader | None, name: str) -> tuple[Run, tuple[Call, ...]]:
    """A run with its calls.

    Raises:
        UsageError: there is no such run.
    """
    found = None if ledger is None else ledger.run(name)
    if found is None:
        raise _unknown(name, () if ledger is None else ledger.runs(limit=_SEARCHED))
    return found


def newest(home: Path) -> tuple[Run, ...]:
    """The newest runs as they were kept, for those who can't wait: nothing is asked of others."""
    with reading(Place(home=home, patience=0)) as ledger:
        return () if ledger is None else ledger.runs(limit=_SEARCHED)


def held(call: Call) -> Decimal:
    """USD that the call may still cost."""
    return amounts.usd(call.held if call.state.money is Money.HELD else 0)


def billed(call: Call) -> Decimal | None:
    """USD that the call has cost; None: no receipt has come."""
    return None if call.billed is None else amounts.usd(call.billed)


def _unknown(name: str, runs: tuple[Run, ...]) -> UsageError:
    if not runs:
        return UsageError(f"unknown run '{name}'", hints=("there are no runs yet",))
    close = get_close_matches(name.lower(), [run.id for run in runs], 3)
    words = " or ".join(f"'{each}'" for each in close)
    meant = (f"did you mean {words}?",) if close else ()
    return UsageError(f"unknown run '{name}'", hints=(*meant, "all of them: aipipe runs list"))


def _settled(ledger: Reader, home: Path, run: Run) -> tuple[Run, str]:
    """The run and its status.

    Its end is on disk before its lock goes, so where the lock is gone a second look at the
    ledger tells one that has just ended from one that was killed.
    """
    if run.status is not None:
        return run, run.status
    if is_alive(home, run.id):
        return run, GOING_ON
    again, _ = ledger.run(run.id) or (run, ())
    return again, again.status or KILLED


def _listed(ledger: Reader, home: Path, run: Run) -> PastRun:
    run, status = _settled(ledger, home, run)
    told = {} if run.status is not None else {**_told(run), "steps": []}
    return _past(ledger, run, status, told, ())


def _past(
    ledger: Reader, run: Run, status: str, told: Mapping[str, Any], calls: tuple[Call, ...]
) -> PastRun:
    totals = _totals(run, told)
    sums = ledger.total(of_run(run.id).name)
    spent = amounts.usd(sums.spent) if sums.spent or sums.held else totals.get("billed")
    return PastRun(
        kept=run,
        status=status,
        counts=_counts(totals.get("counts")),
        seconds=None if run.status is None else totals.get("seconds"),
        estimated=_amount(totals.get("estimated")),
        billed=_amount(spent) or Decimal(0),
        held=amounts.usd(sums.held),
        calls=calls,
        steps=_steps(told.get("steps")),
    )


def _totals(run: Run, told: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the run came to; until its end (those of an earlier process don't count) so far."""
    if run.status is not None:
        return run.totals if isinstance(run.totals, dict) else {}
    match told.get("cost"):
        case {"estimated": {"likely": likely}, "billed": billed}:
            return {**told, "estimated": likely, "billed": billed}
        case _:
            return {}


def _counts(found: object) -> Mapping[Status, int] | None:
    if not isinstance(found, dict):
        return None
    return {each: found[each] for each in Status if isinstance(found.get(each), int)}


def _amount(found: object) -> Decimal | None:
    """USD from the ledger or from JSON; None for whatever is no amount."""
    try:
        amount = Decimal(str(found))
    except ArithmeticError:
        return None
    return amount if amount.is_finite() else None


def _told(run: Run) -> dict[str, Any]:
    """The run.json in the run's folder; nothing where it is missing, damaged or another run's."""
    file = Path(run.folder) / run_json.NAME
    try:
        found = json.loads(file.read_bytes()) if file.stat().st_size <= _LARGEST else None
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) and found.get("run") == run.id else {}


def _seconds(found: object) -> float | None:
    return float(found) if isinstance(found, int | float) and isfinite(found) else None


def _steps(found: object) -> tuple[Step, ...]:
    rows = found if isinstance(found, list) else []
    return tuple(step for row in rows if (step := _step(row)) is not None)


def _step(row: Any) -> Step | None:
    """A row of run.json; None where somebody else has written it."""
    try:
        return Step(
            row=row,
            id=str(row["id"]),
            type=str(row["type"]),
            provider=str(row["provider"]),
            model=str(row["model"]),
            status=str(row["status"]),
            attempts=int(row["attempts"]),
            seconds=_seconds(row["seconds"]),
            estimated=_amount(row["cost"]["estimated"]),
            billed=_amount(row["cost"]["billed"]),
            computed=bool(row["cost"]["computed"]),
            outputs=tuple(str(output["path"]) for output in row["outputs"]),
            error=row["error"],
        )
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return None
