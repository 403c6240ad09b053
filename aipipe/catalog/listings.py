"""A price of ours beside what its provider lists today: whether they agree, and which counts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from aipipe.catalog.model import Price
from aipipe.contracts.provider import ListedPrice

MOST_USD: Final = Decimal(10_000)
"""More than a unit of anything costs."""
FARTHEST: Final = 100
"""How many times as much as ours, or as little, is taken for a mistake."""
_AMOUNTS: Final = frozenset({"extra_usd", "surcharges", "tokens", "about_usd_second"})
"""What in a price's `extra` is a figure beside that of its unit."""


class Standing(StrEnum):
    """How a listed price stands to ours."""

    EQUAL = "equal"
    DIFFERS = "differs"
    RULES = "rules"
    """Ours has more figures than one."""
    UNIT = "unit"
    """It counts another unit, or one that the catalogue has no word for."""
    CURRENCY = "currency"
    UNKNOWN = "unknown"
    """We have no figure, and so don't know what else the price depends on."""
    UNLISTED = "unlisted"
    REFUSED = "refused"
    """It can't be a price: zero or less, or too far away."""


def standing(price: Price, listed: ListedPrice | None, units: Mapping[str, str]) -> Standing:
    """How what is listed stands to a price; `units` are its provider's words to ours."""
    if listed is None:
        return Standing.UNLISTED
    if listed.currency != "USD":
        return Standing.CURRENCY
    if not 0 < listed.amount <= MOST_USD:
        return Standing.REFUSED
    return _apart(price, listed, units) or _beside(price.usd or Decimal(0), listed.amount)


def _apart(price: Price, listed: ListedPrice, units: Mapping[str, str]) -> Standing | None:
    """Why the two can't be compared; None: they can."""
    if price.by or price.rules or not _AMOUNTS.isdisjoint(price.extra):
        return Standing.RULES
    if price.usd is None:
        return Standing.UNKNOWN
    return None if units.get(listed.unit) == price.unit else Standing.UNIT


def _beside(ours: Decimal, theirs: Decimal) -> Standing:
    if ours == theirs:
        return Standing.EQUAL
    is_far = theirs > ours * FARTHEST or theirs * FARTHEST < ours
    return Standing.REFUSED if ours and is_far else Standing.DIFFERS


def taken(
    price: Price, listed: ListedPrice, units: Mapping[str, str], *, by: str, on: date
) -> Price | None:
    """The price by the provider's own list of a day; None: ours stays."""
    if standing(price, listed, units) not in {Standing.EQUAL, Standing.DIFFERS}:
        return None
    return replace(price, usd=listed.amount, as_of=on.isoformat(), source=f"{by}'s own list, {on}")
