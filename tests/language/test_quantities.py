"""Quantities as people write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipipe.contracts.artefact import Json
from aipipe.language.quantities import count, rate, seconds, share_of, usd

NONE: list[Json] = [None, True, False, "", "soon", [1], {"a": 1}, "-1", -1]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (90, 90.0),
        (0, 0.0),
        (0.5, 0.5),
        ("90", 90.0),
        ("6s", 6.0),
        ("6 sec", 6.0),
        ("0.5s", 0.5),
        ("10m", 600.0),
        ("10min", 600.0),
        ("2h", 7200.0),
        ("1d", 86400.0),
        ("1h30m", 5400.0),
        (" 1d 2h 3m 4.5s ", 93784.5),
        ("0.1s", 0.1),
    ],
)
def test_a_time_is_a_number_of_seconds(value: Json, expected: float) -> None:
    assert seconds(value) == expected


@pytest.mark.parametrize("value", [*NONE, "30m1h", "1h30", "0s", "1.5.5s", "9" * 400])
def test_anything_else_is_no_time(value: Json) -> None:
    assert seconds(value) is None


@given(st.integers(0, 30), st.integers(0, 23), st.integers(0, 59), st.integers(1, 59))
def test_the_parts_of_a_time_add_up(d: int, h: int, m: int, s: int) -> None:
    assert seconds(f"{d}d{h}h{m}m{s}s") == ((d * 24 + h) * 60 + m) * 60 + s


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("5/s", (5, 1.0)),
        ("5/sec", (5, 1.0)),
        ("60/min", (60, 60.0)),
        ("60 / minute", (60, 60.0)),
        ("1000/h", (1000, 3600.0)),
        (" 7/hour ", (7, 3600.0)),
    ],
)
def test_a_rate_is_how_many_in_how_many_seconds(value: str, expected: tuple[int, float]) -> None:
    assert rate(value) == expected


@pytest.mark.parametrize("value", [*NONE, 60, "60", "0/s", "1.5/s", "60/day", "9" * 5_000 + "/s"])
def test_anything_else_is_no_rate(value: Json) -> None:
    assert rate(value) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (2, "2"),
        (0, "0"),
        (2.5, "2.5"),
        (0.1, "0.1"),
        ("2.50", "2.50"),
        ("$2.50", "2.50"),
        (" $ 2 ", "2"),
    ],
)
def test_an_amount_is_exactly_what_is_written(value: Json, expected: str) -> None:
    assert str(usd(value)) == expected


@pytest.mark.parametrize("value", [*NONE, "2.50 $", "€2", "1e3", "$", -0.5])
def test_anything_else_is_no_amount(value: Json) -> None:
    assert usd(value) is None


@given(st.decimals(0, 10_000, places=4))
def test_an_amount_in_text_loses_nothing(amount: Decimal) -> None:
    assert usd(f"${amount:f}") == amount


@pytest.mark.parametrize("value", [*NONE[:-1], 1.5, "7"])
def test_only_a_whole_number_counts(value: Json) -> None:
    assert [count(value), count(7)] == [None, 7]


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (2, 10, 2),
        (0, 10, 0),
        ("20%", 10, 2),
        ("25%", 10, 2),
        (" 33.3 % ", 3, 0),
        ("100%", 7, 7),
        ("0%", 7, 0),
        ("28.7%", 1_000, 287),
        ("900%", 7, 7),
        ("50%", 0, 0),
        ("half", 10, None),
        (None, 10, None),
        (True, 10, None),
    ],
)
def test_a_share_is_rounded_down(value: Json, places: int, expected: int | None) -> None:
    assert share_of(value, places) == expected


@given(st.integers(0, 100), st.integers(0, 1_000))
def test_a_share_is_never_more_than_its_percentage(percent: int, places: int) -> None:
    share = share_of(f"{percent}%", places)

    assert share == percent * places // 100
