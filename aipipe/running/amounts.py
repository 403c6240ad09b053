"""Money as data: nano-dollars to Decimal, and Decimal to the strings of JSON and CSV."""

from decimal import Decimal
from functools import lru_cache

_PLACES = 3
"""Decimals that are always written."""


def usd(nano: int) -> Decimal:
    """Nano-dollars in USD, exact."""
    return Decimal(nano).scaleb(-9)


@lru_cache(maxsize=1024)
def written(amount: Decimal | None) -> str | None:
    """`0.080`: exact, with three decimals or as many as it needs; None, unknown, stays None."""
    if amount is None:
        return None
    whole, _, decimals = f"{amount:f}".partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(_PLACES, '0')}"


def read(text: str | None) -> Decimal | None:
    """What `written` wrote."""
    return None if text is None else Decimal(text)
