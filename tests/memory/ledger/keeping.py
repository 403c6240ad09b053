"""Records for ledgers under test, and what the rows of a ledger come to."""

import sqlite3
import sys
from collections import defaultdict
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from queue import SimpleQueue

from aipipe.memory.ledger.answers import Answer, Taken
from aipipe.memory.ledger.connecting import Place, connect
from aipipe.memory.ledger.intents import World
from aipipe.memory.ledger.past import Call, calls
from aipipe.memory.ledger.records import (
    Advance,
    CallFacts,
    OpenRun,
    Record,
    Scope,
    TakeIntent,
    of_run,
    of_today,
)
from aipipe.memory.ledger.schema import MIGRATIONS
from aipipe.memory.ledger.steps import Transition
from aipipe.memory.ledger.totals import Total, share_of
from aipipe.memory.ledger.writer import Reply, Writer

TESTS = Path(__file__).parents[2]
NOON = 1_795_521_600.0
"""2026-11-24, 12:00 UTC."""
DAY = 86_400.0
LATER = ("ALTER TABLE runs ADD COLUMN colour TEXT", "CREATE INDEX calls_error ON calls (error)")
TODAY = "day:2026-11-24"


def program(name: str, *arguments: object) -> list[str]:
    """The command that runs a program of this folder; its working folder must be `TESTS`."""
    return [sys.executable, "-m", f"memory.ledger.program_{name}", *map(str, arguments)]


def world(*, now: float = NOON, alive: Callable[[str], bool] = lambda _: True) -> World:
    return World(now=lambda: now, is_alive=alive)


def newer(home: Path) -> Place:
    """As an aipipe sees it that knows one version more."""
    return Place(home=home, migrations=(*MIGRATIONS, LATER))


def run(name: str = "r", *, inputs_key: str = "ik", folder: str = "out") -> OpenRun:
    return OpenRun(
        run=name,
        pipeline="p",
        file="f.yaml",
        file_key="fk",
        inputs_key=inputs_key,
        command="aipipe run f.yaml",
        folder=folder,
    )


def facts(*, run: str = "r", key: str = "k", open_key: str = "", model: str = "flux") -> CallFacts:
    return CallFacts(
        run=run,
        task="hero",
        type="text_to_image",
        provider="fal",
        model=model,
        endpoint="fal/flux",
        key=key,
        open_key=open_key,
    )


def intent(
    hold: int, *scopes: Scope, run: str = "r", key: str = "k", open_key: str = ""
) -> TakeIntent:
    held_in = scopes or (of_run(run), of_today())
    return TakeIntent(call=facts(run=run, key=key, open_key=open_key), hold=hold, scopes=held_in)


def steps(call: int, *transitions: Transition) -> list[Advance]:
    return [Advance(call=call, transition=transition) for transition in transitions]


def reply(writer: Writer, *records: Record) -> Reply:
    """What the writer answers, once it does."""
    replies: SimpleQueue[Reply] = SimpleQueue()
    writer.put(records, replies.put)
    return replies.get()


def ask(writer: Writer, *records: Record) -> tuple[Answer, ...]:
    """The answers to records that can be kept."""
    answers = reply(writer, *records)
    if isinstance(answers, Exception):
        raise answers
    return answers


def taken(writer: Writer, *records: TakeIntent) -> list[int]:
    """The numbers of calls whose intents find room."""
    answers = ask(writer, *records)
    return [answer.call for answer in answers if isinstance(answer, Taken)]


def rows(place: Place, question: str) -> list[sqlite3.Row]:
    with closing(connect(place, mode="ro")) as connection:
        cursor = connection.execute(question)
        cursor.row_factory = sqlite3.Row
        return cursor.fetchall()


def all_calls(place: Place) -> tuple[Call, ...]:
    return calls(rows(place, "SELECT * FROM calls ORDER BY id"))


def kept_totals(place: Place) -> dict[str, Total]:
    return {
        row["scope"]: Total(held=row["held"], stuck=row["stuck"], spent=row["spent"])
        for row in rows(place, "SELECT * FROM totals WHERE held OR stuck OR spent")
    }


def summed_totals(place: Place) -> dict[str, Total]:
    """The totals that the rows of the calls come to."""
    sums: dict[str, Total] = defaultdict(Total)
    for call in all_calls(place):
        share = share_of(call.state, hold=call.held, billed=call.billed or 0)
        for scope in call.scopes:
            sums[scope] = sums[scope] - (Total() - share)
    return {scope: total for scope, total in sums.items() if total != Total()}


def files(home: Path) -> dict[str, bytes]:
    """The content of all that lies in a folder, but for SQLite's working files."""
    working = ("-shm", "-wal")
    found = [path for path in home.rglob("*") if path.is_file()]
    return {path.name: path.read_bytes() for path in found if not path.name.endswith(working)}
