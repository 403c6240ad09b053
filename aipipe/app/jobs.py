"""Open calls: those that began and did not end, and where each of them stands."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path

from aipipe.app.earlier import is_cut_off, job_of, result_of
from aipipe.contracts.registry import Registry
from aipipe.errors import UsageError
from aipipe.memory.ledger.connecting import Place
from aipipe.memory.ledger.liveness import is_alive
from aipipe.memory.ledger.past import Call
from aipipe.memory.ledger.reading import reading
from aipipe.memory.ledger.states import OPEN, Work

ALL_OF_THEM = "all that are open: aipipe jobs list"


class Standing(StrEnum):
    """Where an open call stands, for those who would bring its result home."""

    SENT = "sent"
    """The run that has sent it is alive, and will tell how it ends."""
    GOING_ON = "going_on"
    """The provider has a job for it."""
    MADE = "made"
    """The provider is done, and its result lies there."""
    ANSWERED = "answered"
    """The answer is here, and nobody has read it."""
    CUT_OFF = "cut_off"
    """It was billed, and its only answer went with its process."""
    UNCONFIRMED = "unconfirmed"
    """It may have been accepted, and nobody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenJob:
    """An open call as it stands now."""

    call: Call
    standing: Standing
    alive: bool
    """The run that carries it out is alive: it is left to that run."""


def open_jobs(home: Path, registry: Registry) -> tuple[OpenJob, ...]:
    """All open calls, the oldest first.

    Raises:
        LedgerError: the ledger can't be used.
    """
    with reading(Place(home=home)) as ledger:
        if ledger is None:
            return ()
        living = _living(home, ledger.open_calls())
        calls = ledger.open_calls()  # without those that ended while the living were looked for
        living |= _living(home, (call for call in calls if call.carrier not in living))
        return tuple(_job(call, registry, alive=living[call.carrier]) for call in calls)


def newest(home: Path) -> tuple[Call, ...]:
    """The newest open calls as they were kept, for those who can't wait."""
    with reading(Place(home=home, patience=0)) as ledger:
        return () if ledger is None else ledger.open_calls()[::-1]


def standing_of(call: Call, registry: Registry) -> Standing:
    """Where an open call stands if no living run carries it out."""
    if result_of(call) is not None or call.state.work is Work.STORED:
        made = call.state.work is Work.REMOTE_DONE
        return Standing.MADE if made else Standing.ANSWERED
    if job_of(call) is not None and can_be_asked(call, registry):
        return Standing.GOING_ON
    if is_cut_off(call):
        return Standing.CUT_OFF
    return Standing.UNCONFIRMED


def can_be_asked(call: Call, registry: Registry) -> bool:
    """Whether its provider can be asked for a job; one that is not installed here might be."""
    provider = registry.providers.get(call.provider)
    return provider is None or provider.poll is not None


def known(home: Path, numbers: Sequence[int]) -> tuple[Call, ...]:
    """The calls with these numbers, open or not, each once.

    Raises:
        UsageError: there is no such call.
        LedgerError: the ledger can't be used.
    """
    with reading(Place(home=home)) as ledger:
        found = {n: None if ledger is None else ledger.call(n) for n in dict.fromkeys(numbers)}
    return tuple(_there(number, call) for number, call in found.items())


def check_open(call: Call) -> None:
    """It has not ended.

    Raises:
        UsageError: it has.
    """
    if call.state.work not in OPEN:
        message = f"call {call.id} ('{call.task}') has ended: {call.state.work.value}"
        raise UsageError(message, hints=(ALL_OF_THEM,))


def check_left(home: Path, call: Call) -> None:
    """No living run carries it out.

    Raises:
        UsageError: one does.
    """
    if is_alive(home, call.carrier):
        raise carried_out(call)


def carried_out(call: Call) -> UsageError:
    """For a call that is left to a run that is alive."""
    message = f"call {call.id} ('{call.task}') is carried out by run '{call.carrier}' right now"
    return UsageError(message, hints=("wait for that run to end, or stop it",))


def _living(home: Path, calls: Iterable[Call]) -> dict[str, bool]:
    look: Callable[[str], bool] = partial(is_alive, home)
    return {run: look(run) for run in {call.carrier for call in calls}}


def _job(call: Call, registry: Registry, *, alive: bool) -> OpenJob:
    is_told = alive and call.state.work is not Work.UNCONFIRMED
    standing = Standing.SENT if is_told else standing_of(call, registry)
    return OpenJob(call=call, standing=standing, alive=alive)


def _there(number: int, call: Call | None) -> Call:
    if call is None:
        raise UsageError(f"unknown call '{number}'", hints=(ALL_OF_THEM,))
    return call
