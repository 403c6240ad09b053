"""A forecast that grows, call by call."""

from dataclasses import dataclass, field
from decimal import Decimal

from aipipe.catalog.price import PriceEstimate
from aipipe.memory.ledger.past import Call as PastCall
from aipipe.planning.forecast import Changed, Forecast, Outlook
from aipipe.running import amounts

_NAMED = 3
"""Changes that are named."""


@dataclass(slots=True)
class _Growing:
    reused: int = 0
    attached: int = 0
    doubtful: int = 0
    new: int = 0
    low: Decimal | None = Decimal(0)
    likely: Decimal | None = Decimal(0)
    at_most: Decimal | None = Decimal(0)

    def buy(self, price: PriceEstimate) -> None:
        self.new += 1
        self.low = _sum(self.low, price.low)
        self.likely = _sum(self.likely, price.likely)
        self.at_most = _sum(self.at_most, price.at_most)

    def outlook(self) -> Outlook:
        return Outlook(
            reused=self.reused,
            attached=self.attached,
            doubtful=self.doubtful,
            new=self.new,
            low=self.low,
            likely=self.likely,
            at_most=self.at_most,
        )


@dataclass(slots=True)
class Outlooks:
    """What has been foreseen so far."""

    by_number: dict[int, _Growing] = field(default_factory=dict)
    runs: dict[str, int] = field(default_factory=dict)
    changed: list[Changed] = field(default_factory=list)
    changes: int = 0
    saved: int = 0
    keys: set[str] = field(default_factory=set)
    """Of the calls that an earlier one stands in for."""

    def _of(self, number: int) -> _Growing:
        return self.by_number.setdefault(number, _Growing())

    def reuse(self, number: int, past: PastCall) -> None:
        """An earlier result stands in."""
        self.keys.add(past.key)
        self._of(number).reused += 1
        self.saved += past.billed or 0
        self.runs[past.run] = max(self.runs.get(past.run, 0), past.id)

    def attach(self, number: int) -> None:
        """An earlier call is gone on with."""
        self._of(number).attached += 1

    def hold_back(self, number: int) -> None:
        """A call is not sent again by itself."""
        self._of(number).doubtful += 1

    def buy(self, number: int, price: PriceEstimate) -> None:
        """A call is new."""
        self._of(number).buy(price)

    def change(self, task: str, parts: tuple[str, ...]) -> None:
        """A task has been called before, and is called anew for these parts of it."""
        self.changes += 1
        if parts and len(self.changed) < _NAMED:
            self.changed.append(Changed(task=task, parts=parts))

    def forecast(self) -> Forecast:
        """All of it."""
        return Forecast(
            outlooks={number: each.outlook() for number, each in self.by_number.items()},
            runs=tuple(sorted(self.runs, key=self.runs.__getitem__, reverse=True)),
            changed=tuple(self.changed),
            changes=self.changes,
            saved=amounts.usd(self.saved),
        )


def _sum(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one + other
