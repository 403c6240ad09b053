"""Sizes in bytes and ages, as the command line reads and writes them."""

import re
from decimal import Decimal

from aipipe.errors import UsageError

_SIZE = re.compile(r"(\d+(?:\.\d+)?) ?(?:([kmgt]?)(i?)b?)", re.ASCII | re.IGNORECASE)
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}
_AGE = re.compile(r"(\d+(?:\.\d+)?) ?([hdw])", re.ASCII)
_SECONDS = {"h": 3_600, "d": 86_400, "w": 604_800}
_THOUSAND = 1000
_LONGEST = 1_000_000_000
"""Seconds: about 30 years."""


def size(option: str, text: str | None) -> int | None:
    """Bytes: `5GB`, `500MB`, `1.5GiB`, `0`.

    Raises:
        UsageError: it is no size.
    """
    if text is None:
        return None
    found = _SIZE.fullmatch(text.strip())
    if found is None or (found[3] and not found[2]):
        raise UsageError(f"{option} takes a size, such as 5GB, 500MB or 1.5GiB, and not '{text}'")
    base = 1024 if found[3] else _THOUSAND
    return int(Decimal(found[1]) * base ** _POWERS[found[2].lower()])


def age(option: str, text: str | None) -> float | None:
    """Seconds: `12h`, `30d`, `2w`.

    Raises:
        UsageError: it is no age.
    """
    if text is None:
        return None
    found = _AGE.fullmatch(text.strip())
    seconds = float(found[1]) * _SECONDS[found[2]] if found else 0.0
    if not 0 < seconds <= _LONGEST:
        raise UsageError(f"{option} takes an age, such as 12h, 30d or 2w, and not '{text}'")
    return seconds


def written(size: int) -> str:
    """`0 B`, `812 B`, `4.3 MB`, `12 GB`: in powers of a thousand."""
    amount, units = Decimal(size), iter(("B", "kB", "MB", "GB", "TB", "PB"))
    unit = next(units)
    while amount >= Decimal("999.5") and unit != "PB":
        amount, unit = amount / _THOUSAND, next(units)
    exact = unit == "B" or amount >= Decimal("9.95")
    return f"{amount:.0f} {unit}" if exact else f"{amount:.1f} {unit}"
