"""Codes on the screen: all of them by kind, or one explained."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import Final

from aipipe.cli.diagnostics import Look
from aipipe.cli.tables_grid import Cell, Column, drawn
from aipipe.cli.text import padded, width
from aipipe.contracts.artefact import Json
from aipipe.contracts.codes.code import Again, Code, Kind, Spent

CSV = ("code", "kind", "meaning", "spent", "sent_again", "todo")

_SPENT: Final = {
    Spent.NO: "nothing is spent on it",
    Spent.PERHAPS: "some may be spent: the table of the run says what was billed",
    Spent.YES: "it is paid for",
}
_AGAIN: Final = {
    Again.NO: "not by itself",
    Again.ATTEMPTS: "yes, as often as  retry:  of the step allows",
    Again.FREELY: "yes, after a while; it uses up no attempt",
}
_LEAST = 10
"""Columns that are left of a meaning where room is short."""
_ROOM = 30
"""Columns below which texts are left to the terminal."""


def listed(kinds: Sequence[Kind], look: Look) -> str:
    """A line for each code, under the title of its kind."""
    widest = max(len(each.code) for kind in kinds for each in kind.codes)
    columns = [Column(widest=widest), Column(least=_LEAST)]
    return "\n\n".join("\n".join(_kind(kind, columns, look)) for kind in kinds)


def _kind(kind: Kind, columns: Sequence[Column], look: Look) -> Iterator[str]:
    yield look.paint("bold", kind.title)
    indented = Look(paint=look.paint, columns=look.columns and look.columns - 2)
    lines = [[Cell(each.code), Cell(each.meaning)] for each in kind.codes]
    yield from (f"  {line}" for line in drawn(columns, lines, indented))


def full(code: Code, kind: Kind, look: Look) -> str:
    """All that is said of a code."""
    facts = {
        "about": kind.title,
        "money": _SPENT[code.spent],
        "sent again": _AGAIN[code.again],
        "what to do": code.todo,
    }
    widest = max(map(width, facts))
    lines = [f"{look.paint('bold', code.code)}   {code.meaning}"]
    for title, words in facts.items():
        first, *rest = _wrapped(words, widest + 3, look)
        lines += [f"{look.paint('dim', padded(title, widest))}   {first}", *rest]
    return "\n".join(lines)


def _wrapped(words: str, indent: int, look: Look) -> list[str]:
    room = 0 if look.columns is None else look.columns - indent
    if room < _ROOM:
        return [words]
    first, *rest = textwrap.wrap(words, room, break_long_words=False, break_on_hyphens=False)
    return [first, *(" " * indent + line for line in rest)]


def as_json(code: Code, kind: Kind) -> dict[str, Json]:
    """A code as plain data."""
    return {
        "code": code.code,
        "kind": kind.title,
        "meaning": code.meaning,
        "spent": code.spent.value,
        "sent_again": code.again.value,
        "todo": code.todo,
    }


def csv_row(code: Code, kind: Kind) -> Sequence[str]:
    """A code as a row under `CSV`."""
    return (code.code, kind.title, code.meaning, code.spent, code.again, code.todo)
