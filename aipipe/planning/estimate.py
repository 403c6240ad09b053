"""What a plan will cost, line by line."""

from dataclasses import dataclass
from decimal import Decimal

from aipipe.catalog.price import PriceEstimate
from aipipe.planning.plan import Plan, Task
from aipipe.planning.sections import sections


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateLine:
    """One task's price, for all its calls. `times` None: an unknown number."""

    section: str
    position: str
    task: Task
    times: int | None
    price: PriceEstimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The whole plan's price in USD; None: at least one part is unknown."""

    lines: tuple[EstimateLine, ...]
    calls: int | None
    """New calls; None: an unknown number of items."""
    reused: int
    low: Decimal | None
    likely: Decimal | None
    at_most: Decimal | None
    known_likely: Decimal
    """The sum of what is known."""
    assumptions: tuple[str, ...]
    undated: int
    """How many of the prices have no date."""
    unknown: tuple[str, ...]
    """Paths of the tasks whose price or number is unknown."""


def estimate(plan: Plan) -> Estimate:
    """The estimate of a plan, in the order written."""
    lines = tuple(
        EstimateLine(
            section=section.title,
            position=row.position,
            task=row.task,
            times=row.task.times,
            price=row.task.total,
        )
        for section in sections(plan)
        for row in section.rows
    )
    prices = [line.price for line in lines]
    return Estimate(
        lines=lines,
        calls=_total_count([line.times for line in lines]),
        reused=0,
        low=_total([p.low for p in prices]),
        likely=_total([p.likely for p in prices]),
        at_most=_total([p.at_most for p in prices]),
        known_likely=sum((p.likely for p in prices if p.likely is not None), Decimal(0)),
        assumptions=tuple(dict.fromkeys(a for p in prices for a in p.assumptions)),
        undated=sum(p.priced == "undated" for p in prices),
        unknown=tuple(line.task.path for line in lines if line.price.at_most is None),
    )


def _total(amounts: list[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if len(known) == len(amounts) else None


def _total_count(counts: list[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None
