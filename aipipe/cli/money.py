"""Amounts of money as the user reads them: one precision a table, never a rounded-away zero."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

UNKNOWN = "unknown"
FEWEST, USUAL, MOST = 2, 3, 6
_CLOSE = Decimal("0.005")
"""The share by which a shown amount may differ from the true one."""


def usd(amount: Decimal | None, places: int | None = None) -> str:
    """`$0.080`, `unknown` for None, `<$0.001` for what is not nothing but rounds to it."""
    if amount is None:
        return UNKNOWN
    decimals = places_of([amount]) if places is None else places
    shown = _rounded(amount, decimals)
    if amount > 0 and shown == 0:
        return f"<${Decimal(1).scaleb(-decimals):f}"
    return f"${shown:,f}"


def apart(billed: Decimal, estimated: Decimal | None) -> str:
    """` (+20 %)`: how far a bill is from its estimate; empty where that is nothing to speak of."""
    if not estimated:
        return ""
    percent = _rounded((billed - estimated) / estimated * 100, 0)
    return f" ({percent:+,f} %)" if percent else ""


def places_of(amounts: Iterable[Decimal | None]) -> int:
    """The decimals of a table: 2 for nothing, or for whole cents of a dollar and more.

    Else 3 to 6, so many that no amount is shown more than half a percent off.
    """
    known = [amount for amount in amounts if amount]
    if not known:
        return FEWEST
    if max(known) >= 1 and all(_rounded(amount, FEWEST) == amount for amount in known):
        return FEWEST
    closes = (p for p in range(USUAL, MOST) if all(_is_close(a, p) for a in known))
    return next(closes, MOST)


def _is_close(amount: Decimal, places: int) -> bool:
    return abs(_rounded(amount, places) - amount) <= _CLOSE * abs(amount)


def _rounded(amount: Decimal, places: int) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
