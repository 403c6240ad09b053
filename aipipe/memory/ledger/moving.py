"""Whole runs that come into a ledger from another, and runs whose texts go out of it.

Within the writer's transaction, as all that changes a ledger.
"""

import json
import sqlite3
from contextlib import closing
from dataclasses import fields

from aipipe.memory.ledger import opening, totals
from aipipe.memory.ledger.answers import AlreadyOpen, Answer, Forbidden, Kept
from aipipe.memory.ledger.checkpoint import checkpoint
from aipipe.memory.ledger.connecting import Place
from aipipe.memory.ledger.past import Call, Run
from aipipe.memory.ledger.records import ForgetRun, ImportRun
from aipipe.memory.ledger.schema import WORK_IS_OPEN

FORGOTTEN = "forgotten"
"""The status of a run whose texts are gone."""

_JSON = frozenset({"options", "totals", "scopes", "job", "outputs", "error"})
_TEXTS_OF_RUNS = ("pipeline", "file", "file_key", "inputs_key", "command", "folder")
_TEXTS_OF_CALLS = (
    "remote_id",
    "job",
    "answer_path",
    "answer_sha256",
    "outputs",
    "error",
    "parts",
    "owner",
)


def bring_in(connection: sqlite3.Connection, record: ImportRun) -> Answer:
    """A run of another ledger, with its calls and events; nothing where it is known already."""
    known = "SELECT 1 FROM runs WHERE id = ?"
    if connection.execute(known, (record.run.id,)).fetchone():
        return Forbidden(error=KeyError(record.run.id))
    _insert(connection, "runs", _row_of_run(record.run))
    for call in record.calls:
        _insert(connection, "calls", _row_of_call(call))
        share = totals.share_of(call.state, hold=call.held, billed=call.billed or 0)
        totals.add(connection, call.scopes, share)
    events = [(record.run.id, seq, text) for seq, text in enumerate(record.events, start=1)]
    connection.executemany("INSERT INTO events (run, seq, json) VALUES (?, ?, ?)", events)
    return Kept()


def forget(connection: sqlite3.Connection, record: ForgetRun) -> Answer:
    """Erase every text of a run and keep its money; not while a call of it is open."""
    question = f"SELECT id FROM calls WHERE run = ? AND {WORK_IS_OPEN} LIMIT 1"  # noqa: S608 - constant
    begun = connection.execute(question, (record.run,)).fetchone()
    if begun is not None:
        return AlreadyOpen(call=begun[0])
    connection.execute("PRAGMA secure_delete = ON")
    emptied = ", ".join(f"{name} = ''" for name in _TEXTS_OF_RUNS)
    connection.execute(
        f"UPDATE runs SET {emptied}, options = 'null', status = ?, finished = 1 WHERE id = ?",  # noqa: S608 - names of columns
        (FORGOTTEN, record.run),
    )
    gone = ", ".join(f"{name} = NULL" for name in _TEXTS_OF_CALLS)
    connection.execute(
        f"UPDATE calls SET {gone}, task = '', key = '', open_key = '' WHERE run = ?",  # noqa: S608 - names of columns
        (record.run,),
    )
    connection.execute("DELETE FROM events WHERE run = ?", (record.run,))
    return Kept()


def rebuild(place: Place) -> bool:
    """Write the whole database anew, so that no erased text is left between its rows.

    False where another process has it open: whatever is old goes when this is asked for again.
    """
    with closing(opening.open_ledger(place)) as connection:
        try:
            connection.execute("VACUUM")
            checkpoint(connection, place)
        except sqlite3.OperationalError:
            return False
    return not place.log.exists()


def _row_of_run(run: Run) -> dict[str, object]:
    return {field.name: getattr(run, field.name) for field in fields(run)}


def _row_of_call(call: Call) -> dict[str, object]:
    """All but its number, which it gets anew."""
    names = [field.name for field in fields(call) if field.name not in {"id", "state"}]
    state = {
        "work": call.state.work,
        "money": call.state.money,
        "computed": call.state.computed,
    }
    return {**{name: getattr(call, name) for name in names}, **state}


def _insert(connection: sqlite3.Connection, table: str, row: dict[str, object]) -> None:
    values = [_plain(name, value) for name, value in row.items()]
    places = ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", values)  # noqa: S608 - names of columns


def _plain(name: str, value: object) -> object:
    if name not in _JSON or (value is None and name not in {"options", "scopes"}):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
