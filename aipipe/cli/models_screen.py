"""The catalogue as tables and data: all models, one model in full, the voices."""

from collections.abc import Iterable, Iterator, Sequence

from aipipe.catalog.model import Model, ModelParam, Voice
from aipipe.cli import price_words, schema_words
from aipipe.cli.diagnostics import Look
from aipipe.cli.tables_grid import Cell, Column, drawn
from aipipe.cli.text import clean, padded, width
from aipipe.contracts.artefact import Json

_HEADINGS = ("model", "type", "provider", "price", "dated", "also called")


def render(models: Sequence[Model], look: Look) -> str:
    """A row for each model and step type."""
    return _table(_HEADINGS, [_row(model) for model in models], look)


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]], look: Look) -> str:
    """Columns under bold headings; the last ones give way on a narrow terminal."""
    columns = [Column(gives=-index or None) for index in range(len(headings))]
    columns[-1] = Column(gives=-len(headings), least=12)
    lines = [
        [Cell(heading, "bold") for heading in headings],
        *([Cell(cell) for cell in row] for row in rows),
    ]
    return "\n".join(drawn(columns, lines, look))


def _row(model: Model) -> Sequence[str]:
    return (
        model.name,
        ", ".join(model.types),
        model.provider,
        "$0.00" if model.provider == "local" else price_words.of(model.price),
        "-" if model.provider == "local" else price_words.dated(model.price),
        ", ".join(model.aliases),
    )


def full(model: Model, look: Look) -> str:
    """Everything that is known of a model."""
    facts = [(title, words) for title, words in _facts(model) if words]
    widest = max(width(title) for title, _ in facts)
    lines = [f"{look.paint('dim', padded(title, widest))}   {words}" for title, words in facts]
    head = look.paint("bold", model.name)
    return "\n".join([f"{head}   {', '.join(model.types)}", *lines, *_parameters(model, look)])


def _facts(model: Model) -> Iterator[tuple[str, str]]:
    yield "provider", model.provider
    yield "endpoint", model.endpoint
    yield "also called", ", ".join(model.aliases)
    yield "makes", f"{model.medium} ({', '.join(model.formats)})"
    yield "takes", ", ".join(model.slots)
    if model.max_characters is not None:
        yield "at most", f"{model.max_characters:,} characters a call"
    dated = price_words.dated(model.price)
    yield "price", ", ".join(part for part in (price_words.of(model.price), dated) if part != "-")
    for rule, amount in model.price.rules.items():
        yield "", f"{rule}: ${amount:f}"
    yield "price from", model.price.source
    yield "ends", f"on {model.ends}, says its provider" if model.ends is not None else ""
    if model.retired is not None:
        when = f" on {model.retired.on}" if model.retired.on is not None else ""
        yield "shut down", f"{when.strip() or 'yes'}; {model.retired.replacement} takes its place"
    yield "note", clean(model.note)


def _parameters(model: Model, look: Look) -> list[str]:
    """Each parameter in full, on a line or two: nothing gives way here."""
    widest = max(map(width, model.params), default=0)
    lines = ["", look.paint("bold", "parameters")] if model.params else []
    for param in model.params.values():
        lines.append(f"  {padded(param.word, widest)}   {_values(param)}")
        words = clean(schema_words.description(param.schema))
        if words:
            lines.append(" " * (widest + 5) + look.paint("dim", words))
    return lines


def _values(param: ModelParam) -> str:
    default = schema_words.default(param.schema)
    if param.required:
        return f"{schema_words.takes(param.schema)} · required"
    return schema_words.takes(param.schema) + (f" · default {default}" if default else "")


def unsure(models: Iterable[Model], look: Look) -> str:
    """The models whose price has no date or is unknown, and where each came from."""
    headings = ("model", "provider", "price", "dated", "source")
    return _table(headings, [_unsure(model) for model in models], look)


def _unsure(model: Model) -> Sequence[str]:
    price = model.price
    words, dated = price_words.of(price), price_words.dated(price)
    return (model.name, model.provider, words, dated, clean(price.source))


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


CSV = ("name", "types", "provider", "endpoint", "price", "dated", "aliases")


def csv_row(model: Model) -> Sequence[str]:
    """The cells of `CSV`."""
    return (
        model.name,
        " ".join(model.types),
        model.provider,
        model.endpoint,
        price_words.of(model.price),
        price_words.dated(model.price),
        " ".join(model.aliases),
    )


def voices(found: Sequence[Voice], look: Look) -> str:
    """A row for each voice."""
    rows = [(v.name, v.provider, v.id if v.id != v.name else "", clean(v.note)) for v in found]
    return _table(("voice", "provider", "id", "note"), rows, look)


def voice_json(voice: Voice) -> dict[str, Json]:
    """A voice as plain data."""
    return {"name": voice.name, "provider": voice.provider, "id": voice.id, "note": voice.note}
