"""What models have cost so far, by the ledger of this machine. Makes nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from aipipe.memory.ledger.connecting import Place
from aipipe.memory.ledger.past import ModelCost
from aipipe.memory.ledger.reading import reading
from aipipe.running import amounts


@dataclass(frozen=True, slots=True, kw_only=True)
class SoFar:
    """What the billed calls of a model came to, in USD."""

    calls: int
    billed: Decimal
    computed: int
    """Calls whose bill comes from the price list; the provider reported nothing."""
    compared: int
    """Calls of which the ledger has an estimate."""
    compared_billed: Decimal
    """What those cost together."""
    estimated: Decimal | None
    """What those were likely to cost together; None: there are none."""
    since: date
    """The day (UTC) on which the first of the calls began."""


def costs_so_far(home: Path, models: Iterable[tuple[str, str]]) -> Mapping[str, SoFar]:
    """By name, those of the models (provider and name) for which anything was billed.

    Raises:
        LedgerError: the ledger can't be used.
    """
    with reading(Place(home=home)) as ledger:
        if ledger is None:
            return {}
        found = {name: ledger.model_cost(provider, name) for provider, name in models}
    return {name: _so_far(cost) for name, cost in found.items() if cost is not None}


def _so_far(cost: ModelCost) -> SoFar:
    return SoFar(
        calls=cost.calls,
        billed=amounts.usd(cost.billed),
        computed=cost.computed,
        compared=cost.compared,
        compared_billed=amounts.usd(cost.compared_billed),
        estimated=amounts.usd(cost.likely) if cost.compared else None,
        since=datetime.fromtimestamp(cost.since, UTC).date(),
    )
