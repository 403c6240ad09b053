"""How long a run waits before it asks again. All in seconds."""

from aipipe.language.spec import Retry

ASK_AGAIN = 1.0
"""Seconds until room is asked for again that calls of other processes take up."""
MOST_FETCHES = 9
"""Times that a result is fetched in one run before it is left for the next."""
_FIRST_DELAY, _LONGEST_DELAY = 0.25, 30.0
THROTTLE_WAIT = 1.0
"""Seconds until a call is sent again that was one too many, where the provider names no time."""


def backoff(retry: Retry, attempt: int, random: float) -> float:
    """Seconds before the next attempt: doubling, with full jitter."""
    most = min(retry.max_delay, retry.delay * float(2 ** (attempt - 1)))
    return most * (0.5 + 0.5 * random)


def after_vain(times: int, random: float) -> float:
    """Seconds before a request that costs nothing is repeated: doubling, with full jitter."""
    most = min(_LONGEST_DELAY, _FIRST_DELAY * float(2 ** min(times - 1, 10)))
    return most * (0.5 + 0.5 * random)
