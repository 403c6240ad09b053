"""`aipipe models`: the catalogue, or one model in full."""

import json as json_text
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from aipipe.cli import completion, flags
from aipipe.cli.csv_text import csv_text
from aipipe.cli.environment import environment
from aipipe.cli.screen import Screen, format_of, screen

if TYPE_CHECKING:
    from aipipe.app.model_costs import SoFar
    from aipipe.catalog.catalogue import Catalog
    from aipipe.catalog.model import Model

EXAMPLES = """\
aipipe models                                   all of them
aipipe models --type text_to_image
aipipe models flux                              one in full: parameters, price, notes
aipipe models --type image_to_video --json
aipipe models --check-prices                    ours beside what the providers list today
aipipe models --refresh                         the same, kept for estimates and runs
aipipe models --undated                         prices without a date, and their sources"""

_FORMATS = ("table", "json", "csv")

Name = Annotated[
    str | None,
    typer.Argument(
        metavar="NAME", help="A model's name or alias.", autocompletion=completion.models
    ),
]
StepType = Annotated[
    str | None,
    flags.option(
        "--type",
        metavar="TYPE",
        help="Only models for steps of this type.",
        panel=flags.CHOICE,
        complete=completion.step_types,
    ),
]
Provider = Annotated[
    str | None,
    flags.option(
        "--provider",
        metavar="NAME",
        help="Only this provider's.",
        panel=flags.CHOICE,
        complete=completion.providers,
    ),
]
CheckPrices = Annotated[
    bool,
    flags.option(
        "--check-prices",
        help="Ask the providers that list their prices, and show what differs.",
        panel=flags.PRICES,
    ),
]
Refresh = Annotated[
    bool,
    flags.option(
        "--refresh",
        help="The same, and keep it: estimates and runs go by it.",
        panel=flags.PRICES,
    ),
]
Strict = Annotated[
    bool,
    flags.option("--strict", help="Exit code 1 where a price differs.", panel=flags.PRICES),
]
Undated = Annotated[
    bool,
    flags.option(
        "--undated",
        help="Only models whose price is undated or unknown, with its source.",
        panel=flags.CHOICE,
    ),
]


def command(  # noqa: PLR0913 (the command's options)
    ctx: typer.Context,
    *,
    name: Name = None,
    step_type: StepType = None,
    provider: Provider = None,
    undated: Undated = False,
    check_prices: CheckPrices = False,
    refresh: Refresh = False,
    strict: Strict = False,
    env_file: flags.EnvFile = None,
    no_env_file: flags.NoEnvFile = False,
    form: Annotated[str, flags.format_of(*_FORMATS)] = "table",
    json: flags.Json = False,
    color: flags.Color = "auto",
    no_color: flags.NoColor = False,
) -> int:
    """List the models with their prices, or show one in full, with what it has cost so far.

    A model that is not listed is reached as PROVIDER:ENDPOINT, its price unknown unless the
    step gives  price:. `model: local` is the embedded engine.

    Asking for prices costs nothing and needs the provider's key. What --refresh keeps is the file
    prices.json in AIPIPE_HOME: without it the prices that came with aipipe count again.
    """
    form = format_of(form, json=json, known=_FORMATS)
    on = screen(color=color, no_color=no_color)
    from aipipe.catalog import price_words  # noqa: PLC0415 (heavy: help goes without)
    from aipipe.cli import model_costs, models_chosen, models_screen  # noqa: PLC0415 (the same)

    catalog = _catalog(on)
    found = models_chosen.chosen(list(catalog.models.values()), name, step_type, provider)
    if check_prices or refresh:
        from aipipe.cli import price_check  # noqa: PLC0415 (the same)

        manner = price_check.Manner(form=form, refresh=refresh, strict=strict)
        around = environment(ctx, env_file, no_file=no_env_file)
        return price_check.perform(found, catalog, around, manner, on)
    if undated:
        found = [m for m in found if price_words.priced(m.price) in {"undated", "unknown"}]
    spent = _spent(found, on) if name is not None else {}
    match form:
        case "json" if name is not None:
            told = [
                {**models_screen.as_json(m), "so_far": model_costs.as_json(spent.get(m.name))}
                for m in found
            ]
            on.print(json_text.dumps(told, indent=2))
        case "json":
            on.print(json_text.dumps([models_screen.as_json(m) for m in found], indent=2))
        case "csv":
            on.print(csv_text([models_screen.CSV, *map(models_screen.csv_row, found)]))
        case _ if name is not None:
            shown = [models_screen.full(model, on.out, spent.get(model.name)) for model in found]
            on.print("\n\n".join(shown))
        case _ if undated:
            on.print(models_screen.unsure(found, on.out))
        case _:
            on.print(models_screen.render(found, on.out))
    return 0


def _catalog(on: Screen) -> "Catalog":
    """The models at the prices that count; what is wrong with those that are kept is told."""
    from aipipe.app import discover, prices  # noqa: PLC0415 (heavy: help goes without)
    from aipipe.app.prepare import home  # noqa: PLC0415 (the same)
    from aipipe.cli import diagnostics  # noqa: PLC0415 (the same)

    found = prices.current(discover.catalog(), discover.registry, home(os.environ))
    if found.notices:
        on.note(diagnostics.render(found.notices, on.err))
    return found.catalog


def _spent(models: "Sequence[Model]", on: Screen) -> "Mapping[str, SoFar]":
    """What each has cost so far, where the ledger can tell."""
    from aipipe.app.model_costs import costs_so_far  # noqa: PLC0415 (heavy: help goes without)
    from aipipe.app.prepare import home  # noqa: PLC0415 (the same)
    from aipipe.memory.ledger.faults import LedgerError  # noqa: PLC0415 (the same)

    try:
        return costs_so_far(home(os.environ), [(model.provider, model.name) for model in models])
    except LedgerError as error:
        on.note(f"note: what it has cost so far is not known: {error.message}")
        return {}
