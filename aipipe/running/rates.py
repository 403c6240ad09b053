"""How many calls may begin in a time: by a rate, or as a provider counts them down."""


class Bucket:
    """At most `count` calls begin in any `per` seconds, once a first burst is through."""

    __slots__ = ("_count", "_per", "_tokens", "_topped_up")

    def __init__(self, count: int, per: float) -> None:
        self._count = count
        self._per = per
        self._tokens = float(count)
        self._topped_up: float | None = None

    def opens_at(self, now: float) -> float:
        """When the next call may begin."""
        if self._topped_up is not None:
            grown = (now - self._topped_up) * self._count / self._per
            self._tokens = min(float(self._count), self._tokens + grown)
        self._topped_up = now
        if self._tokens >= 1.0 - 1e-9:
            return now
        return now + (1.0 - self._tokens) * self._per / self._count

    def change(self, count: int, per: float) -> None:
        """Another rate from now on; it brings no burst of its own."""
        self._count, self._per = count, per
        self._tokens = min(self._tokens, float(count))

    def take(self) -> None:
        """A call begins."""
        self._tokens -= 1.0


class Window:
    """The calls that may still begin until a time, as a provider has told them last.

    Answers overtake each other: within one window the smallest count holds.
    """

    __slots__ = ("_left", "_until")

    def __init__(self) -> None:
        self._left = 0
        self._until = float("-inf")

    def opens_at(self, now: float) -> float:
        """When the next call may begin."""
        return self._until if self._left <= 0 and self._until > now else now

    def take(self) -> None:
        """A call begins."""
        self._left -= 1

    def told(self, left: int, until: float, now: float) -> None:
        """The provider has counted."""
        if self._until <= now or left <= self._left:
            self._left, self._until = left, until
