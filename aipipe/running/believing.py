"""What a provider told of its limits, as far as it can be true."""

import math

from aipipe.contracts.limits import LimitsTold

MOST_AT_ONCE = 10_000
"""Calls in flight: whoever tells more means no limit, or something else."""
MOST_CALLS = 10**9
"""Calls in a window."""
LONGEST = 86_400.0
"""Seconds of a window: whoever tells more is asked again after a day."""


def believed(told: LimitsTold) -> LimitsTold:
    """Only what makes sense: no zero, nothing negative, endless or absurdly large.

    >>> believed(LimitsTold(at_once=0, left=3, resets_in=60.0))
    LimitsTold(at_once=None, rate=None, left=3, resets_in=60.0)
    """
    return LimitsTold(
        at_once=_within(told.at_once, 1, MOST_AT_ONCE),
        rate=_rate(told.rate),
        left=_within(told.left, 0, MOST_CALLS),
        resets_in=told.resets_in if _is_time(told.resets_in) else None,
    )


def _rate(rate: tuple[int, float] | None) -> tuple[int, float] | None:
    if rate is None or _within(rate[0], 1, MOST_CALLS) is None or not _is_time(rate[1]):
        return None
    return rate


def _within(number: int | None, least: int, most: int) -> int | None:
    return number if number is not None and least <= number <= most else None


def _is_time(seconds: float | None) -> bool:
    return seconds is not None and math.isfinite(seconds) and 0 < seconds <= LONGEST
