"""`aipipe runs list`: past runs, the newest first."""

import json as json_text
import os
from typing import Annotated

from aipipe.cli import flags, options
from aipipe.cli.csv_text import csv_text
from aipipe.cli.screen import format_of, screen

EXAMPLES = """\
aipipe runs list
aipipe runs list --limit 100
aipipe runs list --json | jq -r '.[] | select(.status == "killed") | .run'"""

_FORMATS = ("table", "json", "csv")
_LIMIT = 20

Limit = Annotated[
    str | None,
    flags.option(
        "--limit", metavar="N", help=f"The newest so many ({_LIMIT}).", panel=flags.CHOICE
    ),
]


def command(
    *,
    limit: Limit = None,
    form: Annotated[str, flags.format_of(*_FORMATS)] = "table",
    json: flags.Json = False,
    color: flags.Color = "auto",
    no_color: flags.NoColor = False,
) -> None:
    """List past runs, the newest first: status, steps, cost, folder.

    'going on': a process carries it out now. 'killed': its process ended before the run did.
    """
    form = format_of(form, json=json, known=_FORMATS)
    most = options.whole("--limit", limit) or _LIMIT
    on = screen(color=color, no_color=no_color)
    from aipipe.app.prepare import home  # noqa: PLC0415 (heavy: help goes without)
    from aipipe.app.runs import past_runs  # noqa: PLC0415 (the same)
    from aipipe.cli import runs_screen  # noqa: PLC0415 (the same)
    from aipipe.cli.commands.runs import data  # noqa: PLC0415 (the same)

    more = past_runs(home(os.environ), limit=most + 1)
    found = more[:most]
    match form:
        case "json":
            on.print(json_text.dumps([data.as_json(run) for run in found], indent=2))
        case "csv":
            on.print(csv_text([data.CSV, *map(data.csv_row, found)]))
        case _ if not found:
            on.note("no runs yet; the first one:  aipipe run PIPELINE")
        case _:
            on.print(runs_screen.render(found, runs_screen.view(on.out)))
    if form == "table" and len(more) > most:
        on.note(f"the newest {most:,}; more of them:  --limit {most * 5}")
