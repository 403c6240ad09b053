"""`aipipe init`: a pipeline to start from."""

import shlex
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import typer

from aipipe.cli import completion, flags, starting
from aipipe.cli.screen import Screen, screen
from aipipe.cli.templates import Template, all_templates, starter
from aipipe.errors import UsageError

EXAMPLES = """\
aipipe init                                     the starters there are
aipipe init quickstart                          writes quickstart.yaml
aipipe init quickstart -o voices.yaml           under another name"""

Name = Annotated[
    str | None,
    typer.Argument(
        metavar="TEMPLATE", help="Which one to write.", autocompletion=completion.templates
    ),
]
Output = Annotated[
    str | None,
    flags.option(
        "-o",
        "--output",
        metavar="FILE",
        help="Where to write it; - for standard output.",
        panel=flags.OUTPUT,
    ),
]
Force = Annotated[
    bool, flags.option("--force", help="Replace a file that is there.", panel=flags.OUTPUT)
]


def command(
    *,
    template: Name = None,
    output: Output = None,
    force: Force = False,
    color: flags.Color = "auto",
    no_color: flags.NoColor = False,
) -> None:
    """Write a pipeline to start from, or list the starters.

    The file's first line tells editors where the schema is, for completion and checks.
    """
    on = screen(color=color, no_color=no_color)
    known = all_templates()
    if template is None:
        _list(known, on)
        return
    chosen = next((each for each in known if each.name == template.removesuffix(".yaml")), None)
    if chosen is None:
        raise UsageError(f"unknown template '{template}'", hints=_hints(template, known))
    _write(chosen, output or f"{chosen.name}.yaml", on, force=force)


def _hints(template: str, known: tuple[Template, ...]) -> tuple[str, ...]:
    names = [each.name for each in known]
    close = get_close_matches(template, names, 1)
    return (f"did you mean '{close[0]}'?",) if close else (f"there are: {', '.join(names)}",)


def _list(known: tuple[Template, ...], on: Screen) -> None:
    # Drawn with the tables of the results, which other commands load later.
    from aipipe.cli.tables_grid import Cell, Column, drawn  # noqa: PLC0415

    lines = [[Cell(f"  {each.name}", "bold"), Cell(each.summary)] for each in known]
    on.print("\n".join(["starters:", *drawn([Column(), Column(least=12)], lines, on.out)]))
    on.print("\nwrite one: aipipe init NAME")


def _write(chosen: Template, output: str, on: Screen, *, force: bool) -> None:
    """Write the starter and say what comes next."""
    from aipipe.shipped import schema_path  # noqa: PLC0415 (only `init` needs it)

    schema = Path(schema_path()).resolve().as_uri()
    if output == "-":
        on.print(starter(chosen, schema).removesuffix("\n"))
        return
    paths = starting.written(chosen, output, schema, force=force)
    on.print(f"wrote {', '.join(paths)}\nnext: aipipe run {shlex.quote(output)}")
