"""Models that take a failed one's place: planned like it, and priced at the dearest."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from aipipe.catalog.price import PriceEstimate
from aipipe.planning.plan import Task


def with_fallbacks(task: Task, fallbacks: Sequence[Task]) -> Task:
    """A task that gives way to others, which publish what it would have published."""
    if not fallbacks:
        return task
    known = tuple(replace(each, output=task.output) for each in fallbacks)
    return replace(
        task,
        fallbacks=known,
        estimate=_dearest(task.estimate, [each.estimate for each in known]),
        total=_dearest(task.total, [each.total for each in known]),
        by_length={
            length: _dearest(own, [each.by_length.get(length, each.estimate) for each in known])
            for length, own in task.by_length.items()
        },
    )


def _dearest(own: PriceEstimate, others: Iterable[PriceEstimate]) -> PriceEstimate:
    """Likely what the first choice costs; at most what the dearest may."""
    most = [own.at_most, *(each.at_most for each in others)]
    known = [each for each in most if each is not None]
    at_most: Decimal | None = max(known) if len(known) == len(most) else None
    return replace(own, at_most=at_most)
