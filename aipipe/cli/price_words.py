"""A price list entry in a few words: `$0.025/MP`, `$0.04 to $0.12/s by resolution`."""

from decimal import Decimal

from aipipe.catalog.model import Price

_UNITS = {
    "image": "/image",
    "megapixel": "/MP",
    "second": "/s",
    "minute": "/min",
    "video": "/video",
    "1k_chars": "/1,000 characters",
    "1m_tokens": "/1M tokens",
    "request": "/call",
    "gpu_second": "/GPU second",
}


def of(price: Price) -> str:
    """The unit price, or its range where parameters choose."""
    unit = _UNITS.get(price.unit, f"/{price.unit}")
    amounts = sorted({*price.rules.values(), *([price.usd] if price.usd is not None else [])})
    if not amounts:
        return "unknown"
    by = f" by {', '.join(price.by)}" if price.by and len(amounts) > 1 else ""
    if len(amounts) == 1:
        return f"{_usd(amounts[0])}{unit}"
    return f"{_usd(amounts[0])} to {_usd(amounts[-1])}{unit}{by}"


def dated(price: Price) -> str:
    """The month or day of the price; `undated`; nothing for an unknown one."""
    if price.usd is None and not price.rules:
        return "-"
    return price.as_of or "undated"


def _usd(amount: Decimal) -> str:
    """Exact, with at least two decimals: a price list is not rounded."""
    whole, _, decimals = f"{amount:f}".partition(".")
    return f"${whole}.{decimals.rstrip('0').ljust(2, '0')}"
