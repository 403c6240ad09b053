"""What the ledger can be asked; every question runs on a connection that only reads."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields

from aipipe.memory.ledger import faults, opening, past
from aipipe.memory.ledger.connecting import Place
from aipipe.memory.ledger.past import Call, ModelCost, ModelSum, Product, Run
from aipipe.memory.ledger.schema import BY_OPEN, WORK_IS_FINAL, WORK_IS_OPEN
from aipipe.memory.ledger.states import Money, Work
from aipipe.memory.ledger.totals import Total, total_of


@dataclass(frozen=True, slots=True)
class Reader:
    """The questions. Made by `reading`."""

    connection: sqlite3.Connection

    def runs(self, *, limit: int = -1) -> tuple[Run, ...]:
        """Runs, the newest first."""
        return past.runs(self._rows("ORDER BY started DESC, id DESC LIMIT ?", limit, table="runs"))

    def run(self, run: str) -> tuple[Run, tuple[Call, ...]] | None:
        """A run with its calls, in the order in which they began."""
        found = past.runs(self._rows("WHERE id = ?", run, table="runs"))
        calls = past.calls(self._rows("WHERE run = ? ORDER BY id", run, table="calls"))
        return (found[0], calls) if found else None

    def began_at(self, started: float) -> tuple[Run, ...]:
        """The runs that began at a time, to the microsecond."""
        return past.runs(self._rows("WHERE started = ?", started, table="runs"))

    def unfinished(self, file_key: str, inputs_key: str) -> tuple[Run, ...]:
        """Runs of a file and its inputs that the same command continues, the newest first."""
        question = "WHERE file_key = ? AND inputs_key = ? AND NOT finished ORDER BY started DESC"
        return past.runs(self._rows(question, file_key, inputs_key, table="runs"))

    def call(self, call: int) -> Call | None:
        """One call."""
        return next(iter(past.calls(self._rows("WHERE id = ?", call, table="calls"))), None)

    def open_calls(self) -> tuple[Call, ...]:
        """Calls that began and did not end, unconfirmed ones too, the oldest first."""
        return past.calls(self._rows(f"{BY_OPEN} WHERE {WORK_IS_OPEN} ORDER BY id", table="calls"))

    def newest_open(self, open_key: str) -> Call | None:
        """The newest call with an open key that has begun and not ended."""
        question = f"WHERE open_key = ? AND {WORK_IS_OPEN} ORDER BY id DESC LIMIT 1"
        return next(iter(past.calls(self._rows(question, open_key, table="calls"))), None)

    def has_calls(self, models: Iterable[str]) -> bool:
        """Whether any call to one of these models was ever made."""
        question = "SELECT 1 FROM calls WHERE model = ? LIMIT 1"
        return any(self.connection.execute(question, (each,)).fetchone() for each in models)

    def newest_final(self, key: str, *, run: str | None = None) -> Call | None:
        """The newest call with a reuse key that needs no other: done, else expired or refused.

        With `run`, only among the calls of that run.
        """
        among = "" if run is None else "AND run = ? "
        question = (
            f"WHERE key = ? AND {WORK_IS_FINAL} {among}"
            f"ORDER BY work = '{Work.DONE}' DESC, id DESC LIMIT 1"
        )
        values = (key,) if run is None else (key, run)
        return next(iter(past.calls(self._rows(question, *values, table="calls"))), None)

    def is_claimed(self, provider: str, remote_id: str) -> bool:
        """Whether some call is known to be this job of a provider's."""
        question = "SELECT 1 FROM calls WHERE remote_id = ? AND provider = ? LIMIT 1"
        return self.connection.execute(question, (remote_id, provider)).fetchone() is not None

    def newest_of_task(self, task: str, file: str) -> Call | None:
        """The newest call that a task of a pipeline's file has made."""
        question = (
            "WHERE task = ? AND (SELECT file FROM runs WHERE runs.id = run) = ?"
            " ORDER BY id DESC LIMIT 1"
        )
        return next(iter(past.calls(self._rows(question, task, file, table="calls"))), None)

    def products(self) -> tuple[Product, ...]:
        """What calls have made, those too whose outputs are kept while they are not yet done.

        Only hashes leave the database: texts, which travel inside their references, stay there.
        """
        rows = self.connection.execute(
            "SELECT calls.id, run, json_extract(value, '$.sha256'),"
            " json_extract(value, '$.extension'), coalesce(billed, held)"
            " FROM calls, json_each(calls.outputs) AS made"
            " WHERE outputs IS NOT NULL AND made.type = 'object' ORDER BY calls.id"
        )
        return tuple(
            Product(call=call, run=run, name=f"{sha256}.{extension}", cost=cost)
            for call, run, sha256, extension, cost in rows
        )

    def events(self, run: str) -> Iterator[str]:
        """The events of a run, each as JSON, in the order in which they came."""
        question = "SELECT json FROM events WHERE run = ? ORDER BY seq"
        return (text for (text,) in self.connection.execute(question, (run,)))

    def total(self, scope: str) -> Total:
        """The sums of a scope: `run:ID`, `group:ID/PATH`, `day:2026-11-24`."""
        return total_of(self.connection, scope)

    def model_sums(self, *, run: str | None = None) -> tuple[ModelSum, ...]:
        """Sums by model, of one run or of all."""
        where = "" if run is None else "WHERE run = ?"
        question = (
            "SELECT model, count(*), sum(CASE money WHEN 'billed' THEN held ELSE 0 END),"  # noqa: S608
            " sum(coalesce(billed, 0)), sum(CASE money WHEN 'held' THEN held ELSE 0 END)"
            f" FROM calls {where} GROUP BY model ORDER BY model"
        )
        rows = self.connection.execute(question, () if run is None else (run,))
        names = [field.name for field in fields(ModelSum)]
        return tuple(ModelSum(**dict(zip(names, row, strict=True))) for row in rows)

    def model_cost(self, provider: str, model: str) -> ModelCost | None:
        """What the billed calls of a model have cost; None where there are none."""
        question = (
            "SELECT count(*), sum(billed), sum(computed), count(likely),"  # noqa: S608 - a constant
            " coalesce(sum(likely), 0), sum(CASE WHEN likely IS NULL THEN 0 ELSE billed END),"
            " min(created)"
            f" FROM calls WHERE model = ? AND provider = ? AND money = '{Money.BILLED}'"
        )
        row = self.connection.execute(question, (model, provider)).fetchone()
        names = [field.name for field in fields(ModelCost)]
        return ModelCost(**dict(zip(names, row, strict=True))) if row[0] else None

    def _rows(self, question: str, *values: object, table: str) -> list[sqlite3.Row]:
        cursor = self.connection.execute(f"SELECT * FROM {table} {question}", values)  # noqa: S608
        cursor.row_factory = sqlite3.Row
        return cursor.fetchall()


@contextmanager
def reading(place: Place) -> Iterator[Reader | None]:
    """A reader of the ledger; None where none was begun. It sees each commit as it comes.

    Raises:
        LedgerError: the ledger can't be used.
    """
    connection = opening.open_to_read(place)
    if connection is None:
        yield None
        return
    try:
        with faults.told(place.file):
            yield Reader(connection)
    finally:
        connection.close()
