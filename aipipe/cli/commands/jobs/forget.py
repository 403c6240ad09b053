"""`aipipe jobs forget`: open calls that are given up."""

import json as json_text
import os
from typing import Annotated

import typer

from aipipe.cli import completion, flags
from aipipe.cli.screen import format_of, screen

EXAMPLES = """\
aipipe jobs forget 7                       asks first
aipipe jobs forget 7 9 --yes"""

_FORMATS = ("table", "json")

Calls = Annotated[
    list[str],
    typer.Argument(
        metavar="CALL",
        help="Numbers of calls, as jobs list has them.",
        autocompletion=completion.jobs,
    ),
]
Yes = Annotated[
    bool, flags.option("-y", "--yes", help="Don't ask before forgetting.", panel=flags.CHOICE)
]


def command(
    *,
    calls: Calls,
    yes: Yes = False,
    form: Annotated[str, flags.format_of(*_FORMATS)] = "table",
    json: flags.Json = False,
    color: flags.Color = "auto",
    no_color: flags.NoColor = False,
    quiet: flags.Quiet = False,
) -> None:
    """Give open calls up: they are never asked for or fetched again.

    What each may have cost stays held, and counts for the caps; nothing is cancelled at the
    provider. The same step may then be sent, and paid for, again.
    """
    form = format_of(form, json=json, known=_FORMATS)
    on = screen(color=color, no_color=no_color, quiet=quiet)
    from aipipe.app.discover import registry  # noqa: PLC0415 (heavy: help goes without)
    from aipipe.app.forgetting_jobs import forget, forgettable  # noqa: PLC0415 (the same)
    from aipipe.app.prepare import home  # noqa: PLC0415 (the same)
    from aipipe.cli import forgetting, jobs_screen  # noqa: PLC0415 (the same)
    from aipipe.cli.commands.jobs import data  # noqa: PLC0415 (the same)

    place = home(os.environ)
    jobs = forgettable(place, data.numbers(calls), registry())
    forgetting.agree(jobs, on, yes=yes)
    gone = forget(place, jobs)
    if form == "json":
        on.print(json_text.dumps(data.forgotten(gone), indent=2))
    else:
        on.print(jobs_screen.forgotten(gone))
