"""What a live display knows of a run, and how it chooses what to show."""

import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.golden import golden
from support.stories import (
    batch_plan,
    batch_story,
    began,
    ended,
    film_plan,
    film_story,
    group,
    moved,
    pictures_plan,
    pictures_story,
    plan_of,
    priced,
    task,
    voices_plan,
    voices_story,
    waits,
    wide_plan,
    wide_story,
)

from aipipe.cli.live_lines import ASCII, UNICODE, Glyphs, lines
from aipipe.cli.progress import Board, View
from aipipe.cli.progress_counts import Counts
from aipipe.cli.progress_left import Pace
from aipipe.cli.text import width
from aipipe.contracts.event import BatchExpanded, RunEvent
from aipipe.contracts.status import Status
from aipipe.planning.plan import Plan
from aipipe.running.places import places_of

GOLDEN = Path(__file__).parent / "golden" / "live"


def board_of(plan: Plan, story: list[RunEvent], *, until: float) -> Board:
    board = Board(plan)
    for event in story:
        if event.at <= until:
            board.add(event)
    return board


def drawn(view: View, columns: int, glyphs: Glyphs = UNICODE) -> str:
    """The lines without their styles."""
    return "".join(
        "".join(text for _, text in line).rstrip() + "\n" for line in lines(view, columns, glyphs)
    )


# --- rows


def test_a_row_shows_the_place_in_its_providers_queue() -> None:
    plan = pictures_plan()
    _, _, seedream = plan.tasks
    story: list[RunEvent] = [began(seedream, 0.0), waits(seedream, 1.0, 1234)]

    view = board_of(plan, story, until=2.0).view(2.0, 10)

    assert "   queued #1234   " in drawn(view, 100)


# --- counts


def test_every_task_is_counted_once_whatever_becomes_of_it() -> None:
    plan = film_plan()
    counts = Counts(plan, places_of(plan))

    for event in film_story(plan):
        counts.add(event)

    whole = counts.whole
    assert (whole.done, whole.failed, whole.others, whole.running, whole.queued) == (0, 1, 3, 0, 0)
    assert [(each.title, each.ended, each.total) for each in counts.sections] == [
        ("steps", 1, 1),
        ("clips", 2, 2),
        ("steps", 1, 1),
    ]


def test_an_unknown_number_of_items_is_known_once_the_batch_is() -> None:
    plan = batch_plan(3, known=False)
    counts = Counts(plan, places_of(plan))
    before = counts.whole.total

    counts.add(BatchExpanded(at=0.0, task="shots", template=1, items=3))

    assert (before, counts.whole.total) == (None, 6)


def test_an_estimate_with_an_unknown_part_is_not_shown() -> None:
    plan = film_plan()
    counts = Counts(plan, places_of(plan))

    assert (counts.whole.money, counts.sections[0].money) == ("$0.00", "$0.000 of $0.080")


# --- time left


def test_the_time_left_is_that_of_the_longest_branch_where_all_run_at_once() -> None:
    pace = Pace()
    pace.started(3)
    pace.ended("a", 6.0)

    left = pace.left([("a", 5.0, None), ("b", 2.0, 0.25)], queued=0)

    assert left == pytest.approx(6.0)


def test_the_time_left_grows_with_what_waits() -> None:
    pace = Pace()
    pace.started(2)
    pace.ended("a", 4.0)

    left = pace.left([("a", 2.0, None)], queued=9)

    assert left == pytest.approx((2.0 + 9 * 4.0) / 2)


def test_nobody_knows_the_time_left_before_anything_has_ended_or_when_it_takes_too_long() -> None:
    pace = Pace()

    assert pace.left([("a", 2.0, None)], queued=0) is None
    pace.ended("a", 4.0)
    assert pace.left([("a", 9.0, None)], queued=0) is None


# --- views


def test_three_branches_look_as_drawn() -> None:
    plan = voices_plan()

    view = board_of(plan, voices_story(plan), until=6.0).view(6.2, 18)

    golden(GOLDEN / "voices_100.txt", drawn(view, 100))
    golden(GOLDEN / "voices_80.txt", drawn(view, 79))
    golden(GOLDEN / "voices_40.txt", drawn(view, 39))
    golden(GOLDEN / "voices_ascii.txt", drawn(view, 100, ASCII))


def test_a_retry_and_a_failure_look_as_drawn() -> None:
    plan = pictures_plan()

    waiting = board_of(plan, pictures_story(plan), until=15.0).view(15.0, 18)
    failed = board_of(plan, pictures_story(plan), until=41.7).view(41.7, 18)

    golden(GOLDEN / "pictures_retry.txt", drawn(waiting, 100))
    golden(GOLDEN / "pictures_failed.txt", drawn(failed, 100))


def test_of_300_branches_those_that_run_are_shown_as_far_as_they_fit() -> None:
    plan = wide_plan()

    view = board_of(plan, list(wide_story(plan, workers=160)), until=20.0).view(20.0, 18)

    golden(GOLDEN / "wide.txt", drawn(view, 79))
    assert len(view.rows) == 16


def test_several_groups_have_a_line_each() -> None:
    plan = film_plan()
    hero, hailuo, kling, _ = plan.tasks
    story: list[RunEvent] = [
        began(hero, 0.0, order=(0,)),
        ended(hero, 9.0, seconds=9.0, billed="0.08", output="hero.png", order=(0,)),
        began(hailuo, 9.0, order=(1, 0)),
        began(kling, 9.0, order=(1, 1)),
        moved(kling, 9.5, "generating", 0.5),
    ]

    view = board_of(plan, story, until=10.0).view(10.0, 18)

    golden(GOLDEN / "film.txt", drawn(view, 100))


def test_a_batch_of_items_shows_the_window_and_what_waits() -> None:
    plan = batch_plan(1_000)

    view = board_of(plan, list(batch_story(plan, 1_000))[:300], until=1e9).view(60.0, 18)

    golden(GOLDEN / "batch.txt", drawn(view, 79))


@given(
    groups=st.integers(1, 40),
    branches=st.integers(1, 12),
    seen=st.integers(0, 400),
    columns=st.integers(20, 200),
    height=st.integers(2, 60),
)
@settings(max_examples=80, deadline=None)
def test_a_view_fits_whatever_the_size_of_the_terminal(
    groups: int, branches: int, seen: int, columns: int, height: int
) -> None:
    plan = _groups(groups, branches)
    board = board_of(plan, _groups_story(plan, branches)[:seen], until=1e9)

    shown = lines(board.view(12.0, height), columns)

    assert len(shown) <= height
    assert all(sum(width(text) for _, text in line) <= columns for line in shown)


def _groups(groups: int, branches: int) -> Plan:
    made = [
        group(
            1 + index * (branches + 1),
            f"group_{index}",
            [
                task(
                    2 + index * (branches + 1) + branch,
                    f"group_{index}.{branch + 1}",
                    label=f"一 branch {branch}",
                    model="flux_dev",
                    price=priced("0.1"),
                )
                for branch in range(branches)
            ],
        )
        for index in range(groups)
    ]
    return plan_of(*made)


def _groups_story(plan: Plan, branches: int) -> list[RunEvent]:
    """All begin; then every second one ends."""
    tasks = list(plan.tasks)
    orders = [divmod(index, branches) for index in range(len(tasks))]
    begins: list[RunEvent] = [
        began(each, 0.0, order=order) for each, order in zip(tasks, orders, strict=True)
    ]
    ends: list[RunEvent] = [
        ended(each, 3.0, seconds=3.0, output="picture with a long name.png", order=order)
        for each, order in list(zip(tasks, orders, strict=True))[::2]
    ]
    return begins[: len(begins) // 2] + ends[: len(ends) // 2] + begins[len(begins) // 2 :]


def test_rows_stand_in_the_order_written_whatever_began_first() -> None:
    plan = voices_plan()
    rachel, drew, bella = plan.tasks
    story: list[RunEvent] = [
        began(bella, 0.0, order=(0, 2)),
        began(rachel, 1.0, order=(0, 0)),
        ended(rachel, 2.0, seconds=1.0, order=(0, 0)),
        began(drew, 3.0, order=(0, 1)),
    ]

    view = board_of(plan, story, until=9.0).view(4.0, 18)

    assert [(row.label, row.status) for row in view.rows] == [
        ("rachel", Status.DONE),
        ("drew", None),
        ("bella", None),
    ]


def test_one_thread_may_look_while_another_tells() -> None:
    plan = wide_plan()
    board, over, views = Board(plan), threading.Event(), []

    def look() -> None:
        while not over.is_set():
            views.append(board.view(1.0, 20))

    looking = threading.Thread(target=look)
    looking.start()
    for event in wide_story(plan, workers=30):
        board.add(event)
    over.set()
    looking.join()

    assert all(len(view.rows) <= 19 for view in views)
    last = board.view(1.0, 20).whole
    assert (last.done, last.failed, last.total) == (258, 42, 300)
