"""`aipipe runs forget`: runs whose texts and media are erased."""

import json as json_text
import os
from typing import TYPE_CHECKING, Annotated

import typer

from aipipe.cli import completion, flags
from aipipe.cli.screen import Screen, format_of, screen
from aipipe.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipipe.app.forgetting_runs import Forgettable, Forgotten

EXAMPLES = """\
aipipe runs forget 7k2m                    asks first
aipipe runs forget 7k2m 9c4f --yes"""

_FORMATS = ("table", "json")
_MEANING = (
    "their prompts, paths, results and media are erased, and never reused; what they cost stays "
    "counted; their output folders are yours, and stay"
)

Names = Annotated[
    list[str],
    typer.Argument(
        metavar="RUN", help="Names of runs, as runs list has them.", autocompletion=completion.runs
    ),
]
Yes = Annotated[
    bool, flags.option("-y", "--yes", help="Don't ask before forgetting.", panel=flags.CHOICE)
]


def command(
    *,
    names: Names,
    yes: Yes = False,
    form: Annotated[str, flags.format_of(*_FORMATS)] = "table",
    json: flags.Json = False,
    color: flags.Color = "auto",
    no_color: flags.NoColor = False,
) -> None:
    """Erase all that runs were about: prompts, paths, errors, results, media in the store.

    What they cost stays in the ledger and counts for caps. The output folders are left alone.
    """
    form = format_of(form, json=json, known=_FORMATS)
    on = screen(color=color, no_color=no_color)
    from aipipe.app.forgetting_runs import forget, forgettable  # noqa: PLC0415 (heavy)
    from aipipe.app.prepare import home  # noqa: PLC0415 (the same)

    place = home(os.environ)
    runs = forgettable(place, names)
    _agree(runs, on, yes=yes)
    _tell(forget(place, runs), form, on)


def _agree(runs: "Sequence[Forgettable]", on: Screen, *, yes: bool) -> None:
    from aipipe.cli import question  # noqa: PLC0415 (heavy: help goes without)
    from aipipe.cli.text import clean, count, wrapped  # noqa: PLC0415 (the same)

    if yes:
        return
    if not on.interactive:
        hints = (_MEANING, "to forget without being asked: --yes")
        raise UsageError("forgetting a run needs somebody who agrees", hints=hints)
    for each in runs:
        on.say(f"{each.run.id}   {clean(each.run.pipeline)}   {count(len(each.files), 'file')}")
    on.say(wrapped(_MEANING, on.err.columns))
    question.confirm(question.at_terminal, "Forget them?", effect="nothing was forgotten")


def _tell(gone: "Forgotten", form: str, on: Screen) -> None:
    from aipipe.cli.text import clean, count  # noqa: PLC0415 (heavy: help goes without)

    backups = [str(path) for path in gone.backups]
    if form == "json":
        told = {
            "schema_version": 1,
            "forgotten": list(gone.runs),
            "files": gone.files,
            "clean": gone.is_clean,
        }
        on.print(json_text.dumps({**told, "backups": backups}, indent=2))
        return
    on.print(f"forgot {count(len(gone.runs), 'run')}, removed {count(gone.files, 'file')}")
    if not gone.is_clean:
        on.note("another process has the ledger open; forget it again when that has ended")
    for path in backups:
        on.note(f"an older ledger may still hold their texts: {clean(path)}")
