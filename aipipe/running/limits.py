"""How many calls may be in flight: slots, rates, and what a provider's refusals do to them."""

from typing import Final

_BURST: Final = 1.0
"""Seconds within which several refusals count as one."""


class Limit:
    """Slots for calls in flight. It halves when a provider says "too many", and recovers.

    `rate` starts at most that many calls per `per` seconds (a token bucket).
    """

    __slots__ = (
        "_ceiling",
        "_last_cut",
        "_per",
        "_rate",
        "_run",
        "_tokens",
        "_topped_up",
        "cap",
        "name",
        "paused_until",
        "used",
    )

    def __init__(self, name: str, cap: int, *, rate: int | None = None, per: float = 1.0) -> None:
        self.name = name
        self.cap = cap
        self.used = 0
        self.paused_until = 0.0
        self._ceiling = cap
        self._rate = rate
        self._per = per
        self._tokens = float(rate or 0)
        self._topped_up: float | None = None
        self._last_cut = float("-inf")
        self._run = 0

    def opens_at(self, now: float) -> float | None:
        """When a slot may be taken: `now`, a later time, or None: when one is given back."""
        if self.used >= self.cap:
            return None
        if self.paused_until > now:
            return self.paused_until
        return self._token_at(now)

    def _token_at(self, now: float) -> float:
        if self._rate is None:
            return now
        if self._topped_up is not None:
            grown = (now - self._topped_up) * self._rate / self._per
            self._tokens = min(float(self._rate), self._tokens + grown)
        self._topped_up = now
        if self._tokens >= 1.0 - 1e-9:
            return now
        return now + (1.0 - self._tokens) * self._per / self._rate

    def take(self) -> None:
        """Take a slot, and a token where there is a rate."""
        self.used += 1
        if self._rate is not None:
            self._tokens -= 1.0

    def give(self) -> None:
        """Give a slot back."""
        self.used -= 1

    def throttled(self, now: float, retry_after: float | None) -> None:
        """A call was refused for being one too many: halve, and wait out `retry_after` seconds."""
        self._run = 0
        if retry_after:
            self.paused_until = max(self.paused_until, now + retry_after)
        if now - self._last_cut < _BURST:
            return
        self._last_cut = now
        self.cap = max(1, min(self.cap, self.used + 1) // 2)

    def accepted(self) -> None:
        """A call was accepted: after as many as are allowed at once, allow one more."""
        if self.cap >= self._ceiling:
            return
        self._run += 1
        if self._run >= self.cap:
            self._run = 0
            self.cap += 1
