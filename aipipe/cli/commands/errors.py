"""`aipipe errors`: the codes of errors, or one explained."""

import json as json_text
from typing import TYPE_CHECKING, Annotated

import typer

from aipipe.cli import completion, flags
from aipipe.cli.csv_text import csv_text
from aipipe.cli.screen import format_of, screen
from aipipe.errors import UsageError

if TYPE_CHECKING:
    from aipipe.contracts.codes.code import Code, Kind

EXAMPLES = """\
aipipe errors                                   all codes, by kind
aipipe errors no_answer                         one: what it means, its money, what to do
aipipe errors no_answer --json"""

_FORMATS = ("table", "json", "csv")

Word = Annotated[
    str | None,
    typer.Argument(
        metavar="CODE",
        help="A code, as it stands in tables, run.json and messages.",
        autocompletion=completion.codes,
    ),
]


def command(
    *,
    code: Word = None,
    form: Annotated[str, flags.format_of(*_FORMATS)] = "table",
    json: flags.Json = False,
    color: flags.Color = "auto",
    no_color: flags.NoColor = False,
) -> None:
    """List the codes of errors, or explain one.

    A code is the same for all providers, and keeps its meaning.
    """
    form = format_of(form, json=json, known=_FORMATS)
    on = screen(color=color, no_color=no_color)
    from aipipe.cli import codes_screen  # noqa: PLC0415 (heavy: help goes without)
    from aipipe.contracts.codes.registry import KINDS  # noqa: PLC0415 (the same)

    found = [(each, kind) for kind in KINDS for each in kind.codes]
    if code is not None:
        found = [_named(code)]
    match form:
        case "json":
            told = [codes_screen.as_json(*each) for each in found]
            on.print(json_text.dumps(told, indent=2))
        case "csv":
            on.print(csv_text([codes_screen.CSV, *(codes_screen.csv_row(*e) for e in found)]))
        case _ if code is not None:
            on.print(codes_screen.full(*found[0], on.out))
        case _:
            on.print(codes_screen.listed(KINDS, on.out))


def _named(word: str) -> "tuple[Code, Kind]":
    """The code that a word is.

    Raises:
        UsageError: there is none.
    """
    from aipipe.contracts.codes.registry import CODES, kind_of  # noqa: PLC0415 (heavy)
    from aipipe.language.suggestions import did_you_mean  # noqa: PLC0415 (the same)

    if word not in CODES:
        hints = did_you_mean(word, CODES) or ("all of them: aipipe errors",)
        raise UsageError(f"unknown code '{word}'", hints=hints)
    return CODES[word], kind_of(word)
