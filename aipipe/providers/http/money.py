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
    if isinstance(usd, bool) or not isinstance(usd, str | int | float):
        return None
    try:
        amount = Decimal(str(usd).strip())
    except InvalidOperation:
        return None
    if not amount.is_finite() or not 0 <= amount <= MOST_USD:
        return None
    return Receipt(nano_usd=int((amount * NANO).to_integral_value(ROUND_CEILING)))
