"""What a run has come to: rows in the order written, sums, errors, and flat memory."""

import tracemalloc
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from support import stories
from support.stories import (
    HTTP_500,
    batch,
    batch_plan,
    batch_story,
    began,
    chain,
    ended,
    film_plan,
    film_story,
    pictures_plan,
    pictures_story,
    plan_of,
    priced,
    summary_of,
    task,
    voices_plan,
    voices_story,
    wide_plan,
    wide_story,
)

from aipipe.contracts.event import RunEvent, RunStatus, StepEnded
from aipipe.contracts.outcome import Problem
from aipipe.contracts.status import Status
from aipipe.planning.bindings import Item
from aipipe.planning.plan import Task
from aipipe.running.groups import ErrorGroup, FaultyStep, ModelTotal
from aipipe.running.rows import Row, RowOutput
from aipipe.running.spool import Spool
from aipipe.running.summary import Estimated, SummaryFold


def test_a_row_tells_what_became_of_its_task() -> None:
    plan = pictures_plan()

    rows = tuple(summary_of(plan, pictures_story(plan)).rows())

    output = stories.published("flux_result.png")
    assert [row.id for row in rows] == [f"parallel_group_1.{n}" for n in (1, 2, 3)]
    assert rows[1] == Row(
        id="parallel_group_1.2",
        key=None,
        label="flux",
        section=0,
        position="2",
        type="text_to_image",
        model="flux_dev",
        provider="fal",
        status=Status.DONE,
        attempts=1,
        seconds=3.9,
        estimated=Decimal("0.025"),
        billed=Decimal("0.025"),
        computed=False,
        outputs=(
            RowOutput(path="flux_result.png", medium="image", sha256=output.sha256, bytes=1234),
        ),
        problem=None,
        ignored=False,
    )
    assert (rows[2].status, rows[2].attempts, rows[2].problem) == (Status.FAILED, 3, HTTP_500)


def test_the_whole_is_as_the_last_event_says() -> None:
    plan = voices_plan()

    found = summary_of(plan, voices_story(plan))

    assert (found.run, found.pipeline) == ("7k2m", "multi_voice_tts_parallel")
    assert (found.status, found.exit_code, found.seconds) == (RunStatus.DONE, 0, 8.2)
    assert found.counts == {Status.DONE: 3}
    assert found.estimated == Estimated(
        low=Decimal("0.3"), likely=Decimal("0.3"), at_most=Decimal("0.375")
    )
    assert (found.billed, found.saved, found.free) == (Decimal("0.3"), Decimal(0), False)
    assert found.outputs == ("voice_rachel.mp3", "voice_drew.mp3", "voice_bella.mp3")
    assert (found.published, found.attempts, found.running) == (3, 3, 0)


@given(st.permutations(range(12)), st.integers(1, 20))
@settings(max_examples=60, deadline=None)
def test_rows_come_in_the_order_written_whatever_ended_first(ends: list[int], kept: int) -> None:
    plan = batch_plan(6)
    picture, clip = plan.tasks
    steps = [((picture, clip)[n % 2], n // 2, n % 2) for n in ends]

    found = summary_of(
        plan,
        [
            ended(each, 1.0, seconds=1.0, order=(0, item, index), path=f"{item}.{index}")
            for each, item, index in steps
        ],
        kept=kept,
    )

    assert [row.id for row in found.rows()] == [f"{n // 2}.{n % 2}" for n in range(12)]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9))), st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_a_spool_reads_as_a_stable_sort_of_what_was_added(
    keys: list[tuple[int, int]], kept: int
) -> None:
    spool: Spool[str] = Spool(lambda text: text, kept=kept)
    lines = [(key, f"{number} ✓") for number, key in enumerate(keys)]
    for key, text in lines:
        spool.add(key, text)

    assert list(spool.view().lines()) == sorted(lines, key=lambda line: line[0])


def test_a_view_of_a_spool_stays_as_it_was_taken() -> None:
    spool: Spool[str] = Spool(str, kept=2)
    for number in range(5):
        spool.add((number,), str(number))
    view = spool.view()

    spool.add((0,), "later")
    spool.add((9,), "later")

    assert [text for _, text in view.lines()] == ["0", "1", "2", "3", "4"]
    assert [text for _, text in view.lines(((2, 0), "more"))] == ["0", "1", "2", "more", "3", "4"]


def test_a_task_that_has_begun_is_running_in_its_place() -> None:
    plan = voices_plan()
    rachel, drew, _ = plan.tasks
    story: list[RunEvent] = [
        began(rachel, 0.0, order=(0, 0)),
        began(drew, 0.0, order=(0, 1)),
        ended(drew, 2.0, seconds=2.0, order=(0, 1)),
    ]

    found = summary_of(plan, story)

    assert [(row.label, row.status) for row in found.rows()] == [
        ("rachel", None),
        ("drew", Status.DONE),
    ]
    assert (found.status, found.exit_code, found.seconds, found.running) == (None, None, 2.0, 1)


def test_an_item_is_told_by_its_key_and_numbered_by_its_place() -> None:
    plan = batch_plan(3)

    rows = list(summary_of(plan, batch_story(plan, 3)).rows())

    assert [(row.position, row.key, row.id) for row in rows[2:4]] == [
        ("2.1", "row2", "shots[row2].picture"),
        ("2.2", "row2", "shots[row2].clip"),
    ]


def test_the_only_step_of_an_item_is_numbered_as_the_item() -> None:
    voice = task(3, "voices[]", label="voices", model="elevenlabs", times=2)
    plan = plan_of(
        batch(1, "voices", chain(2, "", "voices[]", [voice]), [Item("a", "x"), Item("b", "y")])
    )

    found = summary_of(
        plan, [ended(voice, 1.0, seconds=1.0, order=(0, 1, 0), path="voices[b]", label="b")]
    )

    assert [(row.position, row.key) for row in found.rows()] == [("2", "b")]


def test_the_key_is_that_of_the_innermost_item() -> None:
    clip = task(5, "scenes[].shots[].clip", label="clip", model="hailuo", times=1)
    shots = batch(3, "shots", chain(4, "", "scenes[].shots[]", [clip]), [Item("b", "y")])
    scenes = batch(1, "scenes", chain(2, "", "scenes[]", [shots]), [Item("a", "x")])

    found = summary_of(
        plan_of(scenes),
        [
            ended(
                clip,
                1.0,
                seconds=1.0,
                order=(0, 3, 0, 6, 0),
                path="scenes[a [1]].shots[b[2]].clip",
            )
        ],
    )

    assert [(row.key, row.position) for row in found.rows()] == [("b[2]", "4.7")]


def test_the_likely_costs_of_a_batchs_rows_add_up_to_its_estimate() -> None:
    plan = batch_plan(7)

    found = summary_of(plan, batch_story(plan, 7))

    assert sum(row.estimated or 0 for row in found.rows()) == found.estimated.likely


def test_a_step_of_unknown_price_is_estimated_as_none_and_so_is_the_whole() -> None:
    unknown = task(1, "raw", label="raw", model="fal:x", price=priced(None))
    plan = plan_of(unknown)

    found = summary_of(plan, [ended(unknown, 1.0, seconds=1.0, billed="0.5", order=(0,))])

    assert [row.estimated for row in found.rows()] == [None]
    assert (found.estimated.likely, found.billed, found.free) == (None, Decimal("0.5"), False)


def test_sums_by_section_and_model_tell_the_median_time_and_the_money() -> None:
    plan = wide_plan(30)

    found = summary_of(plan, wide_story(plan, workers=4))

    assert found.models[0] == ModelTotal(
        section=0,
        model="flux_dev",
        provider="fal",
        done=8,
        failed=2,
        others=0,
        attempts=14,
        seconds=2.9,
        estimated=Decimal("0.250"),
        billed=Decimal("0.200"),
    )
    assert [(each.model, each.done, each.failed) for each in found.models] == [
        ("flux_dev", 8, 2),
        ("nano_banana_2", 9, 1),
        ("seedream_4_5", 9, 1),
    ]


def test_errors_are_grouped_by_provider_and_code() -> None:
    plan = pictures_plan()

    found = summary_of(plan, pictures_story(plan))

    assert found.errors == (
        ErrorGroup(
            provider="fal",
            code="fal.server_error",
            ignored=False,
            count=1,
            messages=("HTTP 500 three times",),
            hints=(HTTP_500.hint or "",),
            steps=(
                FaultyStep(
                    order=(0, 2),
                    template=list(plan.tasks)[2].number,
                    id="parallel_group_1.3",
                    label="seedream",
                    status=Status.FAILED,
                    message="HTTP 500 three times",
                    attempts=3,
                    billed=Decimal(0),
                    estimated=Decimal("0.04"),
                ),
            ),
        ),
    )


def test_an_error_names_its_first_steps_as_written_whichever_failed_first() -> None:
    plan = wide_plan(60)
    failures = [
        _failed(each, index, Problem(code="x", message=f"m{index}"))
        for index, each in enumerate(plan.tasks)
    ]

    (group,) = summary_of(plan, [*failures[30:], *reversed(failures[:30])]).errors

    assert group.count == 60
    assert [step.order for step in group.steps] == [(0, index) for index in range(20)]
    assert len(group.messages) == 3


def test_a_failure_that_does_not_count_stands_apart_from_those_that_do() -> None:
    plan = wide_plan(2)
    first, second = plan.tasks

    found = summary_of(
        plan,
        [
            _failed(second, 1, HTTP_500),
            ended(
                first,
                1.0,
                seconds=1.0,
                status=Status.FAILED,
                problem=HTTP_500,
                order=(0, 0),
                ignored=True,
            ),
        ],
    )

    assert [(group.ignored, group.count) for group in found.errors] == [(True, 1), (False, 1)]
    assert found.ignored == 1


def test_skipped_steps_are_no_errors() -> None:
    plan = film_plan()

    found = summary_of(plan, film_story(plan))

    assert found.counts == {Status.FAILED: 1, Status.SKIPPED: 3}
    assert [group.code for group in found.errors] == ["fal.moderated"]
    assert found.sections == ("steps", "clips", "steps")


def test_a_figure_from_the_price_list_is_told_as_such() -> None:
    plan = wide_plan(1)
    (only,) = plan.tasks

    found = summary_of(
        plan,
        [ended(only, 1.0, seconds=1.0, billed="0.02", billed_known=False, order=(0, 0))],
    )

    assert found.computed == ("fal",)
    assert [row.computed for row in found.rows()] == [True]


def test_memory_stays_flat_however_many_items_there_are() -> None:
    plan = batch_plan(4_000)
    fold = SummaryFold(plan)
    tracemalloc.start()
    try:
        for event in batch_story(plan, 4_000):
            fold.add(event)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert sum(1 for _ in fold.summary().lines()) == 8_000
    assert kept < 1_500_000


def _failed(each: Task, index: int, problem: Problem) -> StepEnded:
    return ended(each, 1.0, seconds=1.0, status=Status.FAILED, problem=problem, order=(0, index))
