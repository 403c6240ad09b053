"""Quantities as people write them: `10m`, `60/min`, `20%`, `$2.50`.

Each is None where the value is none of its kind: the check has told that already.
"""

import re
from decimal import Decimal
from math import isfinite
from typing import Final, TypeGuard

from aipipe.contracts.artefact import Json
from aipipe.contracts.fragments import AMOUNT, DURATION, PERCENTAGE, RATE

_UNITS: Final = {"": 1, "s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}
_PART: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([a-z]*)")
_PERIODS: Final = {"s": 1.0, "m": 60.0, "h": 3600.0}
_MOST_DIGITS: Final = 18
"""Of a rate; with more it limits nothing."""


def seconds(value: Json) -> float | None:
    """A time in seconds, from a number or from text such as `90`, `6s`, `10m` or `1h30m`."""
    if _is_number(value):
        return float(value) if value >= 0 else None
    if not isinstance(value, str) or not re.search(DURATION, value):
        return None
    parts = _PART.findall(value)
    total = float(sum(Decimal(number) * _UNITS[unit] for number, unit in parts))
    return total if isfinite(total) else None


def rate(value: Json) -> tuple[int, float] | None:
    """How many in how many seconds: `60/min` is `(60, 60.0)`."""
    if not isinstance(value, str) or not re.search(RATE, value):
        return None
    count, _, period = value.partition("/")
    if len(count.strip()) > _MOST_DIGITS:
        return None
    return int(count), _PERIODS[period.strip()[0]]


def usd(value: Json) -> Decimal | None:
    """An amount of US dollars, exactly as written: `2.50`, `$2.50`."""
    if _is_number(value):
        return Decimal(str(value)) if value >= 0 else None
    if not isinstance(value, str) or not re.search(AMOUNT, value):
        return None
    return Decimal(value.replace("$", "").strip())


def count(value: Json) -> int | None:
    """A whole number: `2` and `2.0` are two."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def share_of(value: Json, places: int) -> int | None:
    """A number of places, or a percentage of them, rounded down."""
    found = re.search(PERCENTAGE, value) if isinstance(value, str) else None
    if found is None:
        return count(value)
    return min(places, int(Decimal(found[1]) * places / 100))


def _is_number(value: Json) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
