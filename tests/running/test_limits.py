"""Slots, rates and turns."""

from __future__ import annotations

from support.plans import chain, task

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
