"""Prices in words: of the price list, of one call, and what was counted."""

from decimal import Decimal
from types import MappingProxyType
from typing import Final

from aipipe.catalog import counting, phrases, rates, tokens
from aipipe.catalog.facts import Facts
from aipipe.catalog.given import Given
from aipipe.catalog.model import Price

_SHORT: Final = MappingProxyType(
    {
        "megapixel": "MP",
        "second": "s",
        "minute": "min",
        "1k_chars": "1,000 characters",
        "1m_tokens": "1M tokens",
        "request": "call",
        "gpu_second": "GPU second",
    }
)
_LONG: Final = MappingProxyType(
    {
        "1k_chars": "1,000 characters",
        "1m_tokens": "1,000,000 tokens",
        "request": "call",
        "gpu_second": "GPU second",
    }
)
_WHOLE: Final = frozenset({"image", "video", "request"})
"""Units that a call is one of, or that are counted beside the price."""
_UNCOUNTED: Final = {"gpu_second": "time not known yet"}


def priced(price: Price) -> str:
    """The price's date: `2026-04`, `undated`, `unknown`, or `local` on one's own server."""
    if price.unit == "request" and price.usd == 0:
        return "local"
    return (price.as_of or "undated") if _amounts(price) else "unknown"


def listed(price: Price) -> str:
    """`$0.025/MP`, `$0.04 to $0.12/s`, `unknown`: the least and the most that a unit costs."""
    further = price.extra.get("extra_usd")
    amounts = _amounts(price) + ([] if further is None else [counting.decimal(further)])
    if not amounts:
        return "unknown"
    least, most = min(amounts), max(amounts)
    return f"{phrases.usd(least)} to {each(price, most)}" if least < most else each(price, most)


def each(price: Price, usd: Decimal) -> str:
    """`$0.025/MP`."""
    return f"{phrases.usd(usd)}/{_SHORT.get(price.unit, price.unit)}"


def suggested(price: Price) -> str:
    """Within a sentence: `$0.08 per 1,000 characters`, `from $0.05 per second`, `price unknown`."""
    amounts = _amounts(price)
    if not amounts:
        return "price unknown"
    least = "from " if len(amounts) > 1 else ""
    return f"{least}{phrases.usd(amounts[0])} per {_LONG.get(price.unit, price.unit)}"


def unit_price(given: Given) -> str:
    """For one call: `$0.025/MP`, `$0.08`; a range where it is open; nothing where it is unknown."""
    price = given.model.price
    per = "" if price.unit in _WHOLE else f"/{_SHORT.get(price.unit, price.unit)}"
    kinds = sorted(tokens.amounts(price).values())
    if kinds:
        return f"{phrases.usd(kinds[0])} to {phrases.usd(kinds[-1])}{per}"
    rate = rates.rate(given)
    if rate.low is None or rate.most is None:
        return ""
    most = "" if rate.low == rate.most else f" to {phrases.usd(rate.most)}"
    extra = price.extra.get("extra_usd")
    beyond = "" if extra is None else f" + {phrases.usd(counting.decimal(extra))}"
    return f"{phrases.usd(rate.low)}{most}{beyond}{per}"


def counted(given: Given, facts: Facts) -> str:
    """`1 image, 1K`, `1 image, 1 MP`, `6 s, 768p`, `412 characters`."""
    return ", ".join([*_units(given, facts), *_chosen(given)])


def _amounts(price: Price) -> list[Decimal]:
    """All that a unit may cost, each once, the least first."""
    own = [] if price.usd is None else [price.usd]
    return sorted({*own, *price.rules.values(), *tokens.amounts(price).values()})


def _units(given: Given, facts: Facts) -> list[str]:
    match given.model.price.unit:
        case "1k_chars":
            return [phrases.characters(facts.characters)]
        case "image" | "video" as what:
            return [phrases.many(counting.images(given), what)]
        case "megapixel":
            made = phrases.many(counting.images(given), "image")
            return [made, phrases.area(given, facts)]
        case "second" | "minute":
            return [*phrases.several(given), phrases.length(counting.seconds(given, facts))]
        case "1m_tokens":
            return _of_tokens(given, facts)
        case unit:
            return [_UNCOUNTED.get(unit, "1 call")]


def _of_tokens(given: Given, facts: Facts) -> list[str]:
    """What is made, as nobody counts tokens."""
    if given.model.medium == "video":
        return [*phrases.several(given), phrases.length(counting.seconds(given, facts))]
    if given.model.medium == "image":
        return [phrases.many(counting.images(given), "image")]
    return [phrases.characters(facts.characters)] if "text" in given.model.slots else ["1 call"]


def _chosen(given: Given) -> list[str]:
    price = given.model.price
    shape = [counting.RESOLUTION] if "frames" in price.extra else []
    return [said for word in (*shape, *price.by) for said in phrases.choice(given, word)]
