"""How much longer a run takes, as well as can be told from what has ended."""

from collections.abc import Sequence
from dataclasses import dataclass

_WORTH = 0.05
"""A smaller fraction says nothing about the rest."""
_OVERDUE = 0.1
"""What is assumed of a task that takes longer than usual: a tenth of the usual time more."""

_LATE = 2.0
"""What takes so many times the usual time may take any time."""


@dataclass(slots=True)
class _Usual:
    """What the tasks of one model took."""

    number: int = 0
    seconds: float = 0.0

    def add(self, seconds: float) -> None:
        self.number += 1
        self.seconds += seconds

    @property
    def mean(self) -> float | None:
        return self.seconds / self.number if self.number else None


class Pace:
    """What tasks usually take, by model, and how many run at once."""

    def __init__(self) -> None:
        self._models: dict[str, _Usual] = {}
        self._all = _Usual()
        self._at_once = 1

    def started(self, running: int) -> None:
        """Note how many run now."""
        self._at_once = max(self._at_once, running)

    def ended(self, model: str, seconds: float) -> None:
        """Note how long a task took."""
        self._models.setdefault(model, _Usual()).add(seconds)
        self._all.add(seconds)

    def left(self, running: Sequence[tuple[str, float, float | None]], queued: int) -> float | None:
        """Seconds until all have ended; None: nothing is known yet.

        `running` are model, seconds so far and fraction; `queued` is how many wait.
        """
        rests = [self._rest(*each) for each in running]
        known = [rest for rest in rests if rest is not None]
        if len(known) < len(rests) or (queued and self._all.mean is None):
            return None
        work = sum(known) + queued * (self._all.mean or 0.0)
        return max(max(known, default=0.0), work / self._at_once)

    def _rest(self, model: str, seconds: float, fraction: float | None) -> float | None:
        if fraction is not None and fraction >= _WORTH:
            return seconds * (1.0 - min(fraction, 1.0)) / fraction
        known = self._models.get(model, self._all).mean
        if known is None or seconds > _LATE * known:
            return None
        return max(known - seconds, known * _OVERDUE)
