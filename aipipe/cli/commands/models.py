"""`aipipe models`: the catalogue, or one model in full."""

import json as json_text
import os
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated

import typer

from aipipe.cli import completion, flags
from aipipe.cli.csv_text import csv_text
from aipipe.cli.screen import Screen, format_of, screen
from aipipe.errors import UsageError

if TYPE_CHECKING:
    from aipipe.app.model_costs import SoFar
    from aipipe.catalog.model import Model

EXAMPLES = """\
aipipe models                                   all of them
aipipe models --type text_to_image
aipipe models flux                              one in full: parameters, price, notes
aipipe models --type image_to_video --json
aipipe models --check-prices                    prices without a date, and their sources"""

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
        help="Only models whose price is undated or unknown, with its source.",
        panel=flags.CHOICE,
    ),
]


def command(  # noqa: PLR0913 (the command's options)
    *,
    name: Name = None,
    step_type: StepType = None,
    provider: Provider = None,
    check_prices: CheckPrices = False,
    form: Annotated[str, flags.format_of(*_FORMATS)] = "table",
    json: flags.Json = False,
    color: flags.Color = "auto",
    no_color: flags.NoColor = False,
) -> None:
    """List the models with their prices, or show one in full, with what it has cost so far.

    A model that is not listed is reached as PROVIDER:ENDPOINT, its price unknown unless the
    step gives  price:. `model: local` is the embedded engine.
    """
    form = format_of(form, json=json, known=_FORMATS)
    on = screen(color=color, no_color=no_color)
    from aipipe.catalog import price_words  # noqa: PLC0415 (heavy: help goes without)
    from aipipe.catalog.catalogue import load  # noqa: PLC0415 (the same)
    from aipipe.cli import model_costs, models_screen  # noqa: PLC0415 (the same)

    known = list(load().models.values())
    found = _chosen(known, name, step_type, provider)
    if check_prices:
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
        case _ if check_prices:
            on.print(models_screen.unsure(found, on.out))
        case _:
            on.print(models_screen.render(found, on.out))


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


def _chosen(
    known: Sequence["Model"], name: str | None, step_type: str | None, provider: str | None
) -> "list[Model]":
    """The models asked for.

    Raises:
        UsageError: there are none.
    """
    found = [m for m in known if m.retired is None or name is not None]
    for option, word, choices in (
        ("type", step_type, {each for m in known for each in m.types}),
        ("provider", provider, {m.provider for m in known}),
    ):
        if word is not None and word not in choices:
            raise UsageError(f"unknown {option} '{word}'", hints=_close(word, sorted(choices)))
    if step_type is not None:
        found = [m for m in found if step_type in m.types]
    if provider is not None:
        found = [m for m in found if m.provider == provider]
    return found if name is None else _named(found, name)


def _named(known: Sequence["Model"], name: str) -> "list[Model]":
    found = [m for m in known if name in {m.name, *m.aliases}]
    if not found:
        names = [each for m in known for each in (m.name, *m.aliases)]
        raise UsageError(f"unknown model '{name}'", hints=_close(name, names))
    shut = {m.retired.replacement for m in found if m.retired is not None}
    return [*found, *(m for m in known if m.name in shut and m not in found)]


def _close(word: str, known: Sequence[str]) -> tuple[str, ...]:
    close = get_close_matches(word, known, 1)
    if close:
        return (f"did you mean '{close[0]}'?",)
    many = 20
    return (f"there are: {', '.join(known)}",) if len(known) <= many else ("all: aipipe models",)
