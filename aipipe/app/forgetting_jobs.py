"""Open calls that the user gives up: what they may have cost stays held and counted."""

from collections.abc import Sequence
from pathlib import Path

from aipipe.app.job_carrying import Carrier, MovedError, carrying
from aipipe.app.jobs import OpenJob, carried_out, check_left, check_open, known, standing_of
from aipipe.app.meeting import doubted
from aipipe.contracts.registry import Registry
from aipipe.errors import UsageError
from aipipe.memory.ledger.past import Call
from aipipe.memory.ledger.states import Work
from aipipe.memory.ledger.steps import Abandon, Transition


def forgettable(home: Path, numbers: Sequence[int], registry: Registry) -> tuple[OpenJob, ...]:
    """The open calls with these numbers, which may be forgotten. Changes nothing.

    Raises:
        UsageError: one is unknown, has ended, is home, or is carried out by a living run.
        LedgerError: the ledger can't be used.
    """
    calls = known(home, numbers)
    for call in calls:
        check_open(call)
        check_left(home, call)
        _check_not_home(call)
    return tuple(
        OpenJob(call=call, standing=standing_of(call, registry), alive=False) for call in calls
    )


def forget(home: Path, jobs: Sequence[OpenJob]) -> tuple[Call, ...]:
    """The calls, which are given up from here on: none is fetched or asked for again.

    Raises:
        UsageError: one of them has ended, or was gone on with, meanwhile; those before it are
            forgotten.
        LedgerError: the ledger can't be used.
    """
    with carrying(home) as carrier:
        return tuple(_forgotten(carrier, job.call) for job in jobs)


def _forgotten(carrier: Carrier, seen: Call) -> Call:
    call = carrier.claim(seen.id)
    if call is None:
        raise carried_out(carrier.read(seen.id))
    check_open(call)
    _check_not_home(call)
    steps: tuple[Transition, ...] = (Abandon(),)
    if call.state.work is Work.INTENT:
        steps = (*doubted(call), Abandon())
    try:
        return carrier.take(call, steps)
    except MovedError as error:
        raise carried_out(carrier.read(seen.id)) from error


def _check_not_home(call: Call) -> None:
    if call.state.work is Work.STORED:
        message = f"call {call.id} ('{call.task}') is home: its outputs are in the store"
        raise UsageError(message, hints=(f"aipipe jobs fetch {call.id}  ends it",))
