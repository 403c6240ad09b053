"""A file's plan and its price for the commands that only look at it, its warnings told."""

from dataclasses import replace
from pathlib import Path

from aipipe.app.check import checked_plan
from aipipe.app.forecasting import look_back
from aipipe.app.options import Options
from aipipe.app.prepare import home
from aipipe.app.setting import Setting, setting
from aipipe.cli import diagnostics
from aipipe.cli.screen import Screen
from aipipe.cli.text import clean
from aipipe.language.diagnostics import Diagnostic
from aipipe.memory.ledger.faults import LedgerError
from aipipe.memory.ledger.liveness import RunTakenError
from aipipe.planning.estimate import Estimate, estimate
from aipipe.planning.forecast import Forecast
from aipipe.planning.plan import Plan
from aipipe.planning.select import check_redo


def foreseen(options: Options, on: Screen, world: Setting | None = None) -> tuple[Plan, Estimate]:
    """The plan of a file without errors, and its price, what is reused taken off.

    What else was found is told; a ledger that can't be read is a warning.

    Raises:
        PipelineFaultsError: the file has errors, or warnings with `--strict`.
        UsageError: the file can't be read, or a name in `--redo` is no step's.
    """
    world = world or setting(home(options.environment))
    plan, found = checked_plan(options, world)
    tell(found.diagnostics, on)
    check_redo(plan, options.redo)
    return plan, estimate(plan, _forecast(plan, options, world, on))


def _forecast(plan: Plan, options: Options, world: Setting, on: Screen) -> Forecast | None:
    """What earlier runs mean for a plan; None: nothing, or nobody can tell."""
    place, output = home(options.environment), output_of(options, plan)
    try:
        return look_back(plan, options, world, place, output).forecast
    except RunTakenError as taken:
        on.note(f"note: {clean(taken.message)}; what it has not finished yet counts as new")
        return _forecast(plan, replace(options, new_run=True), world, on)
    except LedgerError as error:
        on.note(f"warning: {clean(error.message)}; nothing is known of earlier results")
        return None


def tell(found: tuple[Diagnostic, ...], on: Screen) -> None:
    """Warnings and notes, on standard error."""
    if found:
        on.note(diagnostics.render(found, on.err))


def output_of(options: Options, plan: Plan) -> Path:
    """The folder that outputs would go to."""
    folder = Path(options.output_dir or plan.output_dir)
    return folder / "mock" if plan.mock else folder
