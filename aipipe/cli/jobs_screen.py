"""Open calls as a table, and what became of those that were brought home."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from aipipe.app.job_visits import Brought, Result
from aipipe.app.jobs import OpenJob, Standing
from aipipe.app.runs import billed, held
from aipipe.cli.diagnostics import Look
from aipipe.cli.money import places_of, usd
from aipipe.cli.runs_screen import View, local, table
from aipipe.cli.tables_grid import Cell, Column, Line
from aipipe.cli.text import clean, count, wrapped
from aipipe.memory.ledger.past import Call
from aipipe.memory.ledger.states import Money
from aipipe.running import amounts

_JOBS = {
    "call": Column(right=True),
    "run": Column(gives=5),
    "task": Column(gives=7, least=8),
    "model": Column(gives=4),
    "provider": Column(gives=1),
    "remote id": Column(gives=3, least=12),
    "state": Column(least=30),
    "since": Column(gives=2),
    "held": Column(right=True, gives=6),
    "billed": Column(right=True, gives=6),
}
_BROUGHT = {
    "call": Column(right=True),
    "task": Column(gives=4, least=8),
    "model": Column(gives=2),
    "result": Column(),
    "billed": Column(right=True, gives=3),
    "output": Column(gives=1, least=16),
}
_STATES: Mapping[Standing, tuple[str, str]] = {
    Standing.SENT: ("sent by a run that is alive", "cyan"),
    Standing.GOING_ON: ("going on at {provider}", "cyan"),
    Standing.MADE: ("made, not fetched", "green"),
    Standing.ANSWERED: ("answer here, not read", "green"),
    Standing.CUT_OFF: ("paid for, its answer was cut off", "red"),
    Standing.UNCONFIRMED: ("unconfirmed: may have been paid for", "red"),
}
"""The words of each standing, and their colour."""
_RESULTS: Mapping[Result, tuple[str, str]] = {
    Result.HOME: ("home", "green"),
    Result.FAILED: ("failed", "red"),
    Result.UNCONFIRMED: ("unconfirmed", "red"),
    Result.GOING_ON: ("going on", "cyan"),
    Result.LEFT: ("left to its run", "cyan"),
}
"""The word of each result, and its colour."""


def state(job: OpenJob) -> str:
    """Where a call stands, in words."""
    return _STATES[job.standing][0].format(provider=job.call.provider)


def render(jobs: Sequence[OpenJob], on: View) -> str:
    """A line for each open call."""
    places = places_of(_amounts([job.call for job in jobs]))
    return "\n".join(table(_JOBS, [_line(job, on, places) for job in jobs], on.look))


def _amounts(calls: Sequence[Call]) -> list[Decimal | None]:
    return [amount for call in calls for amount in (held(call), billed(call))]


def _line(job: OpenJob, on: View, places: int) -> Line:
    call = job.call
    return [
        Cell(str(call.id)),
        Cell(clean(call.run)),
        Cell(clean(call.task)),
        Cell(clean(call.model)),
        Cell(clean(call.provider)),
        Cell(clean(call.remote_id or "")),
        Cell(clean(state(job)), _STATES[job.standing][1]),
        Cell(f"{local(call.created, on):%Y-%m-%d %H:%M}"),
        Cell(usd(held(call), places) if held(call) else "", "yellow"),
        Cell(usd(billed(call), places) if call.billed is not None else ""),
    ]


# --- what they come to


def closing(jobs: Sequence[OpenJob], look: Look) -> str:
    """The sums of the calls, and what to do next."""
    unsure = unconfirmed(jobs)
    sums = [f"{count(len(jobs), 'open call')}{_held(jobs)}"]
    if unsure:
        at_stake = amounts.usd(_nano(unsure))
        sums.append(f"{len(unsure):,} unconfirmed ({usd(at_stake)} at stake)")
    lines = [" · ".join(sums), *_next(jobs, unsure)]
    return "\n".join(wrapped(line, look.columns) for line in lines)


def unconfirmed(jobs: Sequence[OpenJob]) -> list[OpenJob]:
    """Those that may have been paid for, and nobody will tell."""
    return [job for job in jobs if job.standing is Standing.UNCONFIRMED]


def _held(jobs: Sequence[OpenJob]) -> str:
    nano = _nano(jobs)
    return f", up to {usd(amounts.usd(nano))}" if nano else ""


def _nano(jobs: Sequence[OpenJob]) -> int:
    return sum(job.call.held for job in jobs if job.call.state.money is Money.HELD)


def _next(jobs: Sequence[OpenJob], unsure: Sequence[OpenJob]) -> list[str]:
    found: list[str] = []
    if any(not job.alive and job.standing is not Standing.UNCONFIRMED for job in jobs):
        found.append("bring home   aipipe jobs fetch --all")
    if unsure:
        number, provider = unsure[0].call.id, clean(unsure[0].call.provider)
        found.append(f"unconfirmed  aipipe jobs fetch {number} --job-id ID  if {provider} has it")
        found.append(f"             aipipe jobs forget {number}  if it has not")
    return found


def before_forgetting(jobs: Sequence[OpenJob]) -> str:
    """What forgetting these calls means."""
    nano = _nano(jobs)
    stays = f" ({usd(amounts.usd(nano))} stays held and counted)" if nano else ""
    return (
        f"forgetting {count(len(jobs), 'call')}{stays}: no result is ever asked for or fetched"
        " again, and the same step may then be sent, and paid for, again"
    )


def forgotten(calls: Sequence[Call]) -> str:
    """What was given up, in a line."""
    nano = sum(call.held for call in calls if call.state.money is Money.HELD)
    stays = f" · {usd(amounts.usd(nano))} stays held" if nano else ""
    names = ", ".join(f"{call.id} ({clean(call.task)})" for call in calls)
    return f"forgotten: {names}{stays}"


# --- what was brought home


def brought(found: Sequence[Brought], look: Look) -> str:
    """A line for each call that was asked for."""
    places = places_of([billed(each.call) for each in found])
    return "\n".join(table(_BROUGHT, [_result(each, places) for each in found], look))


def _result(each: Brought, places: int) -> Line:
    word, style = _RESULTS[each.result]
    return [
        Cell(str(each.call.id)),
        Cell(clean(each.call.task)),
        Cell(clean(each.call.model)),
        Cell(word, style),
        Cell(usd(billed(each.call), places) if each.call.billed is not None else ""),
        Cell(", ".join(map(clean, each.paths)) if each.result is Result.HOME else ""),
    ]


def told(each: Brought) -> str:
    """A call in one line, as it comes."""
    word, _ = _RESULTS[each.result]
    why = f": {clean(each.problem.message)}" if each.problem is not None else ""
    return f"call {each.call.id} {clean(each.call.task)}: {word}{why}"


def problems(found: Sequence[Brought], look: Look) -> str:
    """Why calls are not home, with what to do; empty: nothing is wrong."""
    lines: list[str] = []
    for each in found:
        if each.problem is not None:
            place, code = f"call {each.call.id} {clean(each.call.task)}", clean(each.problem.code)
            text = f"{place}: {code}: {clean(each.problem.message)}"
            lines.append(wrapped(text, look.columns))
            if each.problem.hint:
                lines.append(wrapped(f"  {clean(each.problem.hint)}", look.columns))
    return "\n".join(lines)


def sums(found: Sequence[Brought], code: int) -> str:
    """`2 home, 1 going on · billed $2.00 · exit 5`, and how to wait for what goes on."""
    numbers = [
        f"{number:,} {word}"
        for result, (word, _) in _RESULTS.items()
        if (number := sum(each.result is result for each in found))
    ]
    cost = amounts.usd(sum(each.call.billed or 0 for each in found if each.result is Result.HOME))
    paid = f" · billed {usd(cost)}" if cost else ""
    ended = f" · exit {code}" if code else ""
    waits = any(each.result is Result.GOING_ON for each in found)
    after = "\nwait for it  aipipe jobs fetch --all --wait" if waits else ""
    return f"{', '.join(numbers)}{paid}{ended}{after}"
