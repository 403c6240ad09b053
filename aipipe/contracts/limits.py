"""What a provider tells of the limits of a key, beside an answer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsTold:
    """Limits as an answer told them; None: it did not say."""

    at_once: int | None = None
    """The most calls or jobs at one time."""
    rate: tuple[int, float] | None = None
    """The most calls that may begin, in so many seconds."""
    left: int | None = None
    """Calls that may still begin in the present window."""
    resets_in: float | None = None
    """Seconds until the window is over and `left` is full again."""
