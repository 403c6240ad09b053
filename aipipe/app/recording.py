"""A run in the ledger: there before its first step begins, ended after its last."""

import secrets
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path

from aipipe.app.earlier import Earlier
from aipipe.app.keeping import Keeper
from aipipe.app.prepare import Prepared
from aipipe.backends.execution import ArtefactStore
from aipipe.contracts.artefact import Json
from aipipe.memory import keys
from aipipe.memory.ledger.connecting import Place
from aipipe.memory.ledger.faults import LedgerError
from aipipe.memory.ledger.intents import World
from aipipe.memory.ledger.liveness import is_alive, living
from aipipe.memory.ledger.reading import reading
from aipipe.memory.ledger.records import EndRun, OpenRun, Record, Scope, of_run, of_today
from aipipe.memory.ledger.writer import Reply, Writer
from aipipe.memory.store import Store
from aipipe.running import amounts
from aipipe.running.desk import nano
from aipipe.running.summary import Summary

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without letters and digits that are easily taken for each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """The ledger's side of one run that is going on."""

    run: str
    writer: Writer
    keeper: Keeper

    def end(self, summary: Summary) -> Exception | None:
        """Keep how the run ended; gives why something of it could not be kept."""
        ended = EndRun(
            run=self.run,
            status=str(summary.status),
            exit_code=int(summary.exit_code or 0),
            finished=summary.exit_code == 0,
            totals=_totals(summary),
        )
        try:
            _kept(self.writer, ended)
        except LedgerError as error:
            return error
        return self.keeper.trouble


@contextmanager
def recorded(
    prepared: Prepared, command: str, store: Store, files: ArtefactStore
) -> Iterator[Recording]:
    """A new run, known to the ledger and alive for as long as this lasts.

    Raises:
        LedgerError: the ledger can't be used.
    """
    place = Place(home=prepared.home)
    run = _fresh_id(place)
    world = World(now=time.time, is_alive=partial(is_alive, prepared.home))
    with living(prepared.home, run), Writer(place, world) as writer, reading(place) as reader:
        _kept(writer, _opened(run, prepared, command))
        if reader is None:
            raise TypeError("the ledger that was just opened is not there")
        earlier = Earlier(
            reader=reader,
            files=files,
            store=store,
            revision_of=lambda name: prepared.setting.registry.providers[name].revision,
            is_alive=world.is_alive,
            generation=run if prepared.options.fresh else "",
        )
        scopes = _scopes(run, prepared.day_cap)
        again = prepared.options.unconfirmed == "retry"
        keeper = Keeper(run, writer, scopes, earlier, sends_again=again)
        yield Recording(run=run, writer=writer, keeper=keeper)


def _scopes(run: str, day_cap: Decimal | None) -> tuple[Scope, ...]:
    """The sums that every call of a run counts in. The run's own cap is kept while it runs."""
    return of_run(run), of_today(cap=None if day_cap is None else nano(day_cap))


def _fresh_id(place: Place) -> str:
    """A short name that no run has had."""
    with reading(place) as ledger:
        while True:
            run = "".join(secrets.choice(_ALPHABET) for _ in range(4))
            if ledger is None or ledger.run(run) is None:
                return run


def _opened(run: str, prepared: Prepared, command: str) -> OpenRun:
    options = prepared.options
    given: dict[str, Json] = {
        "prompt": options.prompt,
        "inputs": list(options.inputs),
        "vars": dict(options.vars),
        "only": list(options.only),
    }
    return OpenRun(
        run=run,
        pipeline=prepared.plan.name,
        file=str(Path(options.file).absolute()),
        file_key=keys.digest(Path(options.file).read_text(encoding="utf-8-sig")),
        inputs_key=keys.digest(given),
        command=command,
        folder=str(prepared.output.absolute()),
        mock=prepared.plan.mock,
        options=given,
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


def _kept(writer: Writer, record: Record) -> None:
    """Wait until a record is on disk."""
    reply: Future[Reply] = Future()
    writer.put((record,), reply.set_result)
    answer = reply.result()
    if isinstance(answer, Exception):
        raise answer
