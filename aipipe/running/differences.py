"""Where what was billed differs from the estimate by more than a tenth; small in any run."""

from bisect import insort
from dataclasses import dataclass, field
from decimal import Decimal
from operator import attrgetter

from aipipe.contracts.event import StepEnded
from aipipe.contracts.status import Status
from aipipe.running import amounts
from aipipe.running.places import Place

NAMED = 5
"""Steps that are named; the others are counted."""
_TENTH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDifference:
    """A step whose reported bill differs from its estimate. Money in USD."""

    order: tuple[int, ...]
    id: str
    label: str
    estimated: Decimal
    billed: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelDifference:
    """A model whose reported bills differ from its estimates together. Money in USD."""

    model: str
    steps: int
    estimated: Decimal
    billed: Decimal
    averaged: bool
    """Some of its steps are items whose estimates are a mean: they are no `StepDifference`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """All of a run's differences. Reused steps and computed bills have none."""

    count: int = 0
    """How many steps differ."""
    steps: tuple[StepDifference, ...] = ()
    """The first `NAMED` of them, in the order written."""
    models: tuple[ModelDifference, ...] = ()
    """In the order in which their first steps ended."""


@dataclass(slots=True)
class _ModelTally:
    steps: int = 0
    estimated: Decimal = Decimal(0)
    billed: Decimal = Decimal(0)
    averaged: bool = False


@dataclass(slots=True)
class DifferenceTally:
    """`Differences` that grow."""

    _count: int = 0
    _steps: list[StepDifference] = field(default_factory=list)
    _models: dict[tuple[str, str], _ModelTally] = field(default_factory=dict)

    def add(self, event: StepEnded, order: tuple[int, ...], place: Place) -> None:
        """Compare a task that ended, where there is something to compare."""
        estimated = place.estimated
        if event.status is not Status.DONE or not event.billed_known or estimated is None:
            return
        billed = amounts.usd(event.billed)
        task = place.task
        tally = self._models.setdefault((task.provider, task.model), _ModelTally())
        tally.steps += 1
        tally.estimated += estimated
        tally.billed += billed
        tally.averaged = tally.averaged or place.is_mean
        if not place.is_mean and differ(billed, estimated):
            self._note(
                StepDifference(
                    order=order,
                    id=event.task,
                    label=event.label,
                    estimated=estimated,
                    billed=billed,
                )
            )

    def _note(self, found: StepDifference) -> None:
        self._count += 1
        insort(self._steps, found, key=attrgetter("order"))
        del self._steps[NAMED:]

    def found(self) -> Differences:
        """What there is so far."""
        models = tuple(
            ModelDifference(
                model=model,
                steps=tally.steps,
                estimated=tally.estimated,
                billed=tally.billed,
                averaged=tally.averaged,
            )
            for (_, model), tally in self._models.items()
            if differ(tally.billed, tally.estimated)
        )
        return Differences(count=self._count, steps=tuple(self._steps), models=models)


def differ(billed: Decimal, estimated: Decimal) -> bool:
    """Whether a bill is more than a tenth of the estimate away from it."""
    return abs(billed - estimated) * _TENTH > estimated
