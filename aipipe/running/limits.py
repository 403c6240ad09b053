"""How many calls may be in flight: slots, and what a provider's answers do to them."""

from typing import Final

from aipipe.contracts.limits import LimitsTold
from aipipe.running.believing import believed
from aipipe.running.rates import Bucket, Window

_BURST: Final = 1.0
"""Seconds within which several refusals count as one."""


class Limit:
    """Slots for calls in flight. It halves when a provider says "too many", and recovers.

    `rate` starts at most that many calls per `per` seconds (a token bucket). What answers tell of
    the provider's limits takes the place of what the limit began with.
    """

    __slots__ = (
        "_bucket",
        "_ceiling",
        "_is_told",
        "_last_cut",
        "_run",
        "_window",
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
        self._is_told = False
        self._bucket = None if rate is None else Bucket(rate, per)
        self._window = Window()
        self._last_cut = float("-inf")
        self._run = 0

    def opens_at(self, now: float) -> float | None:
        """When a slot may be taken: `now`, a later time, or None: when one is given back."""
        if self.used >= self.cap:
            return None
        opens = self.pause_ends(now)
        return opens if self._bucket is None else max(opens, self._bucket.opens_at(now))

    def pause_ends(self, now: float) -> float:
        """Until when the provider takes no call, as it says; `now` where it takes some."""
        return max(now, self.paused_until, self._window.opens_at(now))

    def take(self) -> None:
        """Take a slot, and a token where there is a rate."""
        self.used += 1
        self._window.take()
        if self._bucket is not None:
            self._bucket.take()

    def give(self) -> None:
        """Give a slot back."""
        self.used -= 1

    def learn(self, limits: LimitsTold, now: float) -> None:
        """Take in what an answer told of the provider's limits."""
        told = believed(limits)
        if told.at_once is not None:
            self._allow(told.at_once)
        if told.rate is not None and self._bucket is not None:
            self._bucket.change(*told.rate)
        elif told.rate is not None:
            self._bucket = Bucket(*told.rate)
        if told.left is not None and told.resets_in is not None:
            self._window.told(told.left, now + told.resets_in, now)

    def _allow(self, most: int) -> None:
        """So many slots. Told again, it undoes no narrowing: others may use the same key."""
        if self._is_told and self.cap < self._ceiling:
            self.cap = min(self.cap, most)
        else:
            self.cap = most
        self._ceiling, self._is_told = most, True

    def throttled(self, now: float, retry_after: float | None) -> None:
        """A call was refused for being one too many: halve, and wait out `retry_after` seconds.

        One that was sent before the limit narrowed narrows it no further.
        """
        self._run = 0
        if retry_after:
            self.paused_until = max(self.paused_until, now + retry_after)
        if now - self._last_cut < _BURST or self.used > self.cap:
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
