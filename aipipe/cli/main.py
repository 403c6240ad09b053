"""The command line: which commands there are, and what the user is told when one fails."""

import os
import shutil
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from aipipe.cli import failures, shape, streams
from aipipe.cli.console import write
from aipipe.cli.diagnostics import Look
from aipipe.cli.paint import paint_of
from aipipe.errors import AipipeError, ExitCode, UsageError

COMMANDS: Mapping[str, str] = {
    "run": "Validate, plan, price and run a pipeline.",
    "validate": "Every fault of a file, with its place and what to do.",
    "estimate-cost": "What a run would cost, step by step.",
    "plan": "What would run, what waits for what, where each input comes from.",
    "models": "The models, their parameters and prices.",
    "voices": "The voices that models speak with.",
    "runs": "Past runs: what they came to and what they cost.",
    "jobs": "Remote jobs that are still open or unconfirmed.",
    "cache": "The store of results: what it holds, and making room.",
    "errors": "What the codes of errors mean, and what to do.",
    "init": "A pipeline to start from.",
    "schema": "The JSON Schema of pipeline files, for editors.",
    "migrate": "Files of the earlier tool, rewritten in the forms of today.",
    "doctor": "Versions, folders, keys and engines of this machine.",
}
"""Names and summaries; each is a module of `commands`, imported when it is called."""

_PACKAGE = "aipipe.cli.commands"

_EXAMPLES = """\
aipipe init quickstart                      write a pipeline to start from
aipipe run quickstart.yaml                  run it
aipipe run FILE --mock --prompt "a fox"     try any pipeline: real files, no keys, $0
aipipe estimate-cost FILE                   what it would cost

Every option has a variable: --max-cost is AIPIPE_MAX_COST.
AIPIPE_HOME is the folder for everything that aipipe keeps."""


def _aipipe(
    *,
    version: Annotated[
        bool, typer.Option("-V", "--version", help="Print the version.", show_default=False)
    ] = False,
) -> None:
    """Run YAML pipelines over generative-media models: checked, priced, parallel."""
    if version:
        from aipipe.version import __version__  # noqa: PLC0415 (__main__ answers the plain question)

        typer.echo(f"aipipe {__version__}")
        raise typer.Exit


def application() -> Any:
    """The whole command line as one Typer group."""
    return shape.group_of(_aipipe, _EXAMPLES, _PACKAGE, COMMANDS, completion=True)


def main(arguments: Sequence[str]) -> int:
    """Run a command and give its exit code; whatever fails is told."""
    streams.open_all()
    words = list(arguments) or ["--help"]

    def run() -> int:
        return application().main(args=words, prog_name="aipipe", standalone_mode=False) or 0

    return streams.flushed(guarded(run, words))


def guarded(run: Callable[[], int], arguments: Sequence[str]) -> int:
    """The exit code of `run`, or of what it raised, which is told as `arguments` ask."""
    try:
        return int(run())
    except AipipeError as error:
        return _tell(error, arguments)
    except TyperException as error:
        return _tell(_usage(error), arguments)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        return ExitCode.OK
    except Exception as error:  # noqa: BLE001 (whatever is left is a bug of ours, and told as one)
        return _tell_bug(error, arguments)


def _usage(error: TyperException) -> UsageError:
    """The library's complaint in our words."""
    facts = vars(error)  # its classes are private, so what it knows is looked up
    context = facts.get("ctx")
    help_of = f"{context.command_path if context is not None else 'aipipe'} --help"
    if "possibilities" in facts:
        close = facts["possibilities"] or ()
        hints = [f"did you mean '{close[0]}'?"] if close else [f"all options: {help_of}"]
        return UsageError(f"unknown option '{facts['option_name']}'", hints=hints)
    param = facts.get("param")
    if param is not None and not error.message:
        return UsageError(f"{param.display_name_raw} is missing", hints=[f"usage: {help_of}"])
    return UsageError(_plainly(error, param), hints=[f"usage: {help_of}"])


def _plainly(error: TyperException, param: Any) -> str:
    text = error.format_message().rstrip(".")
    extra = text.rpartition("argument(s) (")[2].removesuffix(")")
    if extra != text:
        return f"unexpected argument '{extra}'"
    if param is not None and "boolean" in text:
        return f"{param.opts[-1]} ({param.envvar}) is one of true, false, 1, 0"
    return text[:1].lower() + text[1:]


def _tell(error: AipipeError, arguments: Sequence[str]) -> int:
    wanted = failures.wanted(arguments, os.environ)
    if wanted.json:
        write(sys.stdout, failures.as_json(error) + "\n")
    look = look_of(wanted.color)
    strict = "--strict" in arguments
    write(sys.stderr, failures.rendered(error, look, strict=strict) + "\n")
    return error.exit_code


def _tell_bug(error: Exception, arguments: Sequence[str]) -> int:
    wanted = failures.wanted(arguments, os.environ)
    name = f"{type(error).__name__}: {error}".strip(": ")
    text = f"a bug in aipipe: {name} · exit 70"
    hints = () if wanted.verbose else ("run it again with -v for the traceback, and report it",)
    if wanted.json:
        found = [failures.plain("bug", name, hints)]
        write(sys.stdout, failures.document(ExitCode.BUG, found) + "\n")
    if wanted.verbose:
        traceback.print_exception(error)
    write(sys.stderr, failures.message(text, hints, look_of(wanted.color)) + "\n")
    return ExitCode.BUG


def look_of(color: str) -> Look:
    """How to draw on standard error."""
    is_terminal = sys.stderr.isatty()
    columns = shutil.get_terminal_size().columns if is_terminal else None
    return Look(paint=paint_of(color, os.environ, is_terminal=is_terminal), columns=columns)
