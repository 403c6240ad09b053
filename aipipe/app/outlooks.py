"""A forecast that grows, call by call."""

from dataclasses import dataclass, field
from decimal import Decimal

from aipipe.catalog.price import FREE, PriceEstimate
from aipipe.memory.ledger.past import Call as PastCall
from aipipe.planning.estimate import together
from aipipe.planning.forecast import Changed, Forecast, HeldBack, Outlook
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
    runs: dict[str, int] = field(default_factory=dict)
    changed: dict[str, None] | None = None
    held_back: dict[HeldBack, None] = field(default_factory=dict)
    under_way: PriceEstimate = FREE

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
            runs=_newest_first(self.runs),
            changed=None if self.changed is None else tuple(self.changed),
            held_back=tuple(self.held_back),
            under_way=self.under_way,
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
        growing = self._of(number)
        growing.reused += 1
        self.saved += past.billed or 0
        for runs in (self.runs, growing.runs):
            runs[past.run] = max(runs.get(past.run, 0), past.id)

    def pass_over(self, number: int) -> None:
        """A condition leaves a call out."""
        self._of(number)

    def attach(self, number: int, price: PriceEstimate) -> None:
        """An earlier call is gone on with."""
        growing = self._of(number)
        growing.attached += 1
        growing.under_way = together(growing.under_way, price)

    def hold_back(self, number: int, why: HeldBack) -> None:
        """A call is not sent again by itself."""
        growing = self._of(number)
        growing.doubtful += 1
        growing.held_back[why] = None

    def buy(self, number: int, price: PriceEstimate) -> None:
        """A call is new."""
        self._of(number).buy(price)

    def change(self, number: int, task: str, parts: tuple[str, ...]) -> None:
        """A task has been called before, and is called anew for these parts of it."""
        self.changes += 1
        growing = self._of(number)
        growing.changed = {**(growing.changed or {}), **dict.fromkeys(parts)}
        if parts and len(self.changed) < _NAMED:
            self.changed.append(Changed(task=task, parts=parts))

    def forecast(self) -> Forecast:
        """All of it."""
        return Forecast(
            outlooks={number: each.outlook() for number, each in self.by_number.items()},
            runs=_newest_first(self.runs),
            changed=tuple(self.changed),
            changes=self.changes,
            saved=amounts.usd(self.saved),
        )


def _newest_first(runs: dict[str, int]) -> tuple[str, ...]:
    return tuple(sorted(runs, key=runs.__getitem__, reverse=True))


def _sum(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one + other
