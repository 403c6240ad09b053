"""Quantities as people write them: `10m`, `60/min`, `20%`, `$2.50`."""

import re
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Final, TypeGuard

from aipipe.contracts.fragments import AMOUNT, DURATION, PERCENTAGE, RATE

_UNITS: Final = {"s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}
_PART: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([a-z]*)")
_PERIODS: Final = {"s": 1.0, "m": 60.0, "h": 3600.0}
_WHOLE: Final = 100


def seconds(value: object) -> float:
    """A time in seconds, from a number or from text such as `90`, `6s`, `10m` or `1h30m`.

    Raises:
        ValueError: it is none; the message says so in the user's words.
    """
    if _is_number(value) and isfinite(value) and value >= 0:
        return float(value)
    if isinstance(value, str) and re.search(DURATION, value):
        parts = _PART.findall(value)
        return float(sum(Decimal(number) * _UNITS.get(unit, 1) for number, unit in parts))
    raise ValueError(f"{shown(value)} is no time such as 90, 10m or 1h30m")


def rate(value: object) -> tuple[int, float]:
    """How many in how many seconds: `60/min` is `(60, 60.0)`.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(value, str) or not re.search(RATE, value):
        raise ValueError(f"{shown(value)} is no rate such as 60/min or 5/s")
    count, _, period = value.partition("/")
    return int(count), _PERIODS[period.strip()[0]]


def percentage(value: object) -> Decimal:
    """The share that a text such as `20%` names: from 0 to 1, or more.

    Raises:
        ValueError: it is none.
    """
    found = re.search(PERCENTAGE, value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f"{shown(value)} is no percentage such as 20%")
    return Decimal(found[1]) / _WHOLE


def usd(value: object) -> Decimal:
    """An amount of US dollars, exactly as written: `2.50`, `$2.50`.

    Raises:
        ValueError: it is none, or less than nothing.
    """
    amount = _decimal(value)
    if amount is None or not amount.is_finite() or amount < 0:
        raise ValueError(f"{shown(value)} is no amount in US dollars such as 2.50")
    return amount


def share_of(value: int | str, places: int) -> int:
    """A number of places, or a percentage of them, rounded down."""
    return value if isinstance(value, int) else int(percentage(value) * places)


def shown(value: object) -> str:
    """A value as messages show it: `'soon'`, `7`, `true`, `a list`."""
    match value:
        case str():
            return f"'{value}'" if len(value) <= _WHOLE else f"'{value[:_WHOLE]}…'"
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer() and abs(value) < 1e15:  # noqa: PLR2004 (still exact)
            return str(int(value))
        case None:
            return "nothing"
        case list() | tuple():
            return "a list"
        case dict():
            return "a mapping"
        case _:
            return str(value)


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and not re.search(AMOUNT, value):
        return None
    try:
        return Decimal(str(value).replace("$", "").strip())
    except InvalidOperation:
        return None
