"""Open calls brought home, shown as it goes: what is said meanwhile, and what Ctrl-C does."""

import json
import signal

from aipipe.app.fetching_jobs import Asked, calls_of, exit_code, fetch
from aipipe.app.job_rounds import Halt
from aipipe.app.job_visits import Brought
from aipipe.cli import interrupts, jobs_screen
from aipipe.cli.commands.jobs import data
from aipipe.cli.csv_text import csv_text
from aipipe.cli.screen import Screen
from aipipe.cli.text import count
from aipipe.contracts.registry import Registry

_SIGNALLED = 128
"""What a shell adds to the number of the signal that ended a process."""


def perform(asked: Asked, registry: Registry, form: str, on: Screen) -> int:
    """The exit code of bringing them home.

    Raises:
        AipipeError: nothing was asked for.
    """
    halt = Halt()
    signals: list[str] = []

    def stop(name: str) -> None:
        signals.append(name)
        halt.ask()

    def tell(brought: Brought) -> None:
        if asked.waits:
            on.note(jobs_screen.told(brought))

    calls = calls_of(asked, registry)
    if asked.waits and calls:
        words = count(len(calls), "call")
        on.note(f"waiting for {words}; Ctrl-C ends the waiting, and the jobs go on")
    with interrupts.listening(stop, _nothing):
        found = fetch(asked, calls, registry, tell, halt)
    code = int(exit_code(found))
    if signals:
        code = _SIGNALLED + getattr(signal, signals[0])
    _show(found, form, code, on)
    return code


def _show(found: tuple[Brought, ...], form: str, code: int, on: Screen) -> None:
    match form:
        case "json":
            on.print(json.dumps(data.brought(found, code), indent=2))
        case "csv":
            on.print(csv_text([data.BROUGHT_CSV, *map(data.brought_row, found)]))
        case _ if not found:
            on.note("no call is open")
        case _:
            parts = (
                jobs_screen.brought(found, on.out),
                jobs_screen.problems(found, on.out),
                jobs_screen.sums(found, code),
            )
            on.print("\n\n".join(part for part in parts if part))


def _nothing() -> None:
    """Nothing is drawn that would have to go."""
