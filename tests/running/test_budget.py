"""Holds under a cap."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aipipe.running.budget import Purse, Room, hold, room, settle

amounts = st.integers(min_value=0, max_value=60)


def test_what_can_never_fit_is_refused() -> None:
    assert room([Purse(cap=100, spent=70)], 40) is Room.NEVER


def test_what_only_calls_in_flight_keep_out_waits() -> None:
    assert room([Purse(cap=100, held=70)], 40) is Room.LATER


def test_no_cap_has_room_for_anything() -> None:
    assert room([Purse()], None) is Room.ENOUGH


def test_an_unknown_price_takes_all_that_is_left() -> None:
    purse = Purse(cap=100, spent=30)

    assert hold([purse], None) == 70


def test_the_tightest_purse_decides() -> None:
    assert room([Purse(cap=1000), Purse(cap=10)], 20) is Room.NEVER


@given(st.lists(st.tuples(amounts, st.integers(min_value=0, max_value=100), st.booleans())))
def test_held_and_spent_never_pass_the_cap(calls: list[tuple[int, int, bool]]) -> None:
    purse, flying = Purse(cap=100), []
    for worst, share, ends in calls:
        if room([purse], worst) is Room.ENOUGH:
            flying.append((hold([purse], worst), worst * share // 100))
        if ends and flying:
            held, billed = flying.pop(0)
            settle([purse], held, billed)

        assert purse.spent + purse.held <= 100
