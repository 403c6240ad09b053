"""What a provider says that a call cost, in whole nano-dollars."""

from decimal import ROUND_CEILING, Decimal, InvalidOperation

from aipipe.contracts.artefact import Json
from aipipe.contracts.call import Receipt

NANO = 1_000_000_000
MOST_USD = Decimal(1_000_000)


def receipt(usd: Json) -> Receipt | None:
    """A receipt for an amount in USD, rounded up; None where nothing usable was said.

    >>> receipt("0.10")
    Receipt(nano_usd=100000000, computed=False, detail='')
    """
    found = amount(usd)
    if found is None or found > MOST_USD:
        return None
    return Receipt(nano_usd=int((found * NANO).to_integral_value(ROUND_CEILING)))


def amount(told: Json) -> Decimal | None:
    """A number that is told, from 0; None where it is none."""
    found = number(told)
    return found if found is not None and found >= 0 else None


def number(told: Json) -> Decimal | None:
    """A number that is told, whatever its sign; None where it is none."""
    if isinstance(told, bool) or not isinstance(told, str | int | float):
        return None
    try:
        found = Decimal(str(told).strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
