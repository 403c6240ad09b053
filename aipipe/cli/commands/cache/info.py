"""`aipipe cache info`: what the store holds."""

import json as json_text
import os
import time
from typing import Annotated

from aipipe.cli import flags
from aipipe.cli.csv_text import csv_text
from aipipe.cli.screen import format_of, screen

EXAMPLES = """\
aipipe cache info
aipipe cache info --json | jq .bytes
aipipe cache info --format csv             a line for each medium"""

_FORMATS = ("table", "json", "csv")


def command(
    *,
    form: Annotated[str, flags.format_of(*_FORMATS)] = "table",
    json: flags.Json = False,
    color: flags.Color = "auto",
    no_color: flags.NoColor = False,
) -> None:
    """Show what the store holds: files, bytes, what was paid for them, what lies unused.

    Raw answers are what providers sent for calls that are still open; they lie beside the store.
    """
    form = format_of(form, json=json, known=_FORMATS)
    on = screen(color=color, no_color=no_color)
    from aipipe.app.cache import info  # noqa: PLC0415 (heavy: help goes without)
    from aipipe.app.prepare import home  # noqa: PLC0415 (the same)
    from aipipe.cli import cache_screen  # noqa: PLC0415 (the same)
    from aipipe.cli.commands.cache import data  # noqa: PLC0415 (the same)

    found = info(home(os.environ), now=time.time())
    match form:
        case "json":
            on.print(json_text.dumps(data.info_json(found), indent=2))
        case "csv":
            on.print(csv_text(data.info_csv(found)))
        case _:
            on.print(cache_screen.holds(found, on.out))
