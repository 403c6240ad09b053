"""Open calls as plain data: money as strings in USD, times in UTC."""

from collections.abc import Iterable, Sequence

from aipipe.app.job_visits import Brought
from aipipe.app.jobs import OpenJob, Standing
from aipipe.app.runs import billed, held
from aipipe.cli.commands.runs.data import utc
from aipipe.cli.runs_screen import complaint
from aipipe.contracts.artefact import Json
from aipipe.errors import UsageError
from aipipe.memory.ledger.past import Call
from aipipe.memory.ledger.states import Money
from aipipe.running import amounts

SCHEMA_VERSION = 1
CSV = (
    "call",
    "run",
    "task",
    "type",
    "provider",
    "model",
    "remote_id",
    "state",
    "alive",
    "began",
    "held",
    "billed",
    "error",
)
BROUGHT_CSV = ("call", "run", "task", "model", "result", "billed", "outputs", "error")


def numbers(words: Sequence[str]) -> tuple[int, ...]:
    """The numbers of calls.

    Raises:
        UsageError: one is no number.
    """
    for word in words:
        if not (word.isascii() and word.isdigit()):
            hints = ("all that are open: aipipe jobs list",)
            message = f"a call is known by its number, such as 7, and not by '{word}'"
            raise UsageError(message, hints=hints)
    return tuple(min(int(word), _MOST) for word in words)


_MOST = 2**63 - 1
"""The highest number that a ledger can have."""


def listed(jobs: Sequence[OpenJob]) -> dict[str, Json]:
    """Open calls as an object."""
    unsure = [job.call for job in jobs if job.standing is Standing.UNCONFIRMED]
    return {
        "schema_version": SCHEMA_VERSION,
        "open": len(jobs),
        "held": _held(job.call for job in jobs),
        "unconfirmed": len(unsure),
        "at_stake": _held(unsure),
        "calls": [
            {**call_json(job.call), "state": job.standing.value, "alive": job.alive} for job in jobs
        ],
    }


def call_json(call: Call) -> dict[str, Json]:
    """A call as an object."""
    return {
        "call": call.id,
        "run": call.run,
        "task": call.task,
        "type": call.type,
        "provider": call.provider,
        "model": call.model,
        "endpoint": call.endpoint,
        "remote_id": call.remote_id,
        "work": call.state.work.value,
        "cost": {
            "at_most": amounts.written(amounts.usd(call.held)),
            "held": amounts.written(held(call)),
            "billed": amounts.written(billed(call)),
            "computed": call.state.computed,
        },
        "began": utc(call.created),
        "changed": utc(call.updated),
        "error": call.error,
    }


def csv_row(job: OpenJob) -> tuple[object, ...]:
    """An open call's line, as CSV has it."""
    call = job.call
    return (
        call.id,
        call.run,
        call.task,
        call.type,
        call.provider,
        call.model,
        call.remote_id,
        job.standing.value,
        "true" if job.alive else "false",
        utc(call.created),
        amounts.written(held(call)),
        amounts.written(billed(call)),
        complaint(call.error) or None,
    )


def brought(found: Sequence[Brought], code: int) -> dict[str, Json]:
    """What became of the calls that were asked for, as an object."""
    return {
        "schema_version": SCHEMA_VERSION,
        "exit_code": code,
        "calls": [
            {
                **call_json(each.call),
                "result": each.result.value,
                "outputs": [
                    {
                        "path": path,
                        "media": output.medium,
                        "sha256": output.sha256,
                        "bytes": output.bytes,
                    }
                    for path, output in zip(each.paths, each.outputs, strict=True)
                ],
                "error": _problem(each),
            }
            for each in found
        ],
    }


def _problem(each: Brought) -> Json:
    told = each.problem
    if told is None:
        return None
    return {"code": told.code, "message": told.message, "hint": told.hint}


def brought_row(each: Brought) -> tuple[object, ...]:
    """A call that was asked for, as CSV has it; outputs are joined by spaces."""
    call = each.call
    return (
        call.id,
        call.run,
        call.task,
        call.model,
        each.result.value,
        amounts.written(billed(call)),
        " ".join(each.paths),
        complaint(_problem(each)) or None,
    )


def forgotten(calls: Sequence[Call]) -> dict[str, Json]:
    """Calls that were given up, as an object."""
    return {
        "schema_version": SCHEMA_VERSION,
        "forgotten": len(calls),
        "held": _held(calls),
        "calls": [call_json(call) for call in calls],
    }


def _held(calls: Iterable[Call]) -> Json:
    nano = sum(call.held for call in calls if call.state.money is Money.HELD)
    return amounts.written(amounts.usd(nano))
