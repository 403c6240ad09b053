"""Progress as lines, for logs."""

import io
from pathlib import Path

from support.golden import golden
from support.stories import (
    batch_plan,
    batch_story,
    began,
    film_plan,
    film_story,
    local_plan,
    local_story,
    moved,
    pictures_plan,
    pictures_story,
    voices_plan,
    voices_story,
    waits,
    wide_plan,
    wide_story,
)

from aipipe.cli.plain import PlainProgress
from aipipe.cli.plain_quiet import QuietProgress
from aipipe.contracts.event import InterruptRequested, Noticed, RunEvent
from aipipe.planning.plan import Plan

GOLDEN = Path(__file__).parent / "golden" / "plain"


def told(plan: Plan, story: list[RunEvent], *, verbose: bool = False) -> str:
    """What is written with a tick every second."""
    stream = io.StringIO()
    progress = PlainProgress(plan, stream, verbose=verbose)
    now = 1.0
    for event in story:
        while now <= event.at:
            progress.tick(now)
            now += 1.0
        progress.add(event)
    return stream.getvalue()


def test_a_run_with_a_failure_is_told_as_drawn() -> None:
    plan = pictures_plan()

    golden(GOLDEN / "pictures.txt", told(plan, pictures_story(plan)))


def test_a_free_run_tells_no_money_after_its_plan() -> None:
    plan = local_plan(mock=True)

    golden(GOLDEN / "mock.txt", told(plan, local_story(plan)))


def test_what_is_skipped_says_why() -> None:
    plan = film_plan()

    golden(GOLDEN / "film.txt", told(plan, film_story(plan)))


def test_of_many_tasks_only_failures_and_heartbeats_are_told() -> None:
    plan = wide_plan()

    found = told(plan, list(wide_story(plan, workers=8)))

    words = [line.split()[1] for line in found.splitlines()]
    assert {word: words.count(word) for word in words} == {"plan": 2, "failed": 42, "status": 1}
    assert "0:30 status  " in found


def test_verbose_tells_all_of_many_tasks() -> None:
    plan = wide_plan(60)

    found = told(plan, list(wide_story(plan, workers=8)), verbose=True)

    assert found.count(" start ") == 60


def test_of_an_unknown_number_of_tasks_the_first_are_told() -> None:
    plan = batch_plan(100, known=False)

    found = told(plan, [e for e in batch_story(plan, 100) if not hasattr(e, "items")])

    assert found.count(" start ") == 50


def queue_story(plan: Plan) -> list[RunEvent]:
    _, _, seedream = plan.tasks
    places = [waits(seedream, at, place) for at, place in ((1.0, 4), (2.0, 4), (3.0, 2))]
    return [began(seedream, 0.0), *places, moved(seedream, 5.0, "generating")]


def test_a_job_in_its_providers_queue_is_told_when_it_enters_it() -> None:
    plan = pictures_plan()

    found = told(plan, queue_story(plan)).splitlines()

    assert found[1:] == ["0:01 queued  parallel_group_1.3 seedream, place 4 at fal"]


def test_verbose_tells_each_place_in_a_queue() -> None:
    plan = pictures_plan()

    found = told(plan, queue_story(plan), verbose=True).splitlines()

    assert [line.split(", ")[1] for line in found[1:]] == ["place 4 at fal", "place 2 at fal"]


def test_the_heartbeat_comes_every_30_seconds_once() -> None:
    plan, stream = voices_plan(), io.StringIO()
    progress = PlainProgress(plan, stream)

    for now in (29.9, 30.0, 31.0, 59.0, 61.0, 200.0, 201.0):
        progress.tick(now)

    assert [line.split()[0] for line in stream.getvalue().splitlines()] == ["0:30", "1:01", "3:20"]


def test_notices_and_an_interrupt_are_told() -> None:
    plan = voices_plan()
    story: list[RunEvent] = [
        Noticed(at=0.0, level="warning", message="a.yaml:6:16 'imagen4'\nshut down"),
        Noticed(at=0.0, level="note", message="bella is now sarah"),
        InterruptRequested(at=7.0, signal="SIGTERM", running=2),
    ]

    assert told(plan, story) == (
        "0:00 warn    a.yaml:6:16 'imagen4' shut down\n"
        "0:00 note    bella is now sarah\n"
        "0:07 stop    SIGTERM: 2 steps under way are asked to stop; nothing new starts;"
        " once more ends at once\n"
    )


def test_a_reader_that_goes_away_does_not_end_the_run() -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            del text
            raise BrokenPipeError

    plan = voices_plan()
    progress = PlainProgress(plan, Gone())

    for event in voices_story(plan):
        progress.add(event)


def test_what_an_encoding_lacks_is_written_as_near_as_can_be() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    progress = PlainProgress(voices_plan(), stream)

    progress.add(Noticed(at=0.0, level="note", message="2 \u00d7 3 \u2014 voil\u00e0\u2026"))

    assert raw.getvalue() == b"0:00 note    2 x 3 - voil?~\n"


def test_quiet_tells_nothing_but_failures() -> None:
    plan, stream = pictures_plan(), io.StringIO()
    progress = QuietProgress(stream)

    for event in pictures_story(plan):
        progress.add(event)
        progress.tick(event.at)

    assert stream.getvalue() == (
        "error: parallel_group_1.3 seedream: fal.server_error, gave up after 3 attempts\n"
    )
