"""A new call's intent: kept with its hold where every cap leaves room, in one transaction."""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import astuple, dataclass, fields, replace
from datetime import UTC, datetime

from aipipe.memory.ledger import totals
from aipipe.memory.ledger.answers import AlreadyFinal, AlreadyOpen, MustWait, Refused, Taken
from aipipe.memory.ledger.records import TODAY, CallFacts, Scope, TakeIntent
from aipipe.memory.ledger.schema import BY_OPEN, WORK_IS_FINAL, WORK_IS_OPEN
from aipipe.memory.ledger.states import CallState, Work
from aipipe.memory.ledger.steps import Intend
from aipipe.memory.ledger.transitions import advance

_FACTS = tuple(field.name for field in fields(CallFacts))
_COLUMNS = (*_FACTS, "scopes", "work", "money", "held", "created", "updated")
_INSERT = (
    f"INSERT INTO calls ({', '.join(_COLUMNS)})"  # noqa: S608 - names of fields, no values
    f" VALUES ({', '.join('?' * len(_COLUMNS))})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What the ledger does not know by itself."""

    now: Callable[[], float]
    """Seconds since 1970."""
    is_alive: Callable[[str], bool]
    """True while some process carries out the run."""
    attends: Callable[[str, int], bool] | None = None
    """True while the process of a run will tell how a call ends; None: while the run is alive."""

    def is_attended(self, run: str, call: int) -> bool:
        """Whether somebody will tell how a call ends that this run carries out."""
        return self.is_alive(run) if self.attends is None else self.attends(run, call)


def take(
    connection: sqlite3.Connection, intent: TakeIntent, world: World
) -> Taken | AlreadyOpen | AlreadyFinal | Refused | MustWait:
    """The call's number, or why it can't be sent now. Within the caller's transaction."""
    if intent.hold < 0:
        raise ValueError(f"a hold of {intent.hold} nano-dollars")
    now = world.now()
    if (open_call := _open_call(connection, intent.call.open_key)) is not None:
        return AlreadyOpen(call=open_call)
    if (final_call := _final_call(connection, intent)) > intent.after:
        return AlreadyFinal(call=final_call)
    scopes = _dated(connection, intent.scopes, now)
    if reason := _reason(connection, scopes, intent.hold, world):
        return reason
    return _insert(connection, intent, scopes, now)


def _insert(
    connection: sqlite3.Connection, intent: TakeIntent, scopes: tuple[Scope, ...], now: float
) -> Taken:
    state = advance(CallState(), Intend())
    names = sorted({scope.name for scope in scopes})
    row = (*astuple(intent.call), json.dumps(names), state.work, state.money, intent.hold, now, now)
    call = connection.execute(_INSERT, row).lastrowid
    assert call is not None  # noqa: S101 - an insert has a row
    totals.add(connection, names, totals.share_of(state, hold=intent.hold, billed=0))
    return Taken(call=call)


def _open_call(connection: sqlite3.Connection, open_key: str) -> int | None:
    if not open_key:
        return None
    question = f"SELECT max(id) FROM calls WHERE open_key = ? AND {WORK_IS_OPEN}"  # noqa: S608 - constant
    found: int | None = connection.execute(question, (open_key,)).fetchone()[0]
    return found


def _final_call(connection: sqlite3.Connection, intent: TakeIntent) -> int:
    """The newest call that ended with this key; 0: there is none."""
    call = intent.call
    if not call.key:
        return 0
    question = f"SELECT max(id) FROM calls WHERE key = ? AND {WORK_IS_FINAL}"  # noqa: S608 - constant
    among, values = (" AND run = ?", (call.key, call.run)) if intent.anew else ("", (call.key,))
    found: int | None = connection.execute(question + among, values).fetchone()[0]
    return found or 0


def _dated(
    connection: sqlite3.Connection, scopes: tuple[Scope, ...], now: float
) -> tuple[Scope, ...]:
    """The scopes, with today's under its date: the latest day that this ledger has seen."""
    if all(scope.name != TODAY for scope in scopes):
        return scopes
    today = datetime.fromtimestamp(now, UTC).date().isoformat()
    latest: str = connection.execute("SELECT day FROM clock").fetchone()[0]
    if today > latest:
        connection.execute("UPDATE clock SET day = ?", (today,))
    name = f"day:{max(today, latest)}"
    return tuple(replace(s, name=name) if s.name == TODAY else s for s in scopes)


def _reason(
    connection: sqlite3.Connection, scopes: tuple[Scope, ...], hold: int, world: World
) -> Refused | MustWait | None:
    """The first scope that can never hold it, else the first that can't now."""
    waits: MustWait | None = None
    for scope in scopes:
        total = totals.total_of(connection, scope.name)
        reason = totals.refusal(scope, total, hold, orphaned=0)
        if isinstance(reason, MustWait):
            orphaned = _orphaned(connection, scope.name, world)
            reason = totals.refusal(scope, total, hold, orphaned=orphaned)
        if isinstance(reason, Refused):
            return reason
        waits = waits or reason
    return waits


def _orphaned(connection: sqlite3.Connection, scope: str, world: World) -> int:
    """Held in a scope by calls in flight that no process attends to: none will end them."""
    question = (
        f"SELECT id, coalesce(owner, run), held, scopes FROM calls {BY_OPEN}"  # noqa: S608 - constants
        f" WHERE {WORK_IS_OPEN} AND work != '{Work.UNCONFIRMED}' AND money = 'held'"
    )
    found = connection.execute(question)
    return sum(
        hold
        for call, run, hold, names in found
        if scope in json.loads(names) and not world.is_attended(run, call)
    )
