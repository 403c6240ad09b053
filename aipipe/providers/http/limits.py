"""What an answer's headers tell of the limits of a key.

maximum-concurrent-requests              ElevenLabs: a count
x-ratelimit-{remaining,reset}-requests   OpenAI: a count, and a duration such as `6m0s`
ratelimit, ratelimit-policy              IETF: `"day";r=50;t=30` and `"day";q=100;w=60`
ratelimit-{limit,remaining,reset}        IETF's older drafts: `100;w=60`, a count, seconds
x-ratelimit-{limit,remaining,reset}      the same by older names; a reset may be a unix time

`current-concurrent-requests` tells nothing: nobody knows how many of them are ours by the time that
the answer is read.
"""

import re
from collections.abc import Iterator, Mapping

from aipipe.contracts.limits import LimitsTold
from aipipe.providers.http import retry_after

_LONGEST_HEADER = 1_000
_COUNT = re.compile(r"[0-9]{1,9}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,13}(\.[0-9]{1,9})?", re.ASCII)
_PART = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)(ms|s|m|h|d)", re.ASCII)
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0}
_FIRST_UNIX_TIME, _FIRST_IN_MILLISECONDS = 1e9, 1e12


def told(headers: Mapping[str, str], now: float) -> LimitsTold | None:
    """Limits as headers tell them; None: they tell none. `now` is unix time.

    Names are in lower case. What can't be read is left out.

    >>> told({"maximum-concurrent-requests": "10"}, 0.0)
    LimitsTold(at_once=10, rate=None, left=None, resets_in=None)
    """
    left, resets_in = next(_windows(headers, now), (None, None))
    found = LimitsTold(
        at_once=_count(headers.get("maximum-concurrent-requests", "")) or None,
        rate=min(_rates(headers), key=lambda rate: rate[0] / rate[1], default=None),
        left=left,
        resets_in=resets_in,
    )
    return None if found == LimitsTold() else found


# --- what is left


def _windows(headers: Mapping[str, str], now: float) -> Iterator[tuple[int, float | None]]:
    """Calls left and seconds until there are more, from those headers that tell both or one."""
    named = _names(headers)
    of_requests = headers.get("x-ratelimit-reset-requests", "")
    pairs = [
        (headers.get("x-ratelimit-remaining-requests", ""), _seconds(of_requests, now)),
        (named.get("r", ""), _seconds(named.get("t", ""), now)),
        (named.get("remaining", ""), _seconds(named.get("reset", ""), now)),
        *(
            (headers.get(f"{x}remaining", ""), _seconds(headers.get(f"{x}reset", ""), now))
            for x in ("ratelimit-", "x-ratelimit-")
        ),
    ]
    for left, resets_in in pairs:
        count = _count(left)
        if count is not None:
            yield count, resets_in


def _names(headers: Mapping[str, str]) -> Mapping[str, str]:
    """All that the header `ratelimit` names; of several limits the one with the fewest left."""
    items = [dict(_params(item)) for item in _items(headers.get("ratelimit", ""))]
    with_left = [(left, item) for item in items if (left := _count(item.get("r", ""))) is not None]
    if with_left:
        return min(with_left, key=lambda each: each[0])[1]
    return {name: value for item in items for name, value in item.items()}


# --- rates


def _rates(headers: Mapping[str, str]) -> Iterator[tuple[int, float]]:
    """Calls, and the seconds of their window, wherever a policy has both."""
    for name in ("ratelimit-policy", "ratelimit-limit", "x-ratelimit-limit"):
        for item in _items(headers.get(name, "")):
            params = dict(_params(item))
            count = _count(params.get("q", item.partition(";")[0].strip()))
            window = _count(params.get("w", ""))
            is_of_calls = params.get("qu", "requests").strip('"') == "requests"
            if count and window and is_of_calls:
                yield count, float(window)


# --- words


def _items(header: str) -> list[str]:
    return header.split(",") if len(header) <= _LONGEST_HEADER else []


def _params(item: str) -> Iterator[tuple[str, str]]:
    for part in item.split(";"):
        name, is_given, value = part.partition("=")
        if is_given:
            yield name.strip().lower(), value.strip()


def _count(said: str) -> int | None:
    said = said.strip()
    return int(said) if _COUNT.fullmatch(said) else None


def _seconds(said: str, now: float) -> float | None:
    """Seconds from `now`: a number, a duration, or the time (in seconds or ms since 1970)."""
    said = said.strip()
    if _NUMBER.fullmatch(said):
        seconds = _from_now(float(said), now)
    else:
        parts = _PART.findall(said) if len(said) <= _LONGEST_HEADER else []
        if not parts or "".join(f"{number}{unit}" for number, unit in parts) != said:
            return None
        seconds = sum(float(number) * _UNITS[unit] for number, unit in parts)
    return min(seconds, retry_after.LONGEST) if seconds > 0 else None


def _from_now(number: float, now: float) -> float:
    if number < _FIRST_UNIX_TIME:
        return number
    return (number / 1_000 if number >= _FIRST_IN_MILLISECONDS else number) - now
