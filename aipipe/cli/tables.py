"""The closing table of a run: one row a step, or above 24 rows one a group and model."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from aipipe.cli.diagnostics import Look
from aipipe.cli.money import places_of, usd
from aipipe.cli.tables_grid import Cell, Column, Line, drawn
from aipipe.cli.text import clean
from aipipe.cli.words import STYLES, ended, files, is_left, seconds
from aipipe.contracts.status import Status
from aipipe.running.groups import ModelTotal
from aipipe.running.rows import RUNNING, Row
from aipipe.running.summary import Summary

MOST_ROWS = 24
"""Above so many there is one row a group and model."""
_TITLE_WIDTH = 16
_NAMES = ("model", "status", "attempts", "time", "likely", "billed", "output")
_EXPLAINED = frozenset({Status.SKIPPED, Status.WAITING})


def cost(summary: Summary, look: Look) -> str:
    """The table, without a line end; empty if no step has ended or begun."""
    if summary.ended + summary.running == 0:
        return ""
    if summary.ended + summary.running > MOST_ROWS:
        return "\n".join(_grouped(summary, look))
    return "\n".join(_listed(summary, tuple(summary.rows()), look))


# --- one row a step

_TITLE = Column(widest=_TITLE_WIDTH, least=_TITLE_WIDTH)
_MODEL, _ATTEMPTS, _TIME = Column(gives=3), Column(right=True, gives=1), Column(right=True, gives=4)
_LIKELY, _BILLED = Column(right=True, gives=2), Column(right=True)
_OUTPUT = Column(gives=5, least=16)


def _listed(summary: Summary, rows: Sequence[Row], look: Look) -> list[str]:
    columns = (_TITLE, _MODEL, Column(), _ATTEMPTS, _TIME, _LIKELY, _BILLED, _OUTPUT)
    amounts = [amount for row in rows for amount in (row.estimated, row.billed)]
    places = places_of([*amounts, summary.estimated.likely, summary.billed])
    lines = [*_sections(summary, rows, places), _total(summary, _likely(summary, rows), places)]
    return drawn(columns, _without_money(lines, (5, 6)) if summary.free else lines, look)


def _without_money(lines: Sequence[Line], columns: Sequence[int]) -> list[Line]:
    return [
        [Cell() if index in columns else cell for index, cell in enumerate(line)] for line in lines
    ]


def _sections(summary: Summary, rows: Sequence[Row], places: int) -> Iterator[Line]:
    names: tuple[str, ...] = _NAMES
    for section, found in groupby(rows, key=lambda row: row.section):
        members = tuple(found)
        title = Cell(clean(summary.sections[section]), "bold")
        yield [title, *(Cell(name, "dim") for name in names)]
        names = ()
        numbers = [row.position for row in members]
        wide, plain = max(map(len, numbers)), all(number.isdigit() for number in numbers)
        for row in members:
            number = row.position.rjust(wide) if plain else row.position.ljust(wide)
            yield _row(row, f"  {number}  {clean(row.label)}", places)


def _row(row: Row, title: str, places: int) -> Line:
    return [
        Cell(title),
        Cell(clean(row.model)),
        Cell(ended(row.status, row.problem) if row.status else RUNNING, STYLES[row.status]),
        Cell(str(row.attempts) if row.attempts else "-"),
        Cell(seconds(row.seconds) if row.attempts else "-"),
        Cell(usd(row.estimated, places)),
        Cell(usd(row.billed, places)),
        _output(row),
    ]


def _output(row: Row) -> Cell:
    if is_left(row.problem):
        return Cell(f"(goes on at {clean(row.provider)})", "dim")
    if row.status in _EXPLAINED and row.problem is not None:
        return Cell(f"({clean(row.problem.message)})", "dim")
    return Cell(files([output.path for output in row.outputs]))


def _likely(summary: Summary, rows: Sequence[Row]) -> Decimal | None:
    """The run's estimate; where that leaves out reused rows, or knew no number, their sum."""
    known = [row.estimated for row in rows if row.estimated is not None]
    is_less = summary.estimated.likely is None or Status.REUSED in summary.counts
    if is_less and len(known) == len(rows):
        return sum(known, Decimal(0))
    return summary.estimated.likely


def _total(summary: Summary, likely: Decimal | None, places: int) -> Line:
    return [
        Cell("total", "bold"),
        Cell(),
        Cell(),
        Cell(str(summary.attempts)),
        Cell(seconds(summary.seconds)),
        Cell(usd(likely, places)),
        Cell(usd(summary.billed, places), "bold"),
    ]


# --- one row a group and model


def _grouped(summary: Summary, look: Look) -> list[str]:
    count = Column(right=True)
    columns = (_TITLE, _MODEL, count, count, count, _TIME, _LIKELY, _BILLED)
    amounts = [amount for each in summary.models for amount in (each.estimated, each.billed)]
    places = places_of([*amounts, summary.estimated.likely, summary.billed])
    others = any(each.others for each in summary.models)
    names = ("model", "done", "failed", "others" if others else "", "median", "likely", "billed")
    lines: list[Line] = [[Cell("group", "dim"), *(Cell(name, "dim") for name in names)]]
    shown: int | None = None
    for each in summary.models:
        title = "" if each.section == shown else clean(summary.sections[each.section])
        shown = each.section
        lines.append(_model(each, title, places, others=others))
    lines.append(_grouped_total(summary, places, others=others))
    return drawn(columns, _without_money(lines, (6, 7)) if summary.free else lines, look)


def _model(each: ModelTotal, title: str, places: int, *, others: bool) -> Line:
    return [
        Cell(title, "bold"),
        Cell(clean(each.model)),
        Cell(f"{each.done:,}"),
        Cell(f"{each.failed:,}", "red" if each.failed else ""),
        Cell(f"{each.others:,}" if others else ""),
        Cell(seconds(each.seconds) if each.seconds is not None else "-"),
        Cell(usd(each.estimated, places)),
        Cell(usd(each.billed, places)),
    ]


def _grouped_total(summary: Summary, places: int, *, others: bool) -> Line:
    return [
        Cell("total", "bold"),
        Cell(),
        Cell(f"{sum(each.done for each in summary.models):,}"),
        Cell(f"{sum(each.failed for each in summary.models):,}"),
        Cell(f"{sum(each.others for each in summary.models):,}" if others else ""),
        Cell(),
        Cell(usd(_grouped_likely(summary), places)),
        Cell(usd(summary.billed, places), "bold"),
    ]


def _grouped_likely(summary: Summary) -> Decimal | None:
    """As `_likely`, from the groups."""
    known = [each.estimated for each in summary.models if each.estimated is not None]
    if Status.REUSED in summary.counts and len(known) == len(summary.models):
        return sum(known, Decimal(0))
    return summary.estimated.likely
