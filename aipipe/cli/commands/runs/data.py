"""Past runs as plain data: money as strings in USD, times in UTC, folders in full."""

from collections.abc import Iterator
from datetime import UTC, datetime

from aipipe.app.runs import PastRun, Step, billed, held
from aipipe.cli.runs_screen import complaint
from aipipe.contracts.artefact import Json
from aipipe.memory.ledger.past import Call
from aipipe.running import amounts

SCHEMA_VERSION = 1
CSV = ("run", "started", "pipeline", "status", "done", "failed", "billed", "held", "folder")
_FULL_CSV = (
    "what",
    "id",
    "type",
    "provider",
    "model",
    "status",
    "money",
    "attempts",
    "seconds",
    "estimated",
    "held",
    "billed",
    "computed",
    "remote_id",
    "outputs",
    "error",
)


def as_json(run: PastRun) -> dict[str, Json]:
    """A run as an object."""
    kept = run.kept
    numbers = run.counts
    return {
        "run": kept.id,
        "pipeline": kept.pipeline,
        "file": kept.file,
        "command": kept.command,
        "folder": kept.folder,
        "mock": kept.mock,
        "started": utc(kept.started),
        "ended": None if kept.ended is None else utc(kept.ended),
        "seconds": run.seconds,
        "status": run.status,
        "exit_code": kept.exit_code,
        "counts": None if numbers is None else {k.value: n for k, n in numbers.items()},
        "cost": {
            "estimated": amounts.written(run.estimated),
            "billed": amounts.written(run.billed),
            "held": amounts.written(run.held),
        },
    }


def utc(at: float) -> str:
    """A time (seconds since 1970) as ISO 8601 has it."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"


def csv_row(run: PastRun) -> tuple[object, ...]:
    """The run's line, as CSV has it."""
    return (
        run.kept.id,
        utc(run.kept.started),
        run.kept.pipeline,
        run.status,
        run.done,
        run.failed,
        amounts.written(run.billed),
        amounts.written(run.held),
        run.kept.folder,
    )


def full_json(run: PastRun) -> dict[str, Json]:
    """The run with its calls, and its steps as they stand in run.json."""
    return {
        "schema_version": SCHEMA_VERSION,
        **as_json(run),
        "calls": [_call_json(call) for call in run.calls],
        "steps": [dict(step.row) for step in run.steps],
    }


def _call_json(call: Call) -> dict[str, Json]:
    return {
        "id": call.id,
        "task": call.task,
        "type": call.type,
        "provider": call.provider,
        "model": call.model,
        "endpoint": call.endpoint,
        "attempt": call.attempt,
        "work": call.state.work.value,
        "money": call.state.money.value if call.state.money is not None else None,
        "cost": {
            "at_most": amounts.written(amounts.usd(call.held)),
            "held": amounts.written(held(call)),
            "billed": amounts.written(billed(call)),
            "computed": call.state.computed,
        },
        "remote_id": call.remote_id,
        "error": call.error,
        "began": utc(call.created),
        "changed": utc(call.updated),
    }


def full_csv(run: PastRun) -> Iterator[tuple[object, ...]]:
    """A header, then a row for each call and for each step; outputs are joined by spaces."""
    yield _FULL_CSV
    yield from map(_call_row, run.calls)
    yield from map(_step_row, run.steps)


def _call_row(call: Call) -> tuple[object, ...]:
    return (
        "call",
        call.task,
        call.type,
        call.provider,
        call.model,
        call.state.work.value,
        call.state.money,
        call.attempt,
        None,
        None,
        amounts.written(held(call)),
        amounts.written(billed(call)),
        "true" if call.state.computed else "false",
        call.remote_id,
        None,
        complaint(call.error) or None,
    )


def _step_row(step: Step) -> tuple[object, ...]:
    return (
        "step",
        step.id,
        step.type,
        step.provider,
        step.model,
        step.status,
        None,
        step.attempts,
        step.seconds,
        amounts.written(step.estimated),
        None,
        amounts.written(step.billed),
        "true" if step.computed else "false",
        None,
        " ".join(step.outputs),
        complaint(step.error) or None,
    )
