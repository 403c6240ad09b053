"""The parts of which prices in words are made: `2 images`, `6 s`, `1 MP`, `with audio`."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from aipipe.catalog import counting, pixels, rates, sizing
from aipipe.catalog.facts import Facts
from aipipe.catalog.given import GIVEN, NONE, Given, number
from aipipe.catalog.spans import Span

_SPOKEN: Final = {"audio": {"true": "with audio", "false": "no audio"}}


def usd(amount: Decimal) -> str:
    """Exact, with two decimals at least."""
    whole, _, decimals = f"{amount:f}".partition(".")
    return f"${whole}.{decimals.rstrip('0').ljust(2, '0')}"


def choice(given: Given, word: str) -> Iterator[str]:
    """The value that chose the price: `1K`, `with audio`, `512p to 768p`."""
    found = rates.choices(given, word)
    if word == sizing.SIZE:
        yield size(given)
    elif word == counting.DURATION:
        yield length(number(given, word))
    elif found.known and found.values[0] != NONE:
        yield _spoken(word, found.values[0])
    elif set(found.values) in ({"true", "false"}, {GIVEN, NONE}):
        yield f"with or without {word}"
    elif len(found.values) > 1:
        yield f"{_spoken(word, found.values[0])} to {_spoken(word, found.values[-1])}"


def size(given: Given) -> str:
    """`1024x768 (landscape_4_3)`, `1280x720 (16:9)`, `1000x800`, `any size`."""
    found = sizing.sizes(given)
    if len(found) != 1:
        return "any size"
    spelt, written = pixels.spelt(found[0]), sizing.written(given)
    named = isinstance(written, str) and (written in pixels.NAMED or not pixels.size(written))
    return f"{spelt} ({written})" if named else spelt


def many(span: Span, what: str) -> str:
    """`1 image`, `2 to 8 images`, `1 or more images`."""
    least = span.low or Decimal(1)
    if span.known:
        return f"{plain(least)} {what}{'' if least == 1 else 's'}"
    return f"{plain(least)} {'or more' if span.most is None else f'to {plain(span.most)}'} {what}s"


def several(given: Given) -> Iterator[str]:
    """How many, where it is not one."""
    found = counting.images(given)
    if found.likely != 1 or not found.known:
        yield many(found, given.model.medium)


def length(span: Span) -> str:
    """`6 s`, `4 to 15 s`."""
    if span.most is None:
        return "length not known yet"
    if span.known or span.low is None:
        return f"{plain(span.most)} s"
    return f"{plain(span.low)} to {plain(span.most)} s"


def area(given: Given, facts: Facts) -> str:
    """`1 MP`."""
    found = counting.megapixels(given, facts)
    return "size not known yet" if found.likely is None else megapixels(found.likely)


def megapixels(amount: Decimal) -> str:
    """`0.75 MP`."""
    return f"{plain(amount.quantize(Decimal('0.01')))} MP"


def characters(number_of: int | None) -> str:
    """`412 characters`."""
    if number_of is None:
        return "a text not known yet"
    return f"{number_of:,} character{'' if number_of == 1 else 's'}"


def plain(amount: Decimal) -> str:
    """A number without needless decimals."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _spoken(word: str, value: str) -> str:
    return f"with {word}" if value == GIVEN else _SPOKEN.get(word, {}).get(value, value)
