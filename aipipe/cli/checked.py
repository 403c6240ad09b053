"""A file's plan for the commands that only look at it, its warnings told."""

from pathlib import Path

from aipipe.app.options import Options
from aipipe.cli import diagnostics
from aipipe.cli.screen import Screen
from aipipe.errors import PipelineFaultsError
from aipipe.language.diagnostics import Diagnostic, Severity
from aipipe.planning.plan import Plan


def plan_of(options: Options, on: Screen) -> Plan:
    """The plan of a file without errors; what else was found is told.

    Raises:
        PipelineFaultsError: the file has errors, or warnings with `--strict`.
        UsageError: the file can't be read.
    """
    from aipipe.app.prepare import check  # noqa: PLC0415 (heavy: help and completion go without)

    found = check(options)
    warned = any(each.severity is Severity.WARNING for each in found.diagnostics)
    if found.plan is None or (options.strict and warned):
        raise PipelineFaultsError(found.diagnostics)
    tell(found.diagnostics, on)
    return found.plan


def tell(found: tuple[Diagnostic, ...], on: Screen) -> None:
    """Warnings and notes, on standard error."""
    if found:
        on.note(diagnostics.render(found, on.err))


def output_of(options: Options, plan: Plan) -> Path:
    """The folder that outputs would go to."""
    folder = Path(options.output_dir or plan.output_dir)
    return folder / "mock" if plan.mock else folder
