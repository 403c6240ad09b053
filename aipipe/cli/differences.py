"""Bills that differ from their estimates, in words: step by step, or in a long run by model."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from aipipe.cli.money import apart, places_of, usd
from aipipe.cli.tables import MOST_ROWS
from aipipe.cli.text import clean, count
from aipipe.running.differences import NAMED, Differences, ModelDifference, StepDifference
from aipipe.running.summary import Summary


def differences(summary: Summary) -> Iterator[str]:
    """A line for each: `hero billed $0.120, estimated $0.100 (+20 %)`; then `and 12 more`."""
    found = summary.differences
    if summary.ended + summary.running > MOST_ROWS:
        yield from _models(found.models)
    else:
        yield from _steps(found)
        yield from _models([each for each in found.models if each.averaged])


def _steps(found: Differences) -> Iterator[str]:
    yield from (_words(_named(each), each.billed, each.estimated) for each in found.steps)
    yield from _more(found.count - len(found.steps))


def _named(step: StepDifference) -> str:
    return clean(step.id if step.label in {"", step.id} else f"{step.id} {step.label}")


def _models(found: Sequence[ModelDifference]) -> Iterator[str]:
    for each in found[:NAMED]:
        over = f" for {count(each.steps, 'step')}"
        yield _words(clean(each.model), each.billed, each.estimated, over)
    yield from _more(len(found) - NAMED)


def _more(number: int) -> Iterator[str]:
    if number > 0:
        yield f"and {number:,} more"


def _words(named: str, billed: Decimal, estimated: Decimal, over: str = "") -> str:
    places = places_of([billed, estimated])
    against = f"estimated {usd(estimated, places)}{apart(billed, estimated)}"
    return f"{named} billed {usd(billed, places)}{over}, {against}"
