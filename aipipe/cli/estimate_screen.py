"""What a run would cost: a table for people, and the same as JSON and CSV."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from aipipe.cli import reuse_words
from aipipe.cli.csv_text import csv_text
from aipipe.cli.diagnostics import Look
from aipipe.cli.estimate_groups import grouped
from aipipe.cli.money import places_of, usd
from aipipe.cli.tables import MOST_ROWS
from aipipe.cli.tables_grid import Cell, Column, Line, drawn
from aipipe.cli.text import clean, count, padded, width
from aipipe.contracts.artefact import Json
from aipipe.planning.estimate import Estimate, EstimateLine
from aipipe.planning.plan import Plan
from aipipe.running.amounts import written

SCHEMA_VERSION = 1
_HEADINGS = ("model", "counted", "unit price", "priced", "likely", "at most")
_COLUMNS = (
    Column(least=16),
    Column(gives=4),
    Column(gives=2, least=12),
    Column(gives=1),
    Column(gives=3),
    Column(right=True),
    Column(right=True),
)
_JOINED = 3
"""Assumptions that still share a line."""


def render(plan: Plan, found: Estimate, look: Look) -> str:
    """The table, then what was assumed and what to check."""
    places = places_of(
        [
            amount
            for line in found.lines
            for amount in (line.price.likely, line.price.at_most, found.likely, found.at_most)
        ]
    )
    lines: list[Line] = []
    for title, group in groupby(found.lines, key=lambda line: line.section):
        headings = [Cell(each, "dim") for each in _HEADINGS] if not lines else []
        lines.append([Cell(clean(title), "bold"), *headings])
        members = list(group)
        lines.extend(
            _groups(members, places) if len(members) > MOST_ROWS else _rows(members, places)
        )
    lines.append(_total(found, places))
    return "\n".join([*drawn(_COLUMNS, lines, look), *_notes(plan, found, look, places)])


def _rows(lines: list[EstimateLine], places: int) -> Iterator[Line]:
    widest = max(width(line.position) for line in lines)
    for line in lines:
        yield _row(f"{padded(line.position, widest)}  {clean(line.task.label)}", line, places)


def _groups(lines: list[EstimateLine], places: int) -> Iterator[Line]:
    """One row a model: nobody reads thousands."""
    return (_row(words, line, places) for words, line in grouped(lines))


def _row(title: str, line: EstimateLine, places: int) -> Line:
    price = line.price
    return [
        Cell(f"  {title}"),
        Cell(clean(line.task.model)),
        Cell(price.counted or _counted(line)),
        Cell(price.unit_price),
        Cell(price.priced),
        Cell(usd(price.likely, places)),
        Cell(usd(price.at_most, places)),
    ]


def _counted(line: EstimateLine) -> str:
    return "an unknown number" if line.times is None else count(line.times, "call")


def _total(found: Estimate, places: int) -> Line:
    new = "unknown" if found.calls is None else f"{found.calls:,}"
    likely = usd(found.likely, places)
    if found.likely is None and found.known_likely:
        likely = f"over {usd(found.known_likely, places)}"
    at_most = usd(found.at_most, places)
    blank = [Cell()] * 4
    reused = f"reused {found.reused:,}"
    attached = f", re-attached {found.attached:,}" if found.attached else ""
    doubtful = found.forecast.doubtful
    held_back = f", not sent again {doubtful:,}" if doubtful else ""
    return [Cell(f"new {new}, {reused}{attached}{held_back}"), *blank, Cell(likely), Cell(at_most)]


def _notes(plan: Plan, found: Estimate, look: Look, places: int) -> list[str]:
    notes = _note("reuse", [line] if (line := reuse_words.line(found, places)) else [])
    notes += [*_note("assumed", found.assumptions), *_note("unknown", _unknown(found))]
    if plan.mock:
        notes += _note("mock", ["the embedded engine stands in for every model, at $0"])
    if found.undated:
        verb = "price is" if found.undated == 1 else "prices are"
        notes += _note("check", [f"{found.undated} {verb} undated: aipipe models --check-prices"])
    painted = [look.paint("dim", line[:10]) + line[10:] for line in notes]
    return ["", *painted] if painted else []


def _unknown(found: Estimate) -> list[str]:
    if not found.unknown:
        return []
    shown = ", ".join(found.unknown[:_JOINED])
    more = f" and {len(found.unknown) - _JOINED} more" if len(found.unknown) > _JOINED else ""
    return [
        f"nobody can say what these cost: {shown}{more}",
        "a step's  price:  gives it, --unknown-price USD bounds it, --max-cost USD caps the run",
    ]


def _note(title: str, texts: Sequence[str]) -> list[str]:
    if not texts:
        return []
    few = len(texts) <= _JOINED and title == "assumed"
    lines = ["; ".join(texts)] if few else list(texts)
    return [f"{padded(title if i == 0 else '', 10)}{clean(t)}" for i, t in enumerate(lines)]


def as_json(plan: Plan, found: Estimate) -> dict[str, Json]:
    """The estimate as plain data; amounts in USD are strings, null is unknown."""
    return {
        "schema_version": SCHEMA_VERSION,
        "pipeline": plan.name,
        "file": plan.file,
        "mock": plan.mock,
        "calls": found.calls,
        "reused": found.reused,
        "attached": found.attached,
        "not_sent_again": found.forecast.doubtful,
        "runs": list(found.forecast.runs),
        "changed": _changed(found),
        "cost": _cost(found.low, found.likely, found.at_most),
        "steps": [_line(line) for line in found.lines],
        "assumptions": list(found.assumptions),
        "undated": found.undated,
        "unknown": list(found.unknown),
    }


def _changed(found: Estimate) -> list[Json]:
    """The steps that are new because something of them changed: the first few."""
    return [{"id": each.task, "parts": list(each.parts)} for each in found.forecast.changed]


def _line(line: EstimateLine) -> dict[str, Json]:
    task, price = line.task, line.price
    return {
        "id": task.path,
        "label": task.label,
        "type": task.type,
        "asked": task.asked,
        "model": task.model,
        "provider": task.provider,
        "calls": line.times,
        "new": line.new,
        "counted": price.counted,
        "unit_price": price.unit_price,
        "priced": price.priced,
        "cost": _cost(price.low, price.likely, price.at_most),
    }


def _cost(low: Decimal | None, likely: Decimal | None, at_most: Decimal | None) -> dict[str, Json]:
    return {
        "low": written(low),
        "likely": written(likely),
        "at_most": written(at_most),
    }


_CSV = ("id", "label", "type", "asked", "model", "provider", "calls", "counted", "unit_price")
_CSV_HEADINGS = (*_CSV, "priced", "low_usd", "likely_usd", "at_most_usd")


def as_csv(found: Estimate) -> str:
    """One row a step; an unknown amount is an empty cell."""
    return csv_text([_CSV_HEADINGS, *map(_csv_row, found.lines)])


def _csv_row(line: EstimateLine) -> Sequence[Json]:
    price = line.price
    amounts = (written(price.low), written(price.likely), written(price.at_most))
    plain = _line(line)
    return (*(plain[word] for word in _CSV), price.priced, *amounts)
