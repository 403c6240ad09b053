"""What a call cost by the tokens that its answer counts."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from aipipe.contracts.artefact import Json
from aipipe.contracts.call import Call, Job, Receipt
from aipipe.providers.http import money

TOKENS: Final = "tokens"
"""Where a job's `data` has the prices: the answer may be read by another process."""
_MILLION: Final = 1_000_000


def kept(call: Call) -> dict[str, Json]:
    """What a job's `data` must have for `receipt`: the catalogue's prices; nothing without any."""
    prices: dict[str, Json] = {**call.wire.tokens} if call.wire else {}
    return {TOKENS: prices} if prices else {}


def receipt(job: Job, counts: Mapping[str, Json]) -> Receipt | None:
    """The counts that a provider told, by kind, times the prices that its job has.

    Such a receipt is reported and not `computed`: the provider bills by just these counts.
    None where nothing was counted, or there is no price for a kind that was: that is no bill.

    >>> job = Job(provider="openai", id="", data={"tokens": {"text_in": "5", "image_out": "30"}})
    >>> receipt(job, {"text_in": 10, "image_out": 1000})
    Receipt(nano_usd=30050000, computed=False, detail='1,010 tokens')
    """
    prices = job.data.get(TOKENS)
    used = {kind: _count(told) for kind, told in counts.items() if told not in (0, None)}
    if not used or not isinstance(prices, dict):
        return None
    each = [(count, money.amount(prices.get(kind))) for kind, count in used.items()]
    usd, total = Decimal(0), 0
    for count, price in each:
        if count is None or price is None:
            return None
        usd, total = usd + count * price / _MILLION, total + count
    found = money.receipt(f"{usd:f}")
    return None if found is None else Receipt(nano_usd=found.nano_usd, detail=f"{total:,} tokens")


def _count(told: Json) -> int | None:
    is_count = isinstance(told, int) and not isinstance(told, bool) and told > 0
    return told if is_count and isinstance(told, int) else None
