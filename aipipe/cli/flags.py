"""The options that several commands share, each written once: name, help, panel.

Each also has a variable, named after it: `--max-cost` is AIPIPE_MAX_COST.
"""

from collections.abc import Callable
from typing import Annotated, Any, TypeAlias

import typer

from aipipe.cli import completion

INPUT = "Input"
SCOPE = "What runs"
CHOICE = "Which ones"
MONEY = "Money"
PRICES = "Prices"
OUTPUT = "Output"
SCREEN = "Screen"


def option(
    *names: str,
    help: str,  # noqa: A002 (the library's word)
    panel: str,
    metavar: str | None = None,
    count: bool = False,
    complete: Callable[..., Any] | None = None,
) -> Any:
    """A Typer option with its variable; the last name is the long one."""
    return typer.Option(
        *names,
        help=help,
        rich_help_panel=panel,
        metavar=metavar,
        count=count,
        autocompletion=complete,
        envvar=variable(names[-1]),
        show_envvar=False,
        show_default=False,
    )


def variable(option_name: str) -> str:
    """The variable of an option: `--max-cost` has AIPIPE_MAX_COST."""
    return "AIPIPE_" + option_name.removeprefix("--").replace("-", "_").upper()


File: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="PIPELINE",
        help="The pipeline's YAML file.",
        autocompletion=completion.pipelines,
    ),
]
Files: TypeAlias = Annotated[
    list[str],
    typer.Argument(
        metavar="PIPELINE",
        help="The pipelines' YAML files.",
        autocompletion=completion.pipelines,
    ),
]

# --- what it starts from

Prompt: TypeAlias = Annotated[
    str | None,
    option(
        "--prompt",
        metavar="TEXT|@FILE|-",
        help="The run's text, a file that holds it, or - for standard input.",
        panel=INPUT,
    ),
]
Inputs: TypeAlias = Annotated[
    list[str] | None,
    option(
        "--input",
        metavar="PATH|URL|GLOB",
        help="Media or files to start from; repeat it for a list.",
        panel=INPUT,
    ),
]
Vars: TypeAlias = Annotated[
    list[str] | None,
    option(
        "--var",
        metavar="NAME=VALUE",
        help="A value for one of the file's vars; repeatable.",
        panel=INPUT,
    ),
]

EnvFile: TypeAlias = Annotated[
    str | None,
    option(
        "--env-file",
        metavar="PATH",
        help="A file of keys, for those that the environment lacks (.env).",
        panel=INPUT,
        complete=completion.env_files,
    ),
]
NoEnvFile: TypeAlias = Annotated[
    bool,
    option("--no-env-file", help="Keys from the environment alone.", panel=INPUT),
]

# --- what runs

Only: TypeAlias = Annotated[
    list[str] | None,
    option(
        "--only",
        metavar="STEP",
        help="Only this step and what it needs; globs, repeatable.",
        panel=SCOPE,
        complete=completion.steps,
    ),
]
Mock: TypeAlias = Annotated[
    bool,
    option(
        "--mock",
        help="The embedded engine in the place of every model: real files, $0.",
        panel=SCOPE,
    ),
]
Fresh: TypeAlias = Annotated[
    bool,
    option("--fresh", help="New results of everything, whatever was paid for.", panel=SCOPE),
]
Redo: TypeAlias = Annotated[
    list[str] | None,
    option(
        "--redo",
        metavar="STEP",
        help="A new result of this step; globs, repeatable.",
        panel=SCOPE,
        complete=completion.steps,
    ),
]
Strict: TypeAlias = Annotated[
    bool, option("--strict", help="Warnings count as errors.", panel=SCOPE)
]
MaxWorkers: TypeAlias = Annotated[
    str | None,
    option("-j", "--max-workers", metavar="N", help="Calls in flight at once (32).", panel=SCOPE),
]

# --- money

UnknownPrice: TypeAlias = Annotated[
    str | None,
    option(
        "--unknown-price",
        metavar="USD",
        help="What a call costs at most where the price is unknown.",
        panel=MONEY,
    ),
]

# --- where it goes and how it looks

OutputDir: TypeAlias = Annotated[
    str | None,
    option(
        "-o",
        "--output-dir",
        metavar="FOLDER",
        help="Where outputs go; else the file's output_dir, else output/NAME/.",
        panel=OUTPUT,
    ),
]
Json: TypeAlias = Annotated[bool, option("--json", help="Short for --format json.", panel=OUTPUT)]
Color: TypeAlias = Annotated[
    str,
    option(
        "--color",
        metavar="auto|always|never",
        help="Colours; auto: on terminals.",
        panel=SCREEN,
        complete=completion.words("auto", "always", "never"),
    ),
]
NoColor: TypeAlias = Annotated[
    bool, option("--no-color", help="No colours, as NO_COLOR=1 says too.", panel=SCREEN)
]
Quiet: TypeAlias = Annotated[
    bool,
    option("-q", "--quiet", help="Only results and errors.", panel=SCREEN),
]
Verbose: TypeAlias = Annotated[
    int,
    option("-v", "--verbose", count=True, metavar="", help="Show more.", panel=SCREEN),
]


def format_of(*known: str) -> Any:
    """`--format` of a command that knows these."""
    return option(
        "--format",
        metavar="|".join(known),
        help="How results are printed.",
        panel=OUTPUT,
        complete=completion.words(*known),
    )
