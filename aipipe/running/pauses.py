"""How long a run waits before it asks again. All in seconds."""

from aipipe.language.spec import Retry

ASK_AGAIN = 1.0
"""Seconds until room is asked for again that calls of other processes take up."""
MOST_FETCHES = 9
"""Times that a result is fetched in one run before it is left for the next."""
_FIRST_DELAY, _LONGEST_DELAY = 0.25, 30.0
_POLL_LATE = 1 / 14
"""Of a job's age, how late its end may be found out, before jitter."""
_POLL_JITTER = 0.2
_LONGEST_POLL = 15.0
_POLL_GAP = 0.01
"""Seconds between the polls of different jobs, on the average: no more than 100 a second."""
THROTTLE_WAIT = 1.0
"""Seconds until a call is sent again that was one too many, where the provider names no time."""


def backoff(retry: Retry, attempt: int, random: float) -> float:
    """Seconds before the next attempt: doubling, with full jitter."""
    most = min(retry.max_delay, retry.delay * float(2 ** (attempt - 1)))
    return most * (0.5 + 0.5 * random)


def of_age(age: float, every: float, jobs: int, random: float) -> float:
    """Seconds before a job is asked for again, of which there are `jobs` in flight.

    They grow with its age, so that its end is found out late by about a twelfth of it at most, and
    with the number of jobs; and are never fewer than `every`, the provider's own least.
    """
    of_one = max(every, age * _POLL_LATE) * (1.0 + _POLL_JITTER * random)
    of_all = jobs * _POLL_GAP * (0.5 + random)
    return max(every, min(_LONGEST_POLL, max(of_one, of_all)))


def after_restart(every: float, jobs: int, random: float) -> float:
    """Seconds before a job is asked for that another process began: spread out."""
    return random * max(every, min(_LONGEST_POLL, jobs * _POLL_GAP))


def after_vain(times: int, random: float) -> float:
    """Seconds before a request that costs nothing is repeated: doubling, with full jitter."""
    most = min(_LONGEST_DELAY, _FIRST_DELAY * float(2 ** min(times - 1, 10)))
    return most * (0.5 + 0.5 * random)
