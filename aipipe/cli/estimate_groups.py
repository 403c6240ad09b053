"""The lines of a long part of an estimate as one for each model and price."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import reduce

from aipipe.catalog.price import PriceEstimate
from aipipe.cli.text import count
from aipipe.planning.estimate import EstimateLine, together


def grouped(lines: Sequence[EstimateLine]) -> Iterator[tuple[str, EstimateLine]]:
    """How many steps each line stands for, in words, and the first of them with all their prices.

    In the order in which the models first come.
    """
    groups: dict[tuple[str, str, str], list[EstimateLine]] = {}
    for line in lines:
        key = (line.task.model, line.price.unit_price, line.price.priced)
        groups.setdefault(key, []).append(line)
    for found in groups.values():
        price = reduce(together, (line.price for line in found))
        yield (
            count(len(found), "step"),
            replace(found[0], price=replace(price, counted=_counted(found, price))),
        )


def _counted(lines: Sequence[EstimateLine], price: PriceEstimate) -> str:
    new = [line.new for line in lines]
    known = [each for each in new if each is not None]
    if len(known) < len(new):
        return "an unknown number"
    if len({line.price.counted for line in lines}) == 1 and price.counted and all(new):
        return f"{len(lines):,} × {price.counted}"  # noqa: RUF001 (a product)
    return f"{sum(known):,} new"
