"""The price of one unit: the rules by parameter, and surcharges."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import product
from typing import Final

from aipipe.catalog import pixels, sizing
from aipipe.catalog.given import NONE, Given, Values, default, spell, values
from aipipe.catalog.model import Price
from aipipe.catalog.spans import UNTOLD, Span, total

_ANY: Final = "*"


def rate(given: Given) -> Span:
    """USD for a unit, before surcharges."""
    price = given.model.price
    if not price.rules:
        return UNTOLD if price.usd is None else Span.exactly(price.usd)
    return _ruled(price, [choices(given, word) for word in price.by])


def choices(given: Given, word: str) -> Values:
    """The values of a word that chooses among rules."""
    return sizes(given) if word == sizing.SIZE else values(given, word)


def surcharge(given: Given) -> Span:
    """USD that options add to a unit."""
    extra = given.model.price.extra.get("surcharges")
    rules = extra if isinstance(extra, dict) else {}
    return total(_added(given, rule, Decimal(str(usd))) for rule, usd in rules.items())


def sizes(given: Given) -> Values:
    """The sizes of the price list that a picture may be billed as."""
    all_ = tuple(dict.fromkeys(rule.rpartition("|")[2] for rule in given.model.price.rules))
    billed = [_billed(asked, all_) for asked in sizing.sizes(given)]
    if not billed:
        usual = pixels.size(default(given.model.params.get(sizing.SIZE)))
        likely = pixels.spelt(usual) if usual is not None else None
        return Values(all_, likely if likely in all_ else None)
    if len(billed) == 1:
        return billed[0]
    if not all(each.values for each in billed):
        return Values(())
    return Values(tuple(dict.fromkeys(value for each in billed for value in each.values)))


def _billed(asked: pixels.Size, listed: tuple[str, ...]) -> Values:
    for each in (pixels.spelt(asked), pixels.spelt(asked[::-1]), _ANY):
        if each in listed:
            return Values((each,), each)
    return _near(asked, {each: found for each in listed if (found := pixels.size(each))})


def _near(asked: pixels.Size, listed: Mapping[str, pixels.Size]) -> Values:
    """A size that is not listed may cost what any does; the nearest area is the likely one."""
    if pixels.area(asked) > max(map(pixels.area, listed.values())):
        return Values(())
    nearest = min(listed, key=lambda each: abs(pixels.area(listed[each]) - pixels.area(asked)))
    return Values(tuple(listed), nearest)


def _ruled(price: Price, chosen: list[Values]) -> Span:
    amounts = [_amount(price, each) for each in product(*(c.values for c in chosen))]
    known = [amount for amount in amounts if amount is not None]
    if not known or len(known) < len(amounts):
        return UNTOLD
    usual = [(c.likely,) if c.likely is not None else c.values for c in chosen]
    likely = [amount for each in product(*usual) if (amount := _amount(price, each)) is not None]
    return Span(min(known), max(likely), max(known))


def _amount(price: Price, picked: tuple[str, ...]) -> Decimal | None:
    for rule, amount in price.rules.items():
        parts = rule.split("|")
        if all(part in {_ANY, value} for part, value in zip(parts, picked, strict=True)):
            return amount
    return None


def _added(given: Given, rule: str, usd: Decimal) -> Span:
    word, _, value = rule.partition("=")
    param = given.model.params.get(word)
    if word in given.unknown:
        return Span(Decimal(0), Decimal(0), usd)
    asked = given.value(word)
    picked = NONE if asked is None else spell(asked, param)
    return Span.exactly(usd if picked == value else Decimal(0))
