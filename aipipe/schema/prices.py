"""A model's price in a few words, for suggestions: `$0.08 per 1,000 characters`."""

from decimal import Decimal
from types import MappingProxyType
from typing import Final

from aipipe.catalog.model import Price

_UNITS: Final = MappingProxyType(
    {
        "1k_chars": "1,000 characters",
        "1m_tokens": "1,000,000 tokens",
        "gpu_second": "GPU second",
    }
)


def words(price: Price) -> str:
    """The unit price; the lowest where parameters choose; `price unknown`."""
    amounts = [*price.rules.values(), *([] if price.usd is None else [price.usd])]
    if not amounts:
        return "price unknown"
    unit = _UNITS.get(price.unit, price.unit)
    least = "from " if len(set(amounts)) > 1 else ""
    return f"{least}${_exact(min(amounts))} per {unit}"


def _exact(amount: Decimal) -> str:
    whole, _, decimals = f"{amount:f}".partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"
