"""Runs and calls as the ledger kept them."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from aipipe.contracts.artefact import Json
from aipipe.memory.ledger.states import CallState, Money, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run as it was kept. `started` and `ended` are seconds since 1970."""

    id: str
    pipeline: str
    file: str
    file_key: str
    inputs_key: str
    command: str
    folder: str
    mock: bool
    options: Json
    started: float
    ended: float | None
    status: str | None
    """None while it goes on, and where its process was killed."""
    exit_code: int | None
    totals: Json
    finished: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call as it was kept. `held` is its worst case, whatever became of it, in nano-dollars."""

    id: int
    run: str
    task: str
    type: str
    provider: str
    model: str
    endpoint: str
    key: str
    open_key: str
    occurrence: int
    attempt: int
    scopes: tuple[str, ...]
    state: CallState
    held: int
    billed: int | None
    evidence: str | None
    remote_id: str | None
    job: Json
    answer_path: str | None
    answer_sha256: str | None
    outputs: Json
    error: Json
    created: float
    updated: float
    likely: int | None
    parts: str | None
    owner: str | None
    """The run that carries it out now, if that is not the run that began it."""

    @property
    def carrier(self) -> str:
        """The run that carries it out."""
        return self.owner or self.run


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """An output of a call, as the store has it."""

    call: int
    run: str
    name: str
    """`<sha256>.<extension>`."""
    cost: int
    """Of the whole call, in nano-dollars: its bill, or its worst case while that is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSum:
    """What the calls of one model came to, in nano-dollars."""

    model: str
    calls: int
    estimated: int
    """The worst cases of the billed ones."""
    billed: int
    held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCost:
    """What the billed calls of one model have cost so far, in nano-dollars."""

    calls: int
    billed: int
    computed: int
    """Calls whose bill comes from the price list."""
    compared: int
    """Calls of which it is known what they were likely to cost."""
    likely: int
    """Of those, together."""
    compared_billed: int
    """Of those, together."""
    since: float
    """When the first of the calls began, in seconds since 1970."""


def runs(rows: Iterable[sqlite3.Row]) -> tuple[Run, ...]:
    """Runs from whole rows of their table."""
    return tuple(_run(dict(row)) for row in rows)


def _run(row: dict[str, object]) -> Run:
    flags = {name: bool(row[name]) for name in ("mock", "finished")}
    return Run(**{**row, **flags, **_parsed(row, "options", "totals")})  # type: ignore[arg-type]


def calls(rows: Iterable[sqlite3.Row]) -> tuple[Call, ...]:
    """Calls from whole rows of their table."""
    return tuple(_call(dict(row)) for row in rows)


def _call(row: dict[str, object]) -> Call:
    state = CallState(
        work=Work(str(row.pop("work"))),
        money=Money(str(row.pop("money"))),
        computed=bool(row.pop("computed")),
    )
    told = {**row, "state": state, "scopes": tuple(json.loads(str(row["scopes"])))}
    return Call(**{**told, **_parsed(row, "job", "outputs", "error")})  # type: ignore[arg-type]


def _parsed(row: dict[str, object], *names: str) -> dict[str, Json]:
    return {name: None if row[name] is None else json.loads(str(row[name])) for name in names}
