"""`aipipe runs show`: one run in full."""

import json as json_text
import os
from typing import Annotated

import typer

from aipipe.cli import completion, flags
from aipipe.cli.csv_text import csv_text
from aipipe.cli.screen import format_of, screen

EXAMPLES = """\
aipipe runs show 7k2m
aipipe runs show 7k2m --json | jq .cost
aipipe runs show 7k2m --format csv > 7k2m.csv   a line for each call and each step"""

_FORMATS = ("table", "json", "csv")

Name = Annotated[
    str,
    typer.Argument(
        metavar="RUN", help="A run's name, as runs list has it.", autocompletion=completion.runs
    ),
]


def command(
    *,
    name: Name,
    form: Annotated[str, flags.format_of(*_FORMATS)] = "table",
    json: flags.Json = False,
    color: flags.Color = "auto",
    no_color: flags.NoColor = False,
) -> None:
    """Show a run in full: what it was, how it ended, what it cost, its calls and steps.

    Calls are those that can cost money, as the ledger has them. Steps are there for as long as
    the run's folder holds its run.json; a later run into the same folder writes its own.
    """
    form = format_of(form, json=json, known=_FORMATS)
    on = screen(color=color, no_color=no_color)
    from aipipe.app.prepare import home  # noqa: PLC0415 (heavy: help goes without)
    from aipipe.app.runs import past_run  # noqa: PLC0415 (the same)
    from aipipe.cli import runs_screen  # noqa: PLC0415 (the same)
    from aipipe.cli.commands.runs import data  # noqa: PLC0415 (the same)

    found = past_run(home(os.environ), name)
    match form:
        case "json":
            on.print(json_text.dumps(data.full_json(found), indent=2))
        case "csv":
            on.print(csv_text(data.full_csv(found)))
        case _:
            on.print(runs_screen.full(found, runs_screen.view(on.out)))
