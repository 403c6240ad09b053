"""Our prices beside the providers' own: what differs, what can't be compared, who was not asked."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from aipipe.app.price_checks import Answer, Check, Compared, NoList, Told
from aipipe.catalog import phrases, price_words
from aipipe.catalog.listings import Standing
from aipipe.cli.diagnostics import Look
from aipipe.cli.tables_grid import Cell, Column, drawn
from aipipe.cli.text import clean, padded
from aipipe.contracts.provider import ListedPrice

_COLUMNS: Final = MappingProxyType(
    {
        "model": Column(),
        "ours": Column(gives=1),
        "as of": Column(gives=3),
        "listed": Column(gives=1),
        "difference": Column(gives=2),
    }
)
_FEW: Final = 4
"""Names that a line still has."""


def render(found: Check, look: Look) -> str:
    """The table of what differs, then the sums, what was not compared, and what is kept."""
    table = _table(found.of(Standing.DIFFERS), look)
    notes = [
        look.paint("dim", padded(title, 14)) + clean(text)
        for title, texts in _notes(found)
        for title, text in zip((title, *[""] * len(texts)), texts, strict=False)
    ]
    return "\n".join([*table, *([""] if table else []), *notes])


def _table(differing: Sequence[Compared], look: Look) -> list[str]:
    if not differing:
        return []
    head = [Cell(heading, "bold") for heading in _COLUMNS]
    lines = [head, *([Cell(cell) for cell in _row(each)] for each in differing)]
    return drawn(list(_COLUMNS.values()), lines, look)


def _row(found: Compared) -> Sequence[str]:
    price, listed = found.model.price, found.listed
    ours, theirs = price.usd or Decimal(0), listed.amount if listed is not None else Decimal(0)
    return (
        found.model.name,
        price_words.listed(price),
        price.as_of or "undated",
        price_words.each(price, theirs),
        _difference(ours, theirs),
    )


def _difference(ours: Decimal, theirs: Decimal) -> str:
    """`20 % more`; of nothing there is no share."""
    if not ours:
        return "not free"
    share = (abs(theirs - ours) / ours * 100).quantize(Decimal(1))
    words = f"{share} %" if share else "under 1 %"
    return f"{words} {'more' if theirs > ours else 'less'}"


def _notes(found: Check) -> Iterator[tuple[str, list[str]]]:
    differing, equal = len(found.of(Standing.DIFFERS)), len(found.of(Standing.EQUAL))
    differ, agree = _verb(differing, "differ"), _verb(equal, "agree")
    yield "compared", [f"{differing + equal}: {differ}, {agree}"]
    yield "not compared", list(_apart(found))
    yield "not asked", list(_not_asked(found.answers))
    if found.kept is not None:
        lists = " and ".join(each.provider.title for each in _told(found.answers))
        taken = f"estimates and runs go by {lists}'s own list of {found.on} from now on"
        until = f"--refresh  asks again; for those that came with aipipe delete {found.kept}"
        yield "kept", [taken, until]
    elif differing:
        yield (
            "to keep it",
            ["aipipe models --refresh  makes estimates and runs go by what is listed"],
        )


def _verb(number: int, verb: str) -> str:
    return f"{number} {verb}{'s' if number == 1 else ''}"


def _apart(found: Check) -> Iterator[str]:
    for standing, (why, said) in _WHY.items():
        of_it = found.of(standing)
        if of_it:
            names = [f"{each.model.name}{said(each.listed)}" for each in of_it]
            more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
            yield f"{len(names)} {why}: {', '.join(names[:_FEW])}{more}"


def _not_asked(answers: Iterable[Answer]) -> Iterator[str]:
    names = [each.provider.name for each in answers if isinstance(each, NoList)]
    if names:
        yield f"no list of prices can be asked for at {', '.join(names)}"


def _told(answers: Iterable[Answer]) -> list[Told]:
    return [each for each in answers if isinstance(each, Told)]


def _nothing(_listed: ListedPrice | None) -> str:
    return ""


def _unit(listed: ListedPrice | None) -> str:
    return f" ({listed.unit or 'no unit'})" if listed is not None else ""


def _currency(listed: ListedPrice | None) -> str:
    return f" ({listed.currency or 'no currency'})" if listed is not None else ""


def _amount(listed: ListedPrice | None) -> str:
    """` ($0.05, images)`, below zero ` (-$0.05, images)`."""
    if listed is None:
        return ""
    sign = "-" if listed.amount < 0 else ""
    return f" ({sign}{phrases.usd(abs(listed.amount))}, {listed.unit or 'no unit'})"


_WHY: Final[Mapping[Standing, tuple[str, Callable[[ListedPrice | None], str]]]] = MappingProxyType(
    {
        Standing.RULES: ("with rules by parameter", _nothing),
        Standing.UNIT: ("in another unit", _unit),
        Standing.UNKNOWN: ("without a price of ours", _amount),
        Standing.CURRENCY: ("in another currency", _currency),
        Standing.REFUSED: ("refused, as zero, less, or 100 times away from ours", _amount),
        Standing.UNLISTED: ("not listed", _nothing),
    }
)
