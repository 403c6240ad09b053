"""How long a provider asks to be left alone."""

import re
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

LONGEST = 86_400.0
"""Seconds: whoever asks for more is asked again after a day."""
_SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?", re.ASCII)


def seconds(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds from `now` (unix time) until the next request; None: nothing was said.

    `Retry-After` holds seconds or an HTTP date (RFC 9110, 10.2.3).

    >>> seconds({"retry-after": "2"}, 0.0)
    2.0
    """
    said = headers.get("retry-after", "").strip()
    if not said:
        return None
    wait = float(said) if _SECONDS.fullmatch(said) else _until(said, now)
    return None if wait is None else min(max(wait, 0.0), LONGEST)


def _until(date: str, now: float) -> float | None:
    try:
        at = parsedate_to_datetime(date)
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() - now
