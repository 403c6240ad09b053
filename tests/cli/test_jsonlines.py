"""Progress for programs."""

import io
import json
from pathlib import Path
from typing import get_args

import pytest
from support.golden import golden
from support.stories import moved, pictures_plan, pictures_story, voices_plan, waits

from aipipe.cli.jsonlines import JsonProgress, line
from aipipe.contracts.event import BatchExpanded, InterruptRequested, Noticed, RunEvent

GOLDEN = Path(__file__).parent / "golden" / "plain"


def test_every_event_is_one_object_a_line() -> None:
    plan, stream = pictures_plan(), io.StringIO()
    progress = JsonProgress(stream)

    for event in pictures_story(plan):
        progress.add(event)

    golden(GOLDEN / "pictures.jsonl", stream.getvalue())
    found = [json.loads(each) for each in stream.getvalue().splitlines()]
    assert all(each["v"] == 1 for each in found)


def test_news_of_a_running_task_come_at_most_once_a_second_and_phase() -> None:
    plan, stream = voices_plan(), io.StringIO()
    rachel, drew, _ = plan.tasks
    progress = JsonProgress(stream)

    for tenth in range(25):
        progress.add(moved(rachel, tenth / 10, "generating", tenth / 25))
    progress.add(moved(drew, 2.45, "generating"))
    progress.add(moved(rachel, 2.5, "downloading"))

    found = [json.loads(each) for each in stream.getvalue().splitlines()]
    assert [(each["at"], each["phase"]) for each in found] == [
        (0.0, "generating"),
        (1.0, "generating"),
        (2.0, "generating"),
        (2.45, "generating"),
        (2.5, "downloading"),
    ]


def test_a_place_in_a_providers_queue_is_told() -> None:
    _, _, seedream = pictures_plan().tasks

    found = json.loads(line(waits(seedream, 1.0, 4)))

    assert (found["phase"], found["queue_position"]) == ("queued", 4)


@pytest.mark.parametrize(
    ("event", "name"),
    [
        (BatchExpanded(at=0, task="a", template=1, items=2), "batch_expanded"),
        (Noticed(at=0, level="note", message="x"), "noticed"),
        (InterruptRequested(at=0, signal="SIGINT", running=1), "interrupt_requested"),
    ],
)
def test_an_event_is_called_by_what_happened(event: RunEvent, name: str) -> None:
    assert json.loads(line(event))["event"] == name
    assert type(event) in get_args(RunEvent)
