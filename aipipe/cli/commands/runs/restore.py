"""`aipipe runs restore`: the files of a past run, brought back."""

import json as json_text
import os
from typing import TYPE_CHECKING, Annotated

import typer

from aipipe.cli import completion, flags
from aipipe.cli.screen import Screen, format_of, screen
from aipipe.errors import ExitCode

if TYPE_CHECKING:
    from aipipe.app.restoring import Restored

EXAMPLES = """\
aipipe runs restore 7k2m                   into the folder that it wrote
aipipe runs restore 7k2m -o before/        elsewhere, to compare"""

_FORMATS = ("table", "json", "paths")

Name = Annotated[
    str,
    typer.Argument(
        metavar="RUN", help="A run's name, as runs list has it.", autocompletion=completion.runs
    ),
]
Folder = Annotated[
    str | None,
    flags.option(
        "-o",
        "--output-dir",
        metavar="FOLDER",
        help="Where they go; else the run's own folder.",
        panel=flags.OUTPUT,
    ),
]
Overwrite = Annotated[
    bool,
    flags.option(
        "--overwrite", help="Replace files that aipipe did not write.", panel=flags.OUTPUT
    ),
]


def command(
    *,
    name: Name,
    folder: Folder = None,
    overwrite: Overwrite = False,
    form: Annotated[str, flags.format_of(*_FORMATS)] = "table",
    json: flags.Json = False,
    color: flags.Color = "auto",
    no_color: flags.NoColor = False,
) -> int:
    """Bring back what a run published: the same names, from the store, at no cost.

    Files that aipipe wrote and nobody changed are replaced; any other file in the way: exit 2,
    and nothing is written. What is no longer in the store is told: exit 1.
    """
    form = format_of(form, json=json, known=_FORMATS)
    on = screen(color=color, no_color=no_color)
    from aipipe.app.prepare import home  # noqa: PLC0415 (heavy: help goes without)
    from aipipe.app.restoring import restore  # noqa: PLC0415 (the same)

    found = restore(home(os.environ), name, folder, overwrite=overwrite)
    _tell(found, form, on)
    return ExitCode.STEPS_FAILED if found.missing else ExitCode.OK


def _tell(found: "Restored", form: str, on: Screen) -> None:
    from aipipe.cli.text import clean, count  # noqa: PLC0415 (heavy: help goes without)
    from aipipe.running.amounts import written  # noqa: PLC0415 (the same)

    if form == "json":
        lost = [{"path": m.path, "why": m.why, "cost": written(m.cost)} for m in found.missing]
        told = {
            "schema_version": 1,
            "run": found.run.id,
            "folder": str(found.folder),
            "restored": list(found.paths),
            "missing": lost,
        }
        on.print(json_text.dumps(told, indent=2))
        return
    if form == "paths":
        on.print("\n".join(str(found.folder / path) for path in found.paths))
        return
    for path in found.paths:
        on.print(f"  {clean(path)}")
    for each in found.missing:
        paid = "" if each.cost is None else f" (it had cost ${written(each.cost)})"
        on.note(f"not there any more: {clean(each.path)}: {clean(each.why)}{paid}")
    back = count(len(found.paths), "file")
    on.print(f"restored {back} of run {found.run.id} in {clean(str(found.folder))}/")
