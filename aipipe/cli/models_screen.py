"""The catalogue as tables and data: all models, one model in full, the voices."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence

from aipipe.app.model_costs import SoFar
from aipipe.catalog import price_terms, price_words
from aipipe.catalog.model import Model, ModelParam, Price, Voice
from aipipe.cli import model_costs, schema_words
from aipipe.cli.diagnostics import Look
from aipipe.cli.tables_grid import Cell, Column, drawn
from aipipe.cli.text import clean, padded, width
from aipipe.contracts.artefact import Json

_MODELS = {
    "model": Column(),
    "type": Column(gives=5, least=14),
    "provider": Column(gives=3),
    "price": Column(gives=6),
    "by": Column(gives=2),
    "dated": Column(gives=4),
    "also called": Column(gives=1, least=12),
}
_UNSURE = {
    "model": Column(),
    "provider": Column(gives=1),
    "price": Column(gives=3),
    "dated": Column(gives=2),
    "source": Column(gives=4, least=30),
}
_VOICES = {
    "voice": Column(),
    "provider": Column(gives=3),
    "id": Column(gives=1),
    "note": Column(gives=2, least=40),
}
_ROOM = 24
"""Columns below which texts are no longer wrapped."""


def render(models: Sequence[Model], look: Look) -> str:
    """A row for each model, by step type."""
    by_type = sorted(models, key=lambda model: model.types[0])
    return _table(_MODELS, [_row(model) for model in by_type], look)


def _table(headings: Mapping[str, Column], rows: Sequence[Sequence[str]], look: Look) -> str:
    """Columns under bold headings, without those that nothing stands in."""
    used = [any(row[index] for row in rows) for index in range(len(headings))]
    lines = [
        [
            Cell(heading if wanted else "", "bold")
            for heading, wanted in zip(headings, used, strict=True)
        ],
        *([Cell(cell) for cell in row] for row in rows),
    ]
    return "\n".join(drawn(list(headings.values()), lines, look))


def _row(model: Model) -> Sequence[str]:
    return (
        model.name,
        ", ".join(model.types),
        model.provider,
        price_words.listed(model.price),
        ", ".join(model.price.by),
        _dated(model.price),
        ", ".join(model.aliases),
    )


def _dated(price: Price) -> str:
    """The month of a price; nothing to say of one that is unknown."""
    words = price_words.priced(price)
    return "-" if words == "unknown" else words


def full(model: Model, look: Look, so_far: SoFar | None = None) -> str:
    """Everything that is known of a model, and what it has cost so far."""
    found = [*_facts(model), *model_costs.facts(so_far)]
    facts = [(title, words) for title, words in found if words]
    widest = max(width(title) for title, _ in facts)
    lines = []
    for title, words in facts:
        first, *rest = _wrapped(words, widest + 3, look)
        lines += [f"{look.paint('dim', padded(title, widest))}   {first}", *rest]
    head = look.paint("bold", model.name)
    return "\n".join([f"{head}   {', '.join(model.types)}", *lines, *_parameters(model, look)])


def _wrapped(words: str, indent: int, look: Look) -> list[str]:
    """The text in lines that fit a terminal, those after the first one indented."""
    room = 0 if look.columns is None else look.columns - indent
    if room < _ROOM or width(words) <= room:
        return [words]
    first, *rest = textwrap.wrap(words, room, break_long_words=False, break_on_hyphens=False)
    return [first, *(" " * indent + line for line in rest)]


def _facts(model: Model) -> Iterator[tuple[str, str]]:
    yield "provider", model.provider
    yield "endpoint", model.endpoint
    yield "also called", ", ".join(model.aliases)
    yield "makes", f"{model.medium} ({', '.join(model.formats)})"
    yield "takes", ", ".join(model.slots)
    if model.max_characters is not None:
        yield "at most", f"{model.max_characters:,} characters a call"
    yield "price", _price(model.price)
    for term in price_terms.terms(model):
        yield "", term
    yield "price from", clean(model.price.source)
    yield "ends", f"on {model.ends}, says its provider" if model.ends is not None else ""
    if model.retired is not None:
        when = f" on {model.retired.on}" if model.retired.on is not None else ""
        yield "shut down", f"{when.strip() or 'yes'}; {model.retired.replacement} takes its place"
    yield "note", clean(model.note)


def _price(price: Price) -> str:
    by = f" by {', '.join(price.by)}" if price.by else ""
    dated = _dated(price)
    return f"{price_words.listed(price)}{by}" + (f" · {dated}" if dated != "-" else "")


def _parameters(model: Model, look: Look) -> list[str]:
    """Each parameter in full: nothing gives way here."""
    widest = max(map(width, model.params), default=0)
    lines = ["", look.paint("bold", "parameters")] if model.params else []
    for param in model.params.values():
        indent = widest + 5
        first, *rest = _wrapped(_values(param), indent, look)
        lines += [f"  {padded(param.word, widest)}   {first}", *rest]
        words = clean(_about(param, model))
        about = _wrapped(words, indent, look) if words else []
        lines += [" " * indent + look.paint("dim", line.strip()) for line in about]
    return lines


def _about(param: ModelParam, model: Model) -> str:
    words = schema_words.description(param.schema)
    if param.word == "voice" and "enum" not in param.schema:
        return f"{words} All of them: aipipe voices --model {model.name}"
    return words


def _values(param: ModelParam) -> str:
    default = schema_words.default(param.schema)
    takes = schema_words.takes(param.schema)
    if param.file is not None:
        takes = f"list of {param.file} files" if takes == "list" else f"{param.file} file"
    if param.required:
        return f"{takes} · required"
    return takes + (f" · default {default}" if default else "")


def unsure(models: Iterable[Model], look: Look) -> str:
    """The models whose price has no date or is unknown, and where each came from."""
    return _table(_UNSURE, [_unsure(model) for model in models], look)


def _unsure(model: Model) -> Sequence[str]:
    price = model.price
    words = price_words.listed(price)
    return (model.name, model.provider, words, _dated(price), clean(price.source))


def as_json(model: Model) -> dict[str, Json]:
    """A model as plain data; amounts in USD are strings."""
    price = model.price
    return {
        "name": model.name,
        "aliases": list(model.aliases),
        "types": list(model.types),
        "provider": model.provider,
        "endpoint": model.endpoint,
        "medium": model.medium,
        "formats": list(model.formats),
        "slots": list(model.slots),
        "max_characters": model.max_characters,
        "price": {
            "unit": price.unit,
            "usd": None if price.usd is None else f"{price.usd:f}",
            "by": list(price.by),
            "rules": {rule: f"{amount:f}" for rule, amount in price.rules.items()},
            "extra": dict(price.extra),
            "as_of": price.as_of,
            "source": price.source,
        },
        "params": {
            word: {"required": param.required, "schema": dict(param.schema)}
            for word, param in model.params.items()
        },
        "ends": None if model.ends is None else model.ends.isoformat(),
        "replaced_by": None if model.retired is None else model.retired.replacement,
        "note": model.note,
    }


CSV = ("name", "types", "provider", "endpoint", "price", "by", "dated", "aliases")


def csv_row(model: Model) -> Sequence[str]:
    """The cells of `CSV`."""
    return (
        model.name,
        " ".join(model.types),
        model.provider,
        model.endpoint,
        price_words.listed(model.price),
        " ".join(model.price.by),
        _dated(model.price),
        " ".join(model.aliases),
    )


def voices(found: Sequence[Voice], look: Look) -> str:
    """A row for each voice."""
    rows = [(v.name, v.provider, v.id if v.id != v.name else "", clean(v.note)) for v in found]
    return _table(_VOICES, rows, look)


def voice_json(voice: Voice) -> dict[str, Json]:
    """A voice as plain data."""
    return {"name": voice.name, "provider": voice.provider, "id": voice.id, "note": voice.note}
