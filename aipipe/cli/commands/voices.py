"""`aipipe voices`: the voices that models speak with."""

import json as json_text
from typing import TYPE_CHECKING, Annotated

from aipipe.cli import completion, flags
from aipipe.cli.csv_text import csv_text
from aipipe.cli.screen import format_of, screen
from aipipe.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipipe.catalog.model import Voice

EXAMPLES = """\
aipipe voices
aipipe voices --provider local                  the embedded engine's
aipipe voices --model elevenlabs --json"""

_FORMATS = ("table", "json", "csv")

Provider = Annotated[
    str | None,
    flags.option(
        "--provider",
        metavar="NAME",
        help="Only this provider's; local is the embedded engine.",
        panel=flags.CHOICE,
        complete=completion.providers,
    ),
]
ModelName = Annotated[
    str | None,
    flags.option(
        "--model",
        metavar="NAME",
        help="Only those that this model knows.",
        panel=flags.CHOICE,
        complete=completion.models,
    ),
]


def command(
    *,
    provider: Provider = None,
    model: ModelName = None,
    form: Annotated[str, flags.format_of(*_FORMATS)] = "table",
    json: flags.Json = False,
    color: flags.Color = "auto",
    no_color: flags.NoColor = False,
) -> None:
    """List the voices, by provider."""
    form = format_of(form, json=json, known=_FORMATS)
    on = screen(color=color, no_color=no_color)
    from aipipe.cli import models_screen  # noqa: PLC0415 (heavy: help goes without)

    found = [
        voice
        for voice in (_of_model(model) if model else _all())
        if provider in {None, voice.provider}
    ]
    if not found:
        asked = f"provider '{provider}'" if provider else f"model '{model}'"
        raise UsageError(f"no voices are known for {asked}", hints=("all: aipipe voices",))
    match form:
        case "json":
            on.print(json_text.dumps([models_screen.voice_json(v) for v in found], indent=2))
        case "csv":
            rows = ((v.name, v.provider, v.id, v.note) for v in found)
            on.print(csv_text([("name", "provider", "id", "note"), *rows]))
        case _:
            on.print(models_screen.voices(found, on.out))


def _all() -> "Iterator[Voice]":
    from aipipe.catalog.catalogue import load  # noqa: PLC0415 (heavy: help goes without)

    for voices in load().voices.values():
        yield from voices.values()
    yield from _embedded()


def _embedded() -> "Iterator[Voice]":
    from aipipe.app.discover import registry  # noqa: PLC0415 (heavy: help goes without)
    from aipipe.catalog.model import Voice  # noqa: PLC0415 (the same)

    for step in registry().steps.values():
        for name in step.voices:
            yield Voice(name=name, provider="local", id=name)


def _of_model(name: str) -> "Iterator[Voice]":
    from aipipe.catalog.catalogue import load  # noqa: PLC0415 (heavy: help goes without)
    from aipipe.catalog.model import Voice  # noqa: PLC0415 (the same)

    if name == "local":
        yield from _embedded()
        return
    resolved = load().resolve("text_to_speech", name)
    if resolved is None:
        raise UsageError(
            f"unknown text_to_speech model '{name}'",
            hints=("all of them: aipipe models --type text_to_speech",),
        )
    known = load().voices.get(resolved.model.provider, {})
    param = resolved.model.params.get("voice")
    named = param.schema.get("enum") if param is not None else None
    if not isinstance(named, list):
        yield from known.values()
        return
    for each in map(str, named):
        yield known.get(each) or Voice(name=each, provider=resolved.model.provider, id=each)
