"""A batch of records, carried out in one transaction, with an answer for each."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import fields
from itertools import groupby
from typing import Any, assert_never

from aipipe.memory.ledger import moving, totals
from aipipe.memory.ledger.answers import AlreadyOpen, Answer, Forbidden, Kept, NoRoomOnDisk
from aipipe.memory.ledger.intents import World, take
from aipipe.memory.ledger.records import (
    Advance,
    AppendEvents,
    Claim,
    EndRun,
    ForgetRun,
    ImportRun,
    OpenRun,
    Record,
    TakeIntent,
)
from aipipe.memory.ledger.states import CallState, Money, Work
from aipipe.memory.ledger.steps import Transition
from aipipe.memory.ledger.transitions import TransitionError, advance

_JSON = frozenset({"job", "outputs", "error"})


def write(
    connection: sqlite3.Connection, records: Sequence[Record], world: World, *, full: bool = False
) -> tuple[Answer, ...]:
    """An answer for each record; all are on disk then, or (on an error) none is.

    With `full` no intent is taken.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        answers = tuple(_answers(connection, records, world, full=full))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return answers


def _answers(
    connection: sqlite3.Connection, records: Sequence[Record], world: World, *, full: bool
) -> Iterator[Answer]:
    """An answer for each record; steps of one call that follow each other go together."""
    for call, group in groupby(records, key=_stepping):
        if call is None:
            for record in group:
                yield _answer(connection, record, world, full=full)
        else:
            steps = [each.transition for each in group if isinstance(each, Advance)]
            yield from _advance(connection, call, steps, world.now())


def _stepping(record: Record) -> int | None:
    """The call that takes a step."""
    return record.call if isinstance(record, Advance) else None


def _answer(  # noqa: C901 (a case for each record)
    connection: sqlite3.Connection, record: Record, world: World, *, full: bool
) -> Answer:
    match record:
        case TakeIntent():
            return NoRoomOnDisk() if full else take(connection, record, world)
        case ImportRun():
            return moving.bring_in(connection, record)
        case ForgetRun():
            return moving.forget(connection, record)
        case Claim():
            return _claim(connection, record, world)
        case Advance():
            raise TypeError("steps of a call are taken together")
        case AppendEvents():
            _append(connection, record)
        case OpenRun():
            _open(connection, record, world.now())
        case EndRun():
            _end(connection, record, world.now())
        case _:
            assert_never(record)
    return Kept()


def _claim(connection: sqlite3.Connection, claim: Claim, world: World) -> Answer:
    question = "SELECT coalesce(owner, run), work FROM calls WHERE id = ?"
    found = connection.execute(question, (claim.call,)).fetchone()
    if found is None:
        return Forbidden(error=KeyError(claim.call))
    carrier, work = found
    is_attended = work != Work.UNCONFIRMED and carrier != claim.run and world.is_alive(carrier)
    if is_attended:
        return AlreadyOpen(call=claim.call)
    connection.execute("UPDATE calls SET owner = ? WHERE id = ?", (claim.run, claim.call))
    return Kept()


def _advance(
    connection: sqlite3.Connection, call: int, steps: Sequence[Transition], now: float
) -> list[Answer]:
    question = "SELECT work, money, computed, held, billed, scopes FROM calls WHERE id = ?"
    found = connection.execute(question, (call,)).fetchone()
    if found is None:
        return [Forbidden(error=KeyError(call)) for _ in steps]
    work, money, computed, hold, billed, scopes = found
    before = CallState(work=Work(work), money=Money(money), computed=bool(computed))
    after, news, answers = _taken(before, steps)
    if not news and after == before:
        return answers
    news |= {"work": after.work, "money": after.money, "computed": after.computed, "updated": now}
    assignments = ", ".join(f"{name} = ?" for name in news)
    update = f"UPDATE calls SET {assignments} WHERE id = ?"  # noqa: S608 - names of fields
    connection.execute(update, (*news.values(), call))
    was = totals.share_of(before, hold=hold, billed=billed or 0)
    becomes = totals.share_of(after, hold=hold, billed=news.get("billed", billed or 0))
    totals.add(connection, json.loads(scopes), becomes - was)
    return answers


def _taken(
    state: CallState, steps: Sequence[Transition]
) -> tuple[CallState, dict[str, Any], list[Answer]]:
    """Where these steps lead, what they tell, and an answer for each; forbidden ones do nothing."""
    news: dict[str, Any] = {}
    answers: list[Answer] = []
    for step in steps:
        try:
            state = advance(state, step)
        except TransitionError as error:
            answers.append(Forbidden(error=error))
        else:
            news |= _news(step)
            answers.append(Kept())
    return state, news, answers


def _news(transition: Transition) -> dict[str, Any]:
    """What a step tells of its call, by column: each field of a step is a column."""
    told = {field.name: getattr(transition, field.name) for field in fields(transition)}
    return {name: _text(value) if name in _JSON else value for name, value in told.items()}


def _append(connection: sqlite3.Connection, record: AppendEvents) -> None:
    question = "SELECT coalesce(max(seq), 0) FROM events WHERE run = ?"
    last: int = connection.execute(question, (record.run,)).fetchone()[0]
    rows = [(record.run, seq, text) for seq, text in enumerate(record.events, start=last + 1)]
    connection.executemany("INSERT INTO events (run, seq, json) VALUES (?, ?, ?)", rows)


def _open(connection: sqlite3.Connection, run: OpenRun, now: float) -> None:
    connection.execute(
        "INSERT INTO runs (id, pipeline, file, file_key, inputs_key, command, folder, mock,"
        " options, started) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE"
        " SET command = excluded.command, folder = excluded.folder, options = excluded.options,"
        " ended = NULL, status = NULL, exit_code = NULL, finished = 0",
        (
            run.run,
            run.pipeline,
            run.file,
            run.file_key,
            run.inputs_key,
            run.command,
            run.folder,
            run.mock,
            _text(run.options),
            now,
        ),
    )


def _end(connection: sqlite3.Connection, run: EndRun, now: float) -> None:
    connection.execute(
        "UPDATE runs SET ended = ?, status = ?, exit_code = ?, totals = ?, finished = ?"
        " WHERE id = ?",
        (now, run.status, run.exit_code, _text(run.totals), run.finished, run.run),
    )


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
