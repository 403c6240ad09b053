"""A run in the ledger: there before its first step begins, ended after its last."""

import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from aipipe.app import files_of_runs
from aipipe.app.asking import Desk
from aipipe.app.earlier import Earlier
from aipipe.app.forecasting import choices
from aipipe.app.keeping import Keeper
from aipipe.app.prepare import Prepared
from aipipe.app.resuming import asked_for, file_key, inputs_key
from aipipe.backends.execution import ArtefactStore
from aipipe.backends.publishing import Appearing
from aipipe.contracts.artefact import Json
from aipipe.contracts.call import Call
from aipipe.contracts.provider import Candidate
from aipipe.memory.answers import RawAnswers
from aipipe.memory.ledger.answers import Answer
from aipipe.memory.ledger.connecting import Place
from aipipe.memory.ledger.faults import LedgerError
from aipipe.memory.ledger.intents import World
from aipipe.memory.ledger.liveness import is_alive, living
from aipipe.memory.ledger.reading import Reader, reading
from aipipe.memory.ledger.records import (
    AppendEvents,
    EndRun,
    OpenRun,
    Record,
    Scope,
    of_run,
    of_today,
)
from aipipe.memory.ledger.writer import Reply, Writer
from aipipe.memory.store import Store
from aipipe.running import amounts
from aipipe.running.desk import nano
from aipipe.running.summary import Summary

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without letters and digits that are easily taken for each other."""
_PATIENCE = 2.0
"""Seconds in which a run that goes on finds the calls that it left behind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelves:
    """Where a run keeps what is made, and how it looks for what may have been."""

    store: Store
    files: ArtefactStore
    answers: RawAnswers
    find: Callable[[Call, float], Sequence[Candidate]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """The ledger's side of one run that is going on."""

    run: str
    writer: Writer
    keeper: Keeper
    desk: Desk
    spent: int
    """What earlier processes of this run have spent, in nano-dollars."""

    def published(self, file: Appearing) -> None:
        """Keep what a file is made of, so that it can be brought back; nobody waits for it."""
        record = AppendEvents(run=self.run, events=(files_of_runs.event(file),))
        self.writer.put((record,), lambda _reply: None)

    def end(self, summary: Summary) -> Exception | None:
        """Keep how the run ended; gives why something of it could not be kept."""
        ended = EndRun(
            run=self.run,
            status=str(summary.status),
            exit_code=int(summary.exit_code or 0),
            finished=summary.exit_code == 0,
            totals=_totals(summary),
        )
        self.keeper.try_again()
        try:
            kept(self.writer, ended)
        except LedgerError as error:
            return error
        return self.keeper.trouble


@contextmanager
def recorded(prepared: Prepared, command: str, shelves: Shelves) -> Iterator[Recording]:
    """A run, new or gone on with, known to the ledger and alive for as long as this lasts.

    Raises:
        LedgerError: the ledger can't be used.
        RunTakenError: another process has gone on with the run meanwhile.
    """
    home, place = prepared.home, Place(home=prepared.home)
    run = prepared.continues or _new_name(place)
    carried = _Carried(run, home)
    world = World(now=time.time, is_alive=partial(is_alive, home), attends=carried.attends)
    with living(home, run), Writer(place, world) as writer, reading(place) as reader:
        kept(writer, _opened(run, prepared, command))
        if reader is None:
            raise TypeError("the ledger that was just opened is not there")
        carried.keeper = Keeper(writer, shelves.answers.remove)
        earlier = _earlier(run, prepared, reader, shelves)
        scopes = _scopes(run, prepared)
        asks = choices(prepared.options)
        desk = Desk(run, carried.keeper, earlier, scopes, asks, known=prepared.known)
        with closing(desk):
            yield Recording(
                run=run,
                writer=writer,
                keeper=carried.keeper,
                desk=desk,
                spent=reader.total(of_run(run).name).spent,
            )


class _Carried:
    """Which calls some process attends to."""

    def __init__(self, run: str, home: Path) -> None:
        self._run = run
        self._home = home
        self._began = time.monotonic()
        self.keeper: Keeper | None = None

    def attends(self, run: str, call: int) -> bool:
        """Whether the process of a run will tell how a call ends.

        This run may find its way back to any call that an earlier process of it left behind, for
        a while, and for as long as it has others under way.
        """
        if run != self._run or self.keeper is None:
            return is_alive(self._home, run)
        early = time.monotonic() - self._began < _PATIENCE
        return self.keeper.carries(call) or self.keeper.is_busy or early


def _earlier(run: str, prepared: Prepared, reader: Reader, shelves: Shelves) -> Earlier:
    return Earlier(
        run=run,
        reader=reader,
        files=shelves.files,
        store=shelves.store,
        use=shelves.store.use,
        providers=lambda name: prepared.setting.registry.providers[name],
        is_alive=partial(is_alive, prepared.home),
        find=shelves.find,
    )


def _scopes(run: str, prepared: Prepared) -> tuple[Scope, ...]:
    """The sums that every call of a run counts in; groups with a budget come with the intent."""
    cap, day_cap = prepared.cap, prepared.day_cap
    return (
        of_run(run, cap=None if cap is None else nano(cap)),
        of_today(cap=None if day_cap is None else nano(day_cap)),
    )


def _new_name(place: Place) -> str:
    with reading(place) as ledger:
        return fresh_id(ledger)


def fresh_id(ledger: Reader | None) -> str:
    """A short name that no run has had."""
    while True:
        run = "".join(secrets.choice(_ALPHABET) for _ in range(4))
        if ledger is None or ledger.run(run) is None:
            return run


def _opened(run: str, prepared: Prepared, command: str) -> OpenRun:
    options = prepared.options
    return OpenRun(
        run=run,
        pipeline=prepared.plan.name,
        file=str(Path(options.file).absolute()),
        file_key=file_key(options),
        inputs_key=inputs_key(options),
        command=command,
        folder=str(prepared.output.absolute()),
        mock=prepared.plan.mock,
        options=asked_for(options),
    )


def _totals(summary: Summary) -> Json:
    counts: Mapping[str, int] = {str(status): n for status, n in summary.counts.items()}
    return {
        "counts": dict(counts),
        "seconds": round(summary.seconds, 3),
        "estimated": amounts.written(summary.estimated.likely),
        "billed": amounts.written(summary.billed),
        "outputs": summary.published,
    }


def kept(writer: Writer, record: Record) -> Answer:
    """The writer's answer to a record, once it is on disk.

    Raises:
        LedgerError: it can't be kept.
    """
    reply: Future[Reply] = Future()
    writer.put((record,), reply.set_result)
    answers = reply.result()
    if isinstance(answers, Exception):
        raise answers
    return answers[0]
