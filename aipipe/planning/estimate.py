"""What a plan will cost, line by line."""

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import reduce

from aipipe.catalog.price import FREE, PriceEstimate
from aipipe.planning.forecast import Forecast, Outlook
from aipipe.planning.plan import Plan, Task
from aipipe.planning.sections import Row, sections

_SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateLine:
    """One task's price, for all its calls. `times` None: an unknown number."""

    section: str
    position: str
    task: Task
    times: int | None
    price: PriceEstimate
    """Of what is bought, all its calls together."""
    outlook: Outlook | None = None
    """What earlier results stand in for; None: nothing is known of earlier ones."""

    @property
    def new(self) -> int | None:
        """Calls that are made; None: an unknown number."""
        return self.times if self.outlook is None else self.outlook.new

    @property
    def is_undated(self) -> bool:
        """Whether its price has no date."""
        return self.price.priced == "undated"

    @property
    def expected(self) -> PriceEstimate:
        """Of all that will be billed: what is bought, and what an earlier run began."""
        return self.price if self.outlook is None else together(self.price, self.outlook.under_way)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The whole plan's price in USD; None: at least one part is unknown."""

    lines: tuple[EstimateLine, ...]
    calls: int | None
    """New calls; None: an unknown number of items."""
    reused: int
    attached: int
    """Begun by an earlier run, and gone on with."""
    low: Decimal | None
    likely: Decimal | None
    at_most: Decimal | None
    known_likely: Decimal
    """The sum of what is known."""
    assumptions: tuple[str, ...]
    undated: int
    """How many of the prices have no date; calls of one model share theirs."""
    unknown: tuple[str, ...]
    """Paths of the tasks whose price or number is unknown."""
    forecast: Forecast
    """What is reused, and from where; what has changed."""
    whole: Decimal | None
    """What everything would be likely to cost, nothing reused; None: unknown."""

    @property
    def paid(self) -> int | None:
        """New calls that cost something; None: an unknown number."""
        return _total_count([line.new for line in self.lines if line.task.is_remote])

    @property
    def expected(self) -> PriceEstimate:
        """Of all that will be billed: what is bought, and what earlier runs began."""
        return reduce(together, (line.expected for line in self.lines), FREE)


def estimate(plan: Plan, forecast: Forecast | None = None) -> Estimate:
    """The estimate of a plan, in the order written; what is reused is taken off."""
    forecast = forecast or Forecast()
    lines = tuple(
        _line(section.title, row, forecast.outlooks.get(row.task.number))
        for section in sections(plan)
        for row in section.rows
    )
    prices = [line.price for line in lines]
    return Estimate(
        lines=lines,
        calls=_total_count([line.new for line in lines]),
        reused=forecast.reused,
        attached=forecast.attached,
        low=_total([p.low for p in prices]),
        likely=_total([p.likely for p in prices]),
        at_most=_total([p.at_most for p in prices]),
        known_likely=sum((p.likely for p in prices if p.likely is not None), Decimal(0)),
        assumptions=tuple(dict.fromkeys(a for p in prices for a in p.assumptions)),
        undated=len(
            {(each.task.model, each.price.unit_price) for each in lines if each.is_undated}
        ),
        forecast=forecast,
        whole=_total([line.task.total.likely for line in lines]),
        unknown=tuple(line.task.path for line in lines if line.price.at_most is None),
    )


def _line(section: str, row: Row, outlook: Outlook | None) -> EstimateLine:
    task = row.task
    line = EstimateLine(
        section=section, position=row.position, task=task, times=task.times, price=task.total
    )
    if task.times == 0:
        return replace(line, price=replace(task.total, counted=_SKIPPED, assumptions=()))
    if outlook is None or outlook.new == task.times:
        return line
    price = replace(
        task.total,
        low=outlook.low,
        likely=outlook.likely,
        at_most=outlook.at_most,
        counted=_counted(task, outlook),
        assumptions=task.total.assumptions if outlook.new else (),
    )
    return replace(line, price=price, outlook=outlook)


def _counted(task: Task, outlook: Outlook) -> str:
    """`4 new, 12 reused`; a single call is `reused`."""
    told = (
        (outlook.new, "new"),
        (outlook.reused, "reused"),
        (outlook.attached, "re-attached"),
        (outlook.doubtful, "not sent again"),
    )
    if task.times == 1:
        return next((word for number, word in told if number), _SKIPPED)
    return ", ".join(f"{number:,} {word}" for number, word in told if number) or _SKIPPED


def together(one: PriceEstimate, other: PriceEstimate) -> PriceEstimate:
    """Both prices as one, in the words of the first."""
    return replace(
        one,
        low=_total([one.low, other.low]),
        likely=_total([one.likely, other.likely]),
        at_most=_total([one.at_most, other.at_most]),
    )


def _total(amounts: list[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if len(known) == len(amounts) else None


def _total_count(counts: list[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None
