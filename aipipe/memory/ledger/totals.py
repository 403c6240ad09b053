"""One row of sums per scope, and whether a hold still fits under its cap."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from aipipe.memory.ledger.answers import MustWait, Refused
from aipipe.memory.ledger.records import Scope
from aipipe.memory.ledger.states import IN_FLIGHT, CallState, Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """Sums of a scope, or what one call adds to them, in nano-dollars."""

    held: int = 0
    stuck: int = 0
    """The part of `held` that belongs to calls which do not end by themselves."""
    spent: int = 0

    def __sub__(self, other: "Total") -> "Total":
        return Total(
            held=self.held - other.held,
            stuck=self.stuck - other.stuck,
            spent=self.spent - other.spent,
        )


def share_of(state: CallState, *, hold: int, billed: int) -> Total:
    """What a call adds to each of its scopes."""
    match state.money:
        case Money.HELD:
            return Total(held=hold, stuck=0 if state.work in IN_FLIGHT else hold)
        case Money.BILLED:
            return Total(spent=billed)
        case _:
            return Total()


def refusal(scope: Scope, total: Total, hold: int, *, orphaned: int) -> Refused | MustWait | None:
    """Why a hold does not fit under a cap; None where it does.

    `orphaned` is held by calls in flight of runs that nobody carries out, and as stuck.
    """
    if scope.cap is None or total.spent + total.held + hold <= scope.cap:
        return None
    left = scope.cap - total.spent - total.stuck - orphaned
    if hold > left:
        return Refused(scope=scope.name, left=max(left, 0))
    return MustWait(scope=scope.name)


def total_of(connection: sqlite3.Connection, scope: str) -> Total:
    """The sums of a scope; zeros where nothing was counted in it."""
    found = connection.execute(
        "SELECT held, stuck, spent FROM totals WHERE scope = ?", (scope,)
    ).fetchone()
    return Total(held=found[0], stuck=found[1], spent=found[2]) if found else Total()


def add(connection: sqlite3.Connection, scopes: Iterable[str], change: Total) -> None:
    """Count a change in every scope of a call."""
    if change == Total():
        return
    connection.executemany(
        "INSERT INTO totals (scope, held, stuck, spent) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (scope) DO UPDATE SET held = held + excluded.held,"
        " stuck = stuck + excluded.stuck, spent = spent + excluded.spent",
        [(scope, change.held, change.stuck, change.spent) for scope in scopes],
    )
