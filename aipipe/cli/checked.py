"""A file's plan for the commands that only look at it, its warnings told."""

from pathlib import Path

from aipipe.app.options import Options
from aipipe.cli import diagnostics
from aipipe.cli.screen import Screen
from aipipe.language.diagnostics import Diagnostic
from aipipe.planning.plan import Plan


def plan_of(options: Options, on: Screen) -> Plan:
    """The plan of a file without errors; what else was found is told.

    Raises:
        PipelineFaultsError: the file has errors, or warnings with `--strict`.
        UsageError: the file can't be read.
    """
    from aipipe.app.check import checked_plan  # noqa: PLC0415 (heavy: help goes without)

    plan, found = checked_plan(options)
    tell(found.diagnostics, on)
    return plan


def tell(found: tuple[Diagnostic, ...], on: Screen) -> None:
    """Warnings and notes, on standard error."""
    if found:
        on.note(diagnostics.render(found, on.err))


def output_of(options: Options, plan: Plan) -> Path:
    """The folder that outputs would go to."""
    folder = Path(options.output_dir or plan.output_dir)
    return folder / "mock" if plan.mock else folder
