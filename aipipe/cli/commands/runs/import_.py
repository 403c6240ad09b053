"""`aipipe runs import`: the runs and results of another machine's ledger."""

import json as json_text
import os
from typing import TYPE_CHECKING, Annotated

import typer

from aipipe.cli import flags
from aipipe.cli.screen import Screen, format_of, screen

if TYPE_CHECKING:
    from aipipe.app.importing import Imported

EXAMPLES = """\
aipipe runs import /mnt/laptop/aipipe      another machine's AIPIPE_HOME
aipipe runs import artifacts/.aipipe       what a CI job has kept"""

_FORMATS = ("table", "json")

Source = Annotated[
    str,
    typer.Argument(
        metavar="LEDGER", help="Another AIPIPE_HOME folder, or the ledger.sqlite3 in it."
    ),
]


def command(
    *,
    source: Source,
    form: Annotated[str, flags.format_of(*_FORMATS)] = "table",
    json: flags.Json = False,
    color: flags.Color = "auto",
    no_color: flags.NoColor = False,
) -> None:
    """Take over what was made on another machine: runs, what they cost, and their media.

    The same pipeline then reuses those results. The other ledger is only read; calls that are
    still open stay there. Runs that are here already are passed over.
    """
    form = format_of(form, json=json, known=_FORMATS)
    on = screen(color=color, no_color=no_color)
    from aipipe.app.importing import bring_in  # noqa: PLC0415 (heavy: help goes without)
    from aipipe.app.prepare import home  # noqa: PLC0415 (the same)

    _tell(bring_in(home(os.environ), source), form, on)


def _tell(found: "Imported", form: str, on: Screen) -> None:
    from aipipe.cli.text import count  # noqa: PLC0415 (heavy: help goes without)
    from aipipe.running.amounts import usd, written  # noqa: PLC0415 (the same)

    cost = written(usd(found.billed))
    if form == "json":
        told = {
            "schema_version": 1,
            "runs": found.runs,
            "known": found.known,
            "results": found.results,
            "billed": cost,
            "left_open": found.left_open,
            "files": found.files,
            "missing": found.missing,
        }
        on.print(json_text.dumps(told, indent=2))
        return
    known = f", {found.known:,} known already" if found.known else ""
    results = count(found.results, "paid result")
    on.print(f"imported {count(found.runs, 'run')} with {results}, which had cost ${cost}{known}")
    if found.left_open:
        calls = count(found.left_open, "call")
        on.note(f"{calls} had not ended and stay there: run the same command on that machine")
    if found.missing:
        on.note(f"{count(found.missing, 'file')} missing or damaged in the other store")
