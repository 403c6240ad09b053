"""Results of open calls brought home without a run: into the store, and into a folder if asked."""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from aipipe.app.earlier import Earlier
from aipipe.app.job_carrying import Carrier, carrying
from aipipe.app.job_copies import copied, make_folder
from aipipe.app.job_rounds import Halt, Rounds
from aipipe.app.job_visits import Brought, Errand, Result, Visitor
from aipipe.app.jobs import can_be_asked, check_open, known, open_jobs
from aipipe.backends.execution import Workshop
from aipipe.backends.lookup import finder
from aipipe.contracts.registry import Registry
from aipipe.errors import ExitCode, UsageError
from aipipe.memory.ledger.connecting import Place
from aipipe.memory.ledger.liveness import is_alive
from aipipe.memory.ledger.past import Call
from aipipe.memory.ledger.reading import Reader, reading
from aipipe.memory.ledger.states import Work
from aipipe.memory.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be brought home."""

    home: Path
    calls: tuple[int, ...] = ()
    """Their numbers; empty: all that are open."""
    waits: bool = False
    """Until the jobs end, instead of asking for each once."""
    job_id: str | None = None
    """Which job of its provider's the one call is."""
    folder: Path | None = None
    """Where results are copied as well."""
    environment: Mapping[str, str]


def calls_of(asked: Asked, registry: Registry) -> tuple[Call, ...]:
    """The calls that are meant.

    Raises:
        UsageError: there is no such call.
        LedgerError: the ledger can't be used.
    """
    if asked.calls:
        return known(asked.home, asked.calls)
    return tuple(job.call for job in open_jobs(asked.home, registry))


def fetch(
    asked: Asked,
    calls: Sequence[Call],
    registry: Registry,
    tell: Callable[[Brought], None],
    halt: Halt,
) -> tuple[Brought, ...]:
    """What became of each call, in the order of their numbers; `tell` hears of it as it comes.

    Raises:
        UsageError: the call can't be this job, or the folder can't be made.
        LedgerError: the ledger can't be used.
    """
    if not calls:
        return ()
    if asked.folder is not None:
        make_folder(asked.folder)
    found: dict[int, Brought] = {}

    def bring(brought: Brought) -> None:
        if asked.folder is not None and brought.result is Result.HOME:
            brought = copied(brought, asked.folder)
        found[brought.call.id] = brought
        tell(brought)

    with carrying(asked.home) as carrier, reading(Place(home=asked.home)) as reader:
        if reader is None:
            raise TypeError("the ledger that was just opened is not there")
        if asked.job_id is not None:
            _check_job(asked.job_id, calls, registry, reader)
        visitor = _visitor(asked, registry, carrier, reader, halt)
        visitor = replace(visitor, pipelines={c.id: carrier.pipeline_of(c) for c in calls})
        errands = [Errand(number=call.id, job_id=asked.job_id) for call in calls]
        Rounds(visitor.visit, bring, halt, waits=asked.waits).make(errands)
    return tuple(found[number] for number in sorted(found))


def exit_code(found: Sequence[Brought]) -> ExitCode:
    """What the command comes to: all home, or the gravest of what is not."""
    results = {brought.result for brought in found}
    if Result.UNCONFIRMED in results:
        return ExitCode.UNCONFIRMED
    if results & {Result.GOING_ON, Result.LEFT}:
        return ExitCode.STOPPED
    return ExitCode.STEPS_FAILED if Result.FAILED in results else ExitCode.OK


def _check_job(job_id: str, calls: Sequence[Call], registry: Registry, ledger: Reader) -> None:
    """The one call may turn out to be this job.

    Raises:
        UsageError: it is another, or has none.
    """
    if len(calls) != 1:
        raise UsageError("--job-id says it of one call, and of no more")
    call = calls[0]
    check_open(call)
    if call.state.work not in {Work.INTENT, Work.UNCONFIRMED}:
        message = f"call {call.id} ('{call.task}') is no longer in doubt: {call.state.work.value}"
        raise UsageError(message, hints=(f"aipipe jobs fetch {call.id}",))
    if not can_be_asked(call, registry):
        raise UsageError(f"provider '{call.provider}' has no jobs that could be asked for")
    if call.remote_id != job_id and ledger.is_claimed(call.provider, job_id):
        message = f"job '{job_id}' of {call.provider} is known to be another call's"
        raise UsageError(message, hints=("aipipe runs show RUN  has the ids of its calls",))


def _visitor(
    asked: Asked, registry: Registry, carrier: Carrier, reader: Reader, halt: Halt
) -> Visitor:
    from aipipe.media.probe import probe  # noqa: PLC0415 (heavy, and needed by fetching alone)

    store = Store(root=asked.home / "store", probe=probe)
    shop = Workshop(
        registry=registry,
        store=store,
        clock=time.monotonic,
        secret=asked.environment.get,
    )
    earlier = Earlier(
        run=carrier.name,
        reader=reader,
        files=store,
        store=store,
        use=store.use,
        providers=lambda name: registry.providers[name],
        is_alive=partial(is_alive, asked.home),
        find=finder(shop),
    )
    return Visitor(
        carrier=carrier,
        earlier=earlier,
        shop=shop,
        pipelines={},
        halted=lambda: halt.asked,
        random=random.random,
    )
