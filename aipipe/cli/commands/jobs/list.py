"""`aipipe jobs list`: calls that are still open or unconfirmed."""

import json as json_text
import os
from typing import Annotated

import typer

from aipipe.cli import flags
from aipipe.cli.csv_text import csv_text
from aipipe.cli.screen import format_of, screen

EXAMPLES = """\
aipipe jobs list
aipipe jobs list --unconfirmed             those that may have been paid for
aipipe jobs list --json | jq -r '.calls[] | select(.state == "made") | .call'"""

_FORMATS = ("table", "json", "csv")

Unconfirmed = Annotated[
    bool,
    typer.Option(  # without a variable: AIPIPE_UNCONFIRMED tells runs what to do
        "--unconfirmed",
        help="Those that may have been paid for, and nobody knows.",
        rich_help_panel=flags.CHOICE,
        show_default=False,
    ),
]


def command(
    *,
    unconfirmed: Unconfirmed = False,
    form: Annotated[str, flags.format_of(*_FORMATS)] = "table",
    json: flags.Json = False,
    color: flags.Color = "auto",
    no_color: flags.NoColor = False,
) -> None:
    """List paid calls that began and did not end, the oldest first.

    'going on': the provider has a job for it. 'made': its result waits there. 'answer here': it
    waits on this machine. 'unconfirmed': it was sent, or was about to be, and no answer came.
    'held' is what a call may still cost.
    """
    form = format_of(form, json=json, known=_FORMATS)
    on = screen(color=color, no_color=no_color)
    from aipipe.app.discover import registry  # noqa: PLC0415 (heavy: help goes without)
    from aipipe.app.jobs import Standing, open_jobs  # noqa: PLC0415 (the same)
    from aipipe.app.prepare import home  # noqa: PLC0415 (the same)
    from aipipe.cli import jobs_screen  # noqa: PLC0415 (the same)
    from aipipe.cli.commands.jobs import data  # noqa: PLC0415 (the same)
    from aipipe.cli.runs_screen import view  # noqa: PLC0415 (the same)

    found = open_jobs(home(os.environ), registry())
    if unconfirmed:
        found = tuple(job for job in found if job.standing is Standing.UNCONFIRMED)
    match form:
        case "json":
            on.print(json_text.dumps(data.listed(found), indent=2))
        case "csv":
            on.print(csv_text([data.CSV, *map(data.csv_row, found)]))
        case _ if not found:
            on.note("no call is unconfirmed" if unconfirmed else "no call is open")
        case _:
            on.print(jobs_screen.render(found, view(on.out)))
            on.print("\n" + jobs_screen.closing(found, on.out))
