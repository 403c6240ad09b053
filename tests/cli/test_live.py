"""The live display on a terminal: what is left of it at the end, and what stays above it."""

from support.screen import Terminal, shown
from support.stories import (
    film_plan,
    film_story,
    pictures_plan,
    pictures_story,
    voices_plan,
    voices_story,
    wide_plan,
    wide_story,
)

from aipipe.cli.live import LiveProgress
from aipipe.contracts.event import InterruptRequested, Noticed
from aipipe.planning.plan import Plan

SIZE = {"TERM": "xterm-256color", "COLUMNS": "100", "LINES": "24"}


def display(plan: Plan, stream: Terminal, *, coloured: bool = False) -> LiveProgress:
    return LiveProgress(plan, stream, coloured=coloured, environment=SIZE, clock=lambda: 6.2)


def test_a_run_without_failures_leaves_nothing_behind() -> None:
    plan, stream = voices_plan(), Terminal()

    with display(plan, stream) as progress:
        for event in voices_story(plan):
            progress.add(event)
            progress.refresh()

    assert "rachel" in stream.getvalue()
    assert shown(stream.getvalue()) == []


def test_failures_notices_and_an_interrupt_stay_above_the_block() -> None:
    plan, stream = pictures_plan(), Terminal()

    with display(plan, stream) as progress:
        progress.add(Noticed(at=0.0, level="warning", message="flux is slow today"))
        progress.refresh()
        for event in pictures_story(plan):
            progress.add(event)
        progress.refresh()
        progress.add(InterruptRequested(at=42.0, signal="SIGINT", running=2))

    assert shown(stream.getvalue()) == [
        "warning: flux is slow today",
        "✗ seedream  fal.server_error, gave up after 3 attempts",
        "^C 2 steps under way are asked to stop; nothing new starts; once more ends at once",
    ]


def test_while_it_runs_the_block_stands_below_what_was_told() -> None:
    plan, stream = film_plan(), Terminal()
    progress = display(plan, stream)
    progress._block.start()
    for event in film_story(plan):
        progress.add(event)

    progress.refresh()
    progress.refresh()

    rows = shown(stream.getvalue())
    progress._block.stop()
    assert rows[0] == "✗ hero  fal.moderated: the prompt was refused"
    assert rows[1].startswith("film  0/4  1 failed  3 skipped")
    assert len(rows) == 6


def test_very_many_failures_are_told_as_far_as_a_person_reads() -> None:
    plan, stream = wide_plan(), Terminal()

    with display(plan, stream) as progress:
        for event in wide_story(plan, workers=8, failing=1):
            progress.add(event)

    rows = shown(stream.getvalue())
    assert len(rows) == 51
    assert rows[-1] == "further failures are in run.json"


def test_without_colour_there_are_no_styles() -> None:
    plan, plain, coloured = voices_plan(), Terminal(), Terminal()

    for stream in (plain, coloured):
        with display(plan, stream, coloured=stream is coloured) as progress:
            for event in voices_story(plan):
                progress.add(event)
            progress.refresh()

    assert "m" not in "".join(
        part[:6] for part in plain.getvalue().split("\x1b[")[1:] if "m" in part[:3]
    )
    assert "\x1b[32m" in coloured.getvalue()


def test_a_terminal_without_unicode_gets_plain_signs() -> None:
    class Narrow(Terminal):
        encoding = "ascii"

    plan, stream = pictures_plan(), Narrow()

    with display(plan, stream) as progress:
        for event in pictures_story(plan):
            progress.add(event)
        progress.refresh()

    assert stream.getvalue().isascii()


def test_a_terminal_that_goes_away_does_not_end_the_run() -> None:
    class Gone(Terminal):
        def write(self, text: str) -> int:
            del text
            raise OSError(5, "Input/output error")

    plan = voices_plan()
    with display(plan, Gone()) as progress:
        for event in voices_story(plan):
            progress.add(event)


def test_before_the_process_ends_the_cursor_is_given_back() -> None:
    stream = Terminal()

    display(voices_plan(), stream).abort()

    assert stream.getvalue() == "\x1b[?25h\n"
