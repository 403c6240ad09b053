"""`aipipe models --check-prices` from its options to its exit code."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from aipipe.app import discover, price_checks
from aipipe.app.environment import Environment
from aipipe.app.prepare import home
from aipipe.app.price_checks import Check, NoList, NotTold, Told
from aipipe.catalog.catalogue import Catalog
from aipipe.catalog.listings import Standing
from aipipe.catalog.model import Model
from aipipe.cli import diagnostics, prices_data, prices_screen
from aipipe.cli.csv_text import csv_text
from aipipe.cli.screen import Screen
from aipipe.cli.text import clean
from aipipe.errors import ExitCode, UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How it is asked and shown."""

    form: str
    refresh: bool
    """Keep what was told."""
    strict: bool
    """A difference is a failure."""


def perform(
    models: Sequence[Model],
    catalog: Catalog,
    around: Environment,
    manner: Manner,
    on: Screen,
    *,
    today: Callable[[], date] = date.today,
) -> ExitCode:
    """Ask the providers of these models, and show what differs.

    Raises:
        UsageError: none of them could be asked, or what they told can't be kept.
    """
    if around.notices:
        on.note(diagnostics.render(around.notices, on.err))
    found = _checked(models, catalog, around, today())
    _tell_silent(found, on)
    if manner.refresh:
        found = price_checks.keep(found, home(around.variables))
    _show(found, manner.form, on)
    differs = bool(found.of(Standing.DIFFERS))
    return ExitCode.STEPS_FAILED if manner.strict and differs else ExitCode.OK


def _checked(models: Sequence[Model], catalog: Catalog, around: Environment, today: date) -> Check:
    known = discover.registry().providers
    names = sorted({model.provider for model in models})
    providers = [known[name] for name in names if name in known]
    answers = price_checks.ask(providers, catalog.models.values(), around.variables.get)
    return Check(answers=answers, compared=price_checks.compare(models, answers), on=today)


def _tell_silent(found: Check, on: Screen) -> None:
    """Say who could not be asked.

    Raises:
        UsageError: that was everybody.
    """
    silent = [each for each in found.answers if isinstance(each, NotTold)]
    why = [f"{each.provider.title} could not be asked: {each.problem.message}" for each in silent]
    if any(isinstance(each, Told) for each in found.answers):
        for line in why:
            on.note(f"{on.err.paint('bold yellow', 'warning:')} {clean(line)}")
        return
    if silent:
        keys = [key for each in silent for key in each.provider.keys[:1]]
        hint = f"in the environment, or as a line of '.env':  {keys[0]}=…"
        needs_key = silent[0].problem.code in {"missing_key", "bad_key"}
        raise UsageError("; ".join(why), hints=(hint,) if needs_key else ())
    names = ", ".join(each.provider.name for each in found.answers if isinstance(each, NoList))
    raise UsageError(
        f"no list of prices can be asked for at {names}",
        hints=("aipipe models --undated  shows which of our prices have no date",),
    )


def _show(found: Check, form: str, on: Screen) -> None:
    match form:
        case "json":
            on.print(json.dumps(prices_data.as_json(found), indent=2))
        case "csv":
            on.print(csv_text([prices_data.CSV, *map(prices_data.csv_row, found.compared)]))
        case _:
            on.print(prices_screen.render(found, on.out))
