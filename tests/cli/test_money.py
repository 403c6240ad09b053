"""Amounts as the user reads them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipipe.cli.money import places_of, usd

AMOUNTS = st.decimals("0", "100000", places=9)


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("0", "$0.00"),
        ("0.08", "$0.080"),
        ("0.145", "$0.145"),
        ("0.0032", "$0.0032"),
        ("0.0000004", "<$0.000001"),
        ("1.475", "$1.475"),
        ("10.5", "$10.50"),
        ("1234.5", "$1,234.50"),
    ],
)
def test_an_amount_has_as_many_decimals_as_it_needs(amount: str, shown: str) -> None:
    assert usd(Decimal(amount)) == shown


def test_what_is_unknown_says_so() -> None:
    assert usd(None) == "unknown"


@pytest.mark.parametrize(
    ("amounts", "places"),
    [
        ([], 2),
        ([None, "0"], 2),
        (["0.080", "0.025", "0"], 3),
        (["10.5", "3.30"], 2),
        (["10.5", "0.025"], 3),
        (["0.08", "0.0032"], 4),
        (["1", "0.0000001"], 6),
    ],
)
def test_a_table_has_one_precision(amounts: list[str | None], places: int) -> None:
    assert places_of([None if a is None else Decimal(a) for a in amounts]) == places


@given(AMOUNTS)
def test_what_is_not_nothing_never_looks_like_nothing(amount: Decimal) -> None:
    shown = usd(amount)

    assert (amount == 0) == (shown.strip("<$0.,") == "")


@given(st.lists(AMOUNTS.filter(lambda amount: amount >= Decimal("0.0001")), min_size=1))
def test_an_amount_is_shown_at_most_half_a_percent_off(amounts: list[Decimal]) -> None:
    places = places_of(amounts)

    for amount in amounts:
        shown = Decimal(usd(amount, places).replace(",", "").removeprefix("$"))
        assert abs(shown - amount) <= amount * Decimal("0.005")
