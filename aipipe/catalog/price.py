"""What one call costs: exact arithmetic over dated price data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final, TypeAlias

from aipipe.catalog import counting, price_words, rates, tokens
from aipipe.catalog.assumed import assumptions
from aipipe.catalog.facts import Facts
from aipipe.catalog.given import Given
from aipipe.catalog.model import Model
from aipipe.catalog.spans import UNTOLD, Span
from aipipe.contracts.artefact import Json

__all__ = ["FREE", "OWN", "UNKNOWN", "Facts", "PriceEstimate", "estimate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceEstimate:
    """USD for one call; None: unknown, which is never zero."""

    low: Decimal | None
    likely: Decimal | None
    at_most: Decimal | None
    counted: str = ""
    """What was counted: `1 image, 1K`, `412 characters`, `6 s`."""
    unit_price: str = ""
    """`$0.025/MP`."""
    priced: str = ""
    """The price's date (`2026-04`), `undated`, `unknown`, or `local`."""
    assumptions: tuple[str, ...] = ()
    """`flux_dev: 1024x768 (landscape_4_3) rounds up to 1 MP`."""


FREE = PriceEstimate(low=Decimal(0), likely=Decimal(0), at_most=Decimal(0), priced="local")
OWN = PriceEstimate(
    low=Decimal(0),
    likely=Decimal(0),
    at_most=Decimal(0),
    counted="1 call",
    unit_price="$0",
    priced="own server",
)
"""What a server of the user's own takes for a call."""
UNKNOWN = PriceEstimate(low=None, likely=None, at_most=None, priced="unknown")

_Cost: TypeAlias = Callable[[Given, Facts], Span]


def estimate(
    model: Model, params: Mapping[str, Json], unknown: frozenset[str], facts: Facts
) -> PriceEstimate:
    """The price of one call of a model.

    Args:
        model: The one that is called.
        params: Our words with values as written: a duration may be 6, `"6"` or `"6s"`.
        unknown: Words with values not known yet; the price spans all they may have.
        facts: What is known of what arrives.
    """
    given = Given(model=model, params=params, unknown=unknown)
    cost = _COSTS[model.price.unit](given, facts)
    if model.price.extra.get("unbounded"):
        cost = Span(cost.low, cost.likely, None)
    return PriceEstimate(
        low=cost.low,
        likely=cost.likely,
        at_most=cost.most,
        counted=price_words.counted(given, facts),
        unit_price=price_words.unit_price(given),
        priced=price_words.priced(model.price),
        assumptions=assumptions(given, facts) if cost.likely is not None else (),
    )


def _images(given: Given, _: Facts) -> Span:
    return counting.images(given) * (rates.rate(given) + rates.surcharge(given))


def _megapixels(given: Given, facts: Facts) -> Span:
    """Every picture by its own megapixels; those after the first may cost less."""
    first, size = rates.rate(given), counting.megapixels(given, facts)
    extra = given.model.price.extra.get("extra_usd")
    if extra is None:
        return counting.images(given) * first * size
    beyond = Span(*(None if n is None else max(n - 1, Decimal(0)) for n in size.ends))
    further = Span.exactly(counting.decimal(extra)) * beyond
    return counting.images(given) * (first + further)


def _videos(given: Given, _: Facts) -> Span:
    return counting.images(given) * rates.rate(given)


def _seconds(given: Given, facts: Facts) -> Span:
    return counting.images(given) * rates.rate(given) * counting.seconds(given, facts)


def _minutes(given: Given, facts: Facts) -> Span:
    return _seconds(given, facts) / 60


def _characters(given: Given, facts: Facts) -> Span:
    return rates.rate(given) * counting.characters(given, facts) / 1000


def _tokens(given: Given, facts: Facts) -> Span:
    if "frames" not in given.model.price.extra:
        return tokens.cost(given, facts)
    return rates.rate(given) * counting.frame_pixels(given, facts) / (1024 * 1_000_000)


def _requests(given: Given, _: Facts) -> Span:
    return rates.rate(given)


def _processor(_: Given, __: Facts) -> Span:
    """Nobody knows beforehand how long a processor is busy."""
    return UNTOLD


_COSTS: Final[Mapping[str, _Cost]] = MappingProxyType(
    {
        "image": _images,
        "megapixel": _megapixels,
        "video": _videos,
        "second": _seconds,
        "minute": _minutes,
        "1k_chars": _characters,
        "1m_tokens": _tokens,
        "request": _requests,
        "gpu_second": _processor,
    }
)
