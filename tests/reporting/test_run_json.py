"""run.json: one whole object, cheap to keep up to date, never half a file."""

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from support.stories import (
    batch_plan,
    batch_story,
    began,
    ended,
    film_plan,
    film_story,
    pictures_plan,
    pictures_story,
    published,
    summary_of,
    voices_plan,
    voices_story,
    wide_plan,
    wide_story,
)

from aipipe.contracts.event import RunEvent
from aipipe.reporting.run_json import RunJson, chunks, published_files, write
from aipipe.running.summary import Summary, SummaryFold


def read(summary: Summary) -> dict[str, object]:
    found = json.loads("".join(chunks(summary)))
    assert isinstance(found, dict)
    return found


def test_the_object_tells_the_run_its_steps_and_its_money() -> None:
    plan = pictures_plan()

    found = read(summary_of(plan, pictures_story(plan)))

    steps = found.pop("steps")
    assert isinstance(steps, list)
    assert found == {
        "schema_version": 1,
        "run": "9c4f",
        "pipeline": "multi_model_image_comparison",
        "file": "multi_model_image_comparison.yaml",
        "mock": False,
        "status": "failed",
        "exit_code": 1,
        "seconds": 41.9,
        "counts": {"done": 2, "failed": 1, "running": 0},
        "cost": {
            "estimated": {"low": "0.145", "likely": "0.145", "at_most": "0.145"},
            "billed": "0.105",
            "saved": "0.000",
        },
        "waiting": [],
        "outputs": [],
        "earlier": [],
    }
    assert steps[0] == {
        "id": "parallel_group_1.1",
        "key": None,
        "label": "imagen4",
        "type": "text_to_image",
        "model": "nano_banana_2",
        "provider": "fal",
        "status": "done",
        "attempts": 1,
        "reused": False,
        "seconds": 14.2,
        "cost": {"estimated": "0.080", "billed": "0.080", "computed": False},
        "outputs": [
            {
                "path": "imagen4_result.png",
                "media": "image",
                "sha256": published("imagen4_result.png").sha256,
                "bytes": 1234,
            }
        ],
        "ignored": False,
        "error": None,
    }
    assert steps[2]["error"] == {
        "code": "fal.server_error",
        "message": "HTTP 500 three times",
        "hint": "run again (only this one, $0.040), or add  fallback: seedream_4",
    }


def test_the_files_of_the_last_step_are_listed_in_the_order_written() -> None:
    plan = voices_plan()

    found = read(summary_of(plan, voices_story(plan)))

    assert found["outputs"] == [
        {"path": name, "media": "image", "sha256": published(name).sha256, "bytes": 1234}
        for name in ("voice_rachel.mp3", "voice_drew.mp3", "voice_bella.mp3")
    ]


def test_what_is_unknown_is_null() -> None:
    plan = film_plan()

    found = read(summary_of(plan, film_story(plan)))

    assert found["cost"] == {
        "estimated": {"low": None, "likely": None, "at_most": None},
        "billed": "0.000",
        "saved": "0.000",
    }
    steps = found["steps"]
    assert isinstance(steps, list)
    assert [step["cost"]["estimated"] for step in steps] == ["0.080", "0.270", None, "0.000"]


def test_while_it_runs_the_steps_that_have_begun_are_running() -> None:
    plan = voices_plan()
    rachel, drew, _ = plan.tasks
    story: list[RunEvent] = [
        ended(rachel, 2.0, seconds=2.0, order=(0, 0)),
        began(drew, 0.0, order=(0, 1)),
    ]

    found = read(summary_of(plan, story))

    steps = found["steps"]
    assert isinstance(steps, list)
    assert (found["status"], found["exit_code"]) == ("running", None)
    assert [(step["label"], step["status"]) for step in steps] == [
        ("rachel", "done"),
        ("drew", "running"),
    ]


def test_a_run_without_steps_is_an_object_too() -> None:
    found = read(summary_of(voices_plan(), []))

    assert (found["steps"], found["outputs"]) == ([], [])


def test_the_file_is_whole_or_the_older_one_stands(tmp_path: Path) -> None:
    plan = voices_plan()
    write(summary_of(plan, voices_story(plan)), tmp_path)
    before = (tmp_path / "run.json").read_text(encoding="utf-8")
    broken = summary_of(plan, [])
    object.__setattr__(broken, "lines", _failing)

    with pytest.raises(OSError, match="disk"):
        write(broken, tmp_path)

    assert (tmp_path / "run.json").read_text(encoding="utf-8") == before
    assert [path.name for path in tmp_path.iterdir()] == ["run.json"]


def _failing() -> Iterator[str]:
    yield "{}"
    raise OSError("the disk is full")


def test_at_the_end_of_a_run_the_file_tells_all(tmp_path: Path) -> None:
    plan = pictures_plan()
    fold = SummaryFold(plan)
    report = RunJson(fold, tmp_path / "new" / "folder", clock=lambda: 0.0)

    for event in pictures_story(plan):
        fold.add(event)
        report.add(event)

    assert json.loads((tmp_path / "new/folder/run.json").read_bytes()) == read(fold.summary())
    assert report.trouble is None


def test_rewriting_takes_at_most_a_twentieth_of_the_runs_time(tmp_path: Path) -> None:
    plan = wide_plan(400)
    fold = SummaryFold(plan)
    ticks, looks = count(), []

    def clock() -> float:
        """Every look at the clock takes a second, so that every rewriting does."""
        looks.append(next(ticks))
        return float(looks[-1])

    report = RunJson(fold, tmp_path, clock=clock)
    written = 0
    for event in list(wide_story(plan, workers=8))[:-1]:
        fold.add(event)
        before = len(looks)
        report.add(event)
        written += len(looks) - before > 1

    assert written > 3
    assert written <= 0.05 * looks[-1]


def test_a_file_that_cannot_be_written_is_told_and_does_not_end_the_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    plan = voices_plan()
    fold = SummaryFold(plan)
    report = RunJson(fold, tmp_path / "file", clock=lambda: 0.0)

    for event in voices_story(plan):
        fold.add(event)
        report.add(event)

    assert isinstance(report.trouble, FileExistsError)


def test_published_files_are_read_from_what_was_written(tmp_path: Path) -> None:
    plan = batch_plan(3)
    write(summary_of(plan, batch_story(plan, 3), kept=2), tmp_path)

    found = published_files(tmp_path)

    names = [f"{kind}-row{n}.{end}" for n in (1, 2, 3) for kind, end in _KINDS]
    assert found == tuple((name, published(name).sha256) for name in names)


_KINDS = (("picture", "png"), ("clip", "mp4"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "3",
        '{"steps": 3}',
        '{"steps": [1, {"outputs": {}}, {"outputs": [null, {"path": 1, "sha256": "x"}]}]}',
        "\ud800".encode("utf-16", "surrogatepass").decode("latin-1"),
        "[" * 100_000,
    ],
)
def test_a_damaged_file_has_published_nothing(text: str, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_bytes(text.encode("latin-1"))

    assert published_files(tmp_path) == ()


def test_no_file_has_published_nothing(tmp_path: Path) -> None:
    assert published_files(tmp_path / "nowhere") == ()
