"""The end of a run, to the letter."""

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.golden import golden
from support.stories import (
    HTTP_500,
    batch_plan,
    batch_story,
    began,
    ended,
    film_plan,
    film_story,
    local_plan,
    local_story,
    pictures_plan,
    pictures_story,
    summary_of,
    voices_plan,
    voices_story,
    wide_plan,
    wide_story,
)

from aipipe.cli import tables_formats
from aipipe.cli.diagnostics import Look
from aipipe.cli.paint import coloured
from aipipe.cli.tables_closing import end
from aipipe.cli.tables_grid import Cell, Column, drawn
from aipipe.cli.text import width
from aipipe.contracts.event import InterruptRequested, RunEnded, RunEvent, RunStatus
from aipipe.contracts.outcome import Problem
from aipipe.contracts.status import Status
from aipipe.running.summary import Summary

GOLDEN = Path(__file__).parent / "golden" / "end"
PLAIN = Look()


def voices() -> Summary:
    plan = voices_plan()
    return summary_of(plan, voices_story(plan))


def pictures() -> Summary:
    plan = pictures_plan()
    return summary_of(plan, pictures_story(plan))


def wide() -> Summary:
    plan = wide_plan()
    return summary_of(plan, wide_story(plan, workers=8))


def film() -> Summary:
    plan = film_plan()
    return summary_of(plan, film_story(plan))


def batch() -> Summary:
    plan = batch_plan()
    return summary_of(plan, batch_story(plan))


def items() -> Summary:
    plan = batch_plan(5, known=False)
    return summary_of(plan, batch_story(plan, 5))


def local() -> Summary:
    plan = local_plan(mock=False)
    return summary_of(plan, local_story(plan))


def mock() -> Summary:
    plan = local_plan(mock=True)
    return summary_of(plan, local_story(plan))


def interrupted() -> Summary:
    plan = voices_plan()
    rachel, drew, bella = plan.tasks
    stopped = Problem(code="cancelled", message="stopped before it finished")
    story: list[RunEvent] = [
        began(rachel, 0.0, order=(0, 0)),
        began(drew, 0.0, order=(0, 1)),
        ended(rachel, 5.0, seconds=5.0, billed="0.1", output="voice_rachel.mp3", order=(0, 0)),
        InterruptRequested(at=6.0, signal="SIGINT", running=1),
        *(
            ended(
                each,
                6.0,
                seconds=0.0,
                status=Status.CANCELLED,
                problem=stopped,
                attempts=0,
                order=(0, index),
            )
            for index, each in ((1, drew), (2, bella))
        ),
        RunEnded(
            at=6.1,
            run="3hd8",
            status=RunStatus.INTERRUPTED,
            exit_code=130,
            seconds=6.1,
            billed=100_000_000,
        ),
    ]
    return summary_of(plan, story)


def dearer(branches: int) -> Summary:
    """Each step was billed a fifth more than estimated."""
    plan = wide_plan(branches)
    story = [
        ended(each, 1.0, seconds=1.0, billed="0.030", order=(0, index))
        for index, each in enumerate(plan.tasks)
    ]
    last = RunEnded(
        at=1.0,
        run="d1ff",
        status=RunStatus.DONE,
        exit_code=0,
        seconds=1.0,
        billed=branches * 30_000_000,
    )
    return summary_of(plan, [*story, last])


def differs() -> Summary:
    return dearer(7)


def differs_long() -> Summary:
    return dearer(30)


def errors() -> Summary:
    """Different messages of one code, an ignored failure, an unconfirmed call."""
    plan = wide_plan(4)
    problems = (
        (Status.FAILED, Problem(code="fal.rejected", message="width is 4000", hint="make it less")),
        (Status.FAILED, Problem(code="fal.rejected", message="seed is -1", hint="leave it out")),
        (Status.UNCONFIRMED, Problem(code="no_answer", message="no answer in 60 s")),
        (Status.FAILED, HTTP_500),
    )
    story = [
        ended(
            each,
            1.0,
            seconds=1.0,
            status=status,
            problem=problem,
            order=(0, index),
            ignored=problem is HTTP_500,
            billed="0.01" if index == 1 else "0",
            billed_known=index != 1,
        )
        for index, (each, (status, problem)) in enumerate(zip(plan.tasks, problems, strict=True))
    ]
    last = RunEnded(
        at=1.0,
        run="e44s",
        status=RunStatus.UNCONFIRMED,
        exit_code=4,
        seconds=1.0,
        billed=10_000_000,
    )
    return summary_of(plan, [*story, last])


ENDS: tuple[Callable[[], Summary], ...] = (
    voices,
    pictures,
    wide,
    film,
    batch,
    items,
    local,
    mock,
    interrupted,
    errors,
    differs,
    differs_long,
)


@pytest.mark.parametrize("run", ENDS)
def test_without_a_terminal_the_end_of_a_run_is_whole(run: Callable[[], Summary]) -> None:
    summary = run()

    text = end(
        summary, PLAIN, folder=f"output/{summary.pipeline}", go_on=f"aipipe run {summary.file}"
    )

    golden(GOLDEN / f"{run.__name__}.txt", text + "\n")
    assert text == "\n".join(line.rstrip() for line in text.splitlines())


@pytest.mark.parametrize("columns", [100, 80, 60, 40])
def test_on_a_narrow_terminal_the_least_important_columns_give_way(columns: int) -> None:
    text = end(pictures(), Look(columns=columns), folder="output/x")

    golden(GOLDEN / f"pictures_{columns}.txt", text + "\n")
    table, *_ = text.split("\n\n")
    assert all(width(line) <= columns for line in table.splitlines())


def test_colour_changes_no_letter() -> None:
    text = end(pictures(), Look(paint=coloured), folder="output/x", go_on="aipipe run x.yaml")

    golden(GOLDEN / "pictures_coloured.txt", text + "\n")


def test_what_a_file_says_cannot_steer_the_terminal() -> None:
    plan = wide_plan(1)
    (only,) = plan.tasks
    evil = Problem(code="x\x1b[2J", message="a\nb\x1b]0;title\x07", hint="\x9b31m")
    failed = ended(
        only, 1, seconds=1, status=Status.FAILED, problem=evil, order=(0, 0), label="\x1b[1mlabel\r"
    )

    text = end(summary_of(plan, [failed]), PLAIN, folder="out\x1bput", go_on="a\x1b")

    assert not set(text) & {"\x1b", "\x9b", "\x07", "\r"}


def test_the_command_to_go_on_is_told_only_where_something_is_left() -> None:
    assert "go on" not in end(voices(), PLAIN, folder="x", go_on="aipipe run x.yaml")
    assert "go on" in end(pictures(), PLAIN, folder="x", go_on="aipipe run x.yaml")


def test_jobs_that_go_on_are_told_with_the_time_to_fetch_them() -> None:
    plan = voices_plan()
    left = Problem(code="left", message="interrupted; job 7 goes on at elevenlabs")
    story: list[RunEvent] = [
        *(began(each, 0.0, order=(0, n)) for n, each in enumerate(plan.tasks)),
        *(
            ended(each, 6.0, seconds=6.0, status=Status.CANCELLED, problem=left, order=(0, n))
            for n, each in enumerate(plan.tasks)
        ),
        RunEnded(
            at=6.1, run="3hd8", status=RunStatus.INTERRUPTED, exit_code=130, seconds=6.1, billed=0
        ),
    ]

    shown = end(summary_of(plan, story), PLAIN, folder="x", keeps={"elevenlabs": "7 days"})

    golden(GOLDEN / "left.txt", shown + "\n")


def test_what_an_interrupt_kept_from_starting_is_counted() -> None:
    stopped = end(interrupted(), PLAIN, folder="x", planned=10)
    whole = end(pictures(), PLAIN, folder="x", planned=10)

    assert "\n1 done, 2 cancelled, 7 not started in 6.1s · run 3hd8 interrupted" in stopped
    assert "not started" not in whole


# --- grids

COLUMNS = (
    Column(least=6),
    Column(gives=1),
    Column(right=True, gives=2),
    Column(),
    Column(gives=3, least=4),
)
TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Mn", "Zl")), max_size=20
)


@given(
    st.lists(st.lists(TEXT, min_size=5, max_size=5), min_size=1, max_size=4), st.integers(25, 120)
)
def test_no_line_of_a_grid_is_wider_than_the_terminal(
    lines: Sequence[Sequence[str]], columns: int
) -> None:
    cells = [[Cell(text) for text in line] for line in lines]

    text = drawn(COLUMNS, cells, Look(columns=columns))

    assert all(width(line) <= columns for line in text)


@given(st.lists(st.lists(TEXT, min_size=5, max_size=5), min_size=1, max_size=4))
def test_without_a_terminal_a_grid_holds_every_text_whole(lines: Sequence[Sequence[str]]) -> None:
    text = drawn(COLUMNS, [[Cell(text) for text in line] for line in lines], PLAIN)

    assert all(cell in line for cells, line in zip(lines, text, strict=True) for cell in cells)


# --- formats


def test_csv_has_one_row_a_step() -> None:
    text = "".join(tables_formats.as_csv(pictures()))

    golden(GOLDEN / "pictures.csv", text)
    found = list(csv.DictReader(io.StringIO(text)))
    assert [row["status"] for row in found] == ["done", "done", "failed"]


def test_csv_of_what_is_unknown_is_empty() -> None:
    found = list(csv.DictReader(io.StringIO("".join(tables_formats.as_csv(film())))))

    assert [row["estimated"] for row in found] == ["0.080", "0.270", "", "0.000"]


def test_paths_are_one_published_file_a_line_in_the_order_written() -> None:
    found = list(tables_formats.as_paths(items(), "out/"))

    assert found[:3] == ["out/picture-row1.png\n", "out/clip-row1.mp4\n", "out/picture-row2.png\n"]
    assert len(found) == 10


@pytest.mark.parametrize("run", [pictures, wide, mock, differs])
def test_the_job_summary_is_markdown(run: Callable[[], Summary]) -> None:
    text = "".join(tables_formats.as_markdown(run(), folder="output/x"))

    golden(GOLDEN / f"{run.__name__}.md", text)


def test_a_job_summary_stays_small_however_many_steps_there_are() -> None:
    text = "".join(tables_formats.as_markdown(batch(), folder="output/x"))

    assert len(text) < 2_000
