"""Past runs as tables: all of them in lines, and one in full."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from decimal import Decimal

from aipipe.app.runs import GOING_ON, KILLED, PastRun, Step, billed, held
from aipipe.cli.diagnostics import Look
from aipipe.cli.money import places_of, usd
from aipipe.cli.tables_grid import Cell, Column, Line, drawn
from aipipe.cli.text import clean, count, padded
from aipipe.cli.words import STYLES, counts, files, seconds
from aipipe.contracts.artefact import Json
from aipipe.contracts.event import RunStatus
from aipipe.memory.ledger.states import Money, Work
from aipipe.running.rows import RUNNING

_RUNS = {
    "run": Column(),
    "started": Column(gives=4),
    "pipeline": Column(gives=5, least=8),
    "status": Column(),
    "done": Column(right=True, gives=2),
    "failed": Column(right=True, gives=3),
    "billed": Column(right=True),
    "held": Column(right=True),
    "folder": Column(gives=1, least=14),
}
_CALLS = {
    "task": Column(),
    "model": Column(gives=1),
    "work": Column(),
    "money": Column(),
    "amount": Column(right=True),
    "remote id": Column(gives=2, least=12),
    "error": Column(gives=3, least=8),
}
_STEPS = {
    "step": Column(),
    "model": Column(gives=3),
    "status": Column(),
    "attempts": Column(right=True, gives=1),
    "time": Column(right=True, gives=4),
    "likely": Column(right=True, gives=2),
    "billed": Column(right=True),
    "output": Column(gives=5, least=16),
}
_STATUS_STYLES: Mapping[str, str] = {
    RunStatus.DONE: "green",
    RunStatus.DONE_WITH_FAILURES: "yellow",
    RunStatus.WAITING: "yellow",
    RunStatus.STOPPED: "yellow",
    RunStatus.INTERRUPTED: "yellow",
    GOING_ON: "cyan",
}
"""The colour of a run's status; every other one is red."""
_STEP_STYLES: Mapping[str, str] = {
    **{status: style for status, style in STYLES.items() if status is not None},
    KILLED: "red",
}
_WORK_STYLES: Mapping[str, str] = {
    Work.DONE: "green",
    Work.REJECTED: "red",
    Work.FAILED: "red",
    Work.REFUSED: "red",
    Work.EXPIRED: "red",
    Work.UNCONFIRMED: "red",
    Work.ABANDONED: "yellow",
    Work.CANCELLED: "yellow",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Who looks: how to draw, from which folder, in which time zone (None: the machine's)."""

    look: Look
    here: str | None
    """The working directory; None where there is none any more."""
    zone: tzinfo | None = None


def view(look: Look) -> View:
    """The view of this process."""
    try:
        return View(look=look, here=os.getcwd())  # noqa: PTH109 - only a text is wanted
    except OSError:
        return View(look=look, here=None)


def render(found: Sequence[PastRun], on: View) -> str:
    """A line for each run."""
    places = places_of([amount for run in found for amount in (run.billed, run.held)])
    return "\n".join(table(_RUNS, [_line(run, on, places) for run in found], on.look))


def table(headings: Mapping[str, Column], rows: Sequence[Line], look: Look) -> list[str]:
    """Columns under bold headings, without those that nothing stands in."""
    used = [any(row[index].text for row in rows) for index in range(len(headings))]
    names = [Cell(name if u else "", "bold") for name, u in zip(headings, used, strict=True)]
    return drawn(list(headings.values()), [names, *rows], look)


def _line(run: PastRun, on: View, places: int) -> Line:
    return [
        Cell(run.kept.id),
        Cell(f"{local(run.kept.started, on):%Y-%m-%d %H:%M}"),
        Cell(clean(run.kept.pipeline)),
        Cell(run.status, _STATUS_STYLES.get(run.status, "red")),
        Cell("-" if run.done is None else f"{run.done:,}"),
        Cell("-" if run.failed is None else f"{run.failed:,}", "red" if run.failed else ""),
        Cell(usd(run.billed, places)),
        Cell(usd(run.held, places) if run.held else "", "yellow"),
        Cell(clean(_from(run.kept.folder, on))),
    ]


def local(at: float, on: View) -> datetime:
    """A time (seconds since 1970) in the zone of who looks."""
    return datetime.fromtimestamp(at, UTC).astimezone(on.zone)


def _from(path: str, on: View) -> str:
    """The path as it is, or from the working directory where that is shorter."""
    if on.here is None:
        return path
    try:
        near = os.path.relpath(path, on.here)
    except ValueError:  # it is on another drive
        return path
    return min(path, near, key=len)


# --- one run


def full(run: PastRun, on: View) -> str:
    """Everything that is known of a run."""
    places = places_of(_all_amounts(run))
    status = on.look.paint(_STATUS_STYLES.get(run.status, "red"), run.status)
    ended = f" · exit {run.kept.exit_code}" if run.kept.exit_code else ""
    head = f"{on.look.paint('bold', run.kept.id)}   {clean(run.kept.pipeline)}   {status}{ended}"
    facts = [
        f"{on.look.paint('dim', padded(title, 9))}   {clean(words)}"
        for title, words in _facts(run, on, places)
        if words
    ]
    parts = (
        "\n".join([head, *facts]),
        "\n".join(_calls(run, on.look, places)),
        "\n".join(_steps(run, on.look, places)),
    )
    return "\n\n".join(part for part in parts if part)


def _all_amounts(run: PastRun) -> list[Decimal | None]:
    calls = [amount for call in run.calls for amount in (held(call), billed(call))]
    steps = [amount for step in run.steps for amount in (step.estimated, step.billed)]
    return [run.estimated, run.billed, run.held, *calls, *steps]


def _facts(run: PastRun, on: View, places: int) -> Iterator[tuple[str, str]]:
    kept = run.kept
    yield "file", _from(kept.file, on)
    yield "command", kept.command
    yield "folder", _from(kept.folder, on)
    yield "started", f"{local(kept.started, on):%Y-%m-%d %H:%M:%S}"
    yield "ended", f"{local(kept.ended, on):%Y-%m-%d %H:%M:%S}" if kept.ended is not None else ""
    yield "took", seconds(run.seconds) if run.seconds is not None else ""
    yield "steps", counts(run.counts) if run.counts is not None else ""
    yield from _money(run, places)
    if kept.mock:
        yield "mock", "every model was replaced by the embedded engine"


def _money(run: PastRun, places: int) -> Iterator[tuple[str, str]]:
    if not any(_all_amounts(run)) and run.estimated is not None:
        yield "cost", "nothing billed"
        return
    yield "estimated", usd(run.estimated, places) if run.counts is not None else ""
    yield "billed", usd(run.billed, places)
    open_ones = sum(call.state.money is Money.HELD for call in run.calls)
    words = f"{usd(run.held, places)}, which may still be billed ({count(open_ones, 'call')})"
    yield "held", words if run.held else ""
    computed = sorted({call.provider for call in run.calls if call.state.computed})
    if computed:
        yield "computed", f"what {', '.join(computed)} billed is from the price list"


def _calls(run: PastRun, look: Look, places: int) -> list[str]:
    lines: list[Line] = [
        [
            Cell(clean(call.task)),
            Cell(clean(call.model)),
            Cell(call.state.work.value, _WORK_STYLES.get(call.state.work, "cyan")),
            Cell(call.state.money or "-", "yellow" if call.state.money is Money.HELD else ""),
            Cell(usd(held(call) or billed(call) or Decimal(0), places)),
            Cell(clean(call.remote_id or "")),
            Cell(clean(complaint(call.error)), "dim"),
        ]
        for call in run.calls
    ]
    return table(_CALLS, lines, look) if lines else []


def _steps(run: PastRun, look: Look, places: int) -> list[str]:
    paid = any(step.estimated or step.billed for step in run.steps)
    lines = [_step(step, run.status, places, paid=paid) for step in run.steps]
    return table(_STEPS, lines, look) if lines else []


def _step(step: Step, status: str, places: int, *, paid: bool) -> Line:
    word = KILLED if step.status == RUNNING and status == KILLED else step.status
    why = clean(complaint(step.error))
    return [
        Cell(clean(step.id)),
        Cell(clean(step.model)),
        Cell(clean(word), _STEP_STYLES.get(word, "")),
        Cell(str(step.attempts) if step.attempts else "-"),
        Cell(seconds(step.seconds) if step.attempts and step.seconds is not None else "-"),
        Cell(usd(step.estimated, places) if paid else ""),
        Cell(usd(step.billed, places) if paid else ""),
        Cell(f"({why})", "dim") if why else Cell(files(step.outputs)),
    ]


def complaint(error: Json) -> str:
    """An error as the ledger or run.json keeps it, in one line; empty: there is none."""
    match error:
        case None:
            return ""
        case {"code": str(code), "message": str(message)}:
            return f"{code}: {message}"
        case _:
            return str(error)
