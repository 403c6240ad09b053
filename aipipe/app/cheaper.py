"""Cheaper choices where a cap stands in the way: other models of the same step type."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from aipipe.app.options import Options
from aipipe.app.reach import within
from aipipe.app.setting import Setting
from aipipe.planning.cheaper import Offer, offers
from aipipe.planning.estimate import Estimate, EstimateLine
from aipipe.planning.plan import Plan, Task

_MOST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """Another model in the place of a step's. `saves` is in USD, over all its calls."""

    asked: str
    model: str
    saves: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """The models that a step could be made with for what is left, the cheapest first."""

    task: Task
    offers: tuple[Offer, ...]


def swaps(priced: Estimate, world: Setting, options: Options) -> tuple[Swap, ...]:
    """What saves most, by steps that are bought as a whole; at most three."""
    is_there = within(world.registry, options.environment)
    lines = [line for line in priced.lines if line.outlook is None]
    found = [swap for line in lines for swap in _swap(line, world, is_there)]
    found.sort(key=lambda swap: swap.saves, reverse=True)
    return tuple(found[:_MOST])


def _swap(line: EstimateLine, world: Setting, is_there: Callable[[str], bool]) -> Iterator[Swap]:
    """The cheapest model that a step could have instead."""
    likely = line.price.likely
    found = offers(line.task, world.catalog, is_there)
    if not found or likely is None or line.times is None:
        return
    saves = likely - found[0].likely * line.times
    if saves > 0:
        yield Swap(asked=line.task.asked, model=found[0].model, saves=saves)


def fitting(
    plan: Plan, refused: Sequence[int], left: Decimal, world: Setting, options: Options
) -> tuple[Fit, ...]:
    """What refused steps, by number, could be made with; at most three steps of three models.

    `left` is what is left under the cap, in USD.
    """
    is_there = within(world.registry, options.environment)
    found: list[Fit] = []
    for number in dict.fromkeys(refused):
        task = plan.templates[number]
        if isinstance(task, Task) and len(found) < _MOST:
            fit = [o for o in offers(task, world.catalog, is_there) if o.at_most <= left]
            found += [Fit(task=task, offers=tuple(fit[:_MOST]))] if fit else []
    return tuple(found)
