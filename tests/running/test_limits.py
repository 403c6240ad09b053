"""Slots, rates and turns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.plans import chain, task

from aipipe.contracts.limits import LimitsTold
from aipipe.running.cells import Container, TaskCell
from aipipe.running.lanes import Ready
from aipipe.running.limits import Limit


def cell(name: str, depth: int = 0, index: int = 0) -> TaskCell:
    return TaskCell(task(name, depth=depth), Container(chain(), None, 0, ""), index, name)


def pushed(*cells: TaskCell, limits: tuple[Limit, ...]) -> Ready:
    ready = Ready()
    for each in cells:
        ready.push("lane", limits, each, item=0)
    return ready


def test_a_limit_is_full_at_its_cap() -> None:
    limit = Limit("l", 1)
    limit.take()

    assert limit.opens_at(0.0) is None


def test_a_slot_given_back_can_be_taken() -> None:
    limit = Limit("l", 1)
    limit.take()
    limit.give()

    assert limit.opens_at(0.0) == 0.0


def test_a_refusal_halves_and_a_burst_of_them_counts_once() -> None:
    limit = Limit("l", 16)
    for _ in range(10):
        limit.take()
    for _ in range(5):
        limit.throttled(1.0, None)

    assert limit.cap == 5


def test_retry_after_pauses_the_whole_lane() -> None:
    limit = Limit("l", 4)
    limit.throttled(1.0, 30.0)

    assert limit.opens_at(2.0) == 31.0


def test_sustained_success_brings_slots_back_up_to_the_ceiling() -> None:
    limit = Limit("l", 4)
    limit.throttled(0.0, None)
    for _ in range(100):
        limit.accepted()

    assert limit.cap == 4


def test_a_rate_lets_a_burst_through_and_then_one_at_a_time() -> None:
    limit = Limit("l", 100, rate=2, per=1.0)
    for _ in range(2):
        assert limit.opens_at(0.0) == 0.0
        limit.take()

    assert limit.opens_at(0.0) == 0.5


def test_slots_that_are_told_are_allowed_at_once_upwards_and_downwards() -> None:
    more, fewer = Limit("l", 8), Limit("l", 8)
    more.learn(LimitsTold(at_once=40), 0.0)
    fewer.learn(LimitsTold(at_once=3), 0.0)

    assert (more.cap, fewer.cap) == (40, 3)


def test_slots_that_are_told_again_undo_no_narrowing() -> None:
    limit = Limit("l", 8)
    limit.learn(LimitsTold(at_once=8), 0.0)
    limit.throttled(1.0, None)
    narrowed = limit.cap
    limit.learn(LimitsTold(at_once=8), 2.0)

    assert limit.cap == narrowed < 8


def test_a_refusal_of_what_was_sent_before_the_slots_were_told_narrows_no_further() -> None:
    limit = Limit("l", 8)
    for _ in range(8):
        limit.take()
    limit.learn(LimitsTold(at_once=3), 0.0)
    limit.throttled(0.0, None)

    assert limit.cap == 3


def test_recovery_ends_at_the_slots_that_were_told() -> None:
    limit = Limit("l", 8)
    limit.learn(LimitsTold(at_once=12), 0.0)
    limit.throttled(0.0, None)
    for _ in range(200):
        limit.accepted()

    assert limit.cap == 12


def test_nothing_begins_in_a_window_that_is_used_up() -> None:
    limit = Limit("l", 8)
    limit.learn(LimitsTold(left=0, resets_in=30.0), 10.0)

    assert [limit.opens_at(now) for now in (10.0, 39.0, 40.0)] == [40.0, 40.0, 40.0]


def test_no_more_begin_in_a_window_than_are_left() -> None:
    limit = Limit("l", 8)
    limit.learn(LimitsTold(left=2, resets_in=30.0), 0.0)
    opened = []
    for _ in range(3):
        opened.append(limit.opens_at(1.0))
        limit.take()

    assert opened == [1.0, 1.0, 30.0]


def test_of_answers_that_overtake_each_other_the_one_with_the_fewest_left_holds() -> None:
    limit = Limit("l", 8)
    limit.learn(LimitsTold(left=0, resets_in=30.0), 0.0)
    limit.learn(LimitsTold(left=4, resets_in=31.0), 0.1)

    assert limit.opens_at(1.0) == 30.0


def test_a_rate_that_is_told_takes_the_place_of_the_one_before() -> None:
    limit = Limit("l", 8, rate=100)
    limit.learn(LimitsTold(rate=(1, 60.0)), 0.0)
    limit.opens_at(0.0)
    limit.take()
    limit.learn(LimitsTold(rate=(1, 60.0)), 1.0)

    assert limit.opens_at(30.0) == 60.0


def test_rates_that_are_told_in_turn_let_no_bursts_through() -> None:
    limit, began = Limit("l", 100), 0
    for second in range(60):
        limit.learn(LimitsTold(rate=(10 + second % 2, 60.0)), float(second))
        while limit.opens_at(float(second)) == second:
            limit.take()
            limit.give()
            began += 1

    assert began <= 11 + 11


NONSENSE = [
    LimitsTold(at_once=0),
    LimitsTold(at_once=-4),
    LimitsTold(at_once=10**9),
    LimitsTold(left=-1, resets_in=5.0),
    LimitsTold(left=0),
    LimitsTold(left=0, resets_in=0.0),
    LimitsTold(left=0, resets_in=-5.0),
    LimitsTold(left=0, resets_in=float("nan")),
    LimitsTold(left=0, resets_in=float("inf")),
    LimitsTold(left=0, resets_in=1e9),
    LimitsTold(rate=(0, 1.0)),
    LimitsTold(rate=(1, 0.0)),
    LimitsTold(rate=(1, float("nan"))),
    LimitsTold(rate=(1, 1e12)),
    LimitsTold(rate=(-1, -1.0)),
]


@pytest.mark.parametrize("told", NONSENSE, ids=str)
def test_what_cant_be_true_changes_nothing(told: LimitsTold) -> None:
    limit = Limit("l", 2)
    limit.learn(told, 0.0)
    limit.take()

    assert (limit.cap, limit.opens_at(1.0)) == (2, 1.0)


anything = st.builds(
    LimitsTold,
    at_once=st.none() | st.integers(),
    rate=st.none() | st.tuples(st.integers(), st.floats()),
    left=st.none() | st.integers(),
    resets_in=st.none() | st.floats(),
)


@given(st.lists(anything, max_size=8), st.integers(1, 100))
def test_whatever_is_told_a_limit_opens_within_a_day_once_it_is_empty(
    answers: list[LimitsTold], cap: int
) -> None:
    limit = Limit("l", cap)
    for told in answers:
        limit.learn(told, 0.0)
    opens = limit.opens_at(0.0)

    assert opens is not None
    assert 0.0 <= opens <= 86_400.0
    assert limit.cap >= 1


def test_slots_are_taken_all_or_none() -> None:
    free, full = Limit("free", 1), Limit("full", 1)
    full.take()
    ready = pushed(cell("a"), limits=(free, full))

    assert ready.pop(0.0) is None
    assert free.used == 0


def test_the_longest_path_comes_first_and_then_the_order_written() -> None:
    cells = [cell("a", 1, 0), cell("b", 3, 1), cell("c", 3, 2)]
    ready = pushed(*reversed(cells), limits=(Limit("l", 10),))

    popped = [ready.pop(0.0), ready.pop(0.0), ready.pop(0.0)]
    assert [each.path for each in popped if each] == ["b", "c", "a"]


def test_lanes_take_turns() -> None:
    ready, limit = Ready(), Limit("l", 10)
    for name in ("a1", "a2", "b1", "b2"):
        ready.push(name[0], (limit,), cell(name), item=0)

    popped = [ready.pop(0.0) for _ in range(4)]
    assert [each.path for each in popped if each] == ["a1", "b1", "a2", "b2"]
