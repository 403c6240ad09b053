"""The catalogue's source files spelled out: families, likenesses and fragments resolved.

The form of the files is told at the top of `data/shared.yaml`. Amounts arrive as `Decimal`.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, TypeAlias

from aipipe.catalog.source_params import Tables, form, param

Source: TypeAlias = Mapping[str, Any]
"""A mapping as it stands in a file."""

_MODEL: Final = frozenset(
    {"aliases", "types", "provider", "endpoint", "medium", "formats", "slots", "params", "price"}
    | {"fixed", "results", "max_characters", "ends", "retired", "note", "source", "like"}
)
_OWN: Final = frozenset({"aliases", "retired", "ends", "note", "like"})
"""What a model does not take over from the one that it is like."""
_PRICE: Final = ("unit", "usd", "by", "rules", "as_of", "source")
EXTRA: Final = frozenset(
    {
        "round_up",
        "unbounded",
        "extra_usd",
        "counts_input",
        "times_up_to",
        "surcharges",
        "seconds",
        "frames",
    }
    | {"margin", "tokens", "tokens_second", "about_usd_second"}
)


class SourceError(Exception):
    """A fault in a file of `data/`: what, and where."""


def models(families: Mapping[str, Source], shared: Source, voices: Source) -> list[dict[str, Any]]:
    """Every model of every family as plain data, in the order written.

    Raises:
        SourceError: a key that means nothing, or a name that is there twice.
    """
    found: list[dict[str, Any]] = []
    for family in families.values():
        tables = Tables(
            fragments={**shared["fragments"], **family.get("fragments", {})},
            formats=shared["formats"],
            voices=voices,
        )
        merged: dict[str, Source] = {}
        for name, own in family["models"].items():
            if any(name == each["name"] for each in found):
                raise SourceError(f"'{name}' is there twice")
            merged[name] = _merged(name, own, merged, family)
            found.append(_model(name, merged[name], tables))
    return found


def _merged(name: str, own: Source, before: Mapping[str, Source], family: Source) -> Source:
    _expect(name, own, _MODEL)
    usual = {k: v for k, v in family.items() if k not in {"models", "fragments"}}
    if "like" in own:
        usual = {k: v for k, v in before[own["like"]].items() if k not in _OWN}
    merged = {**usual, **own}
    for key in ("slots", "params"):
        both = {**usual.get(key, {}), **own.get(key, {})}
        merged[key] = {k: v for k, v in both.items() if v is not None}
    return merged


def _model(name: str, source: Source, tables: Tables) -> dict[str, Any]:
    _expect(name, source, _MODEL)
    formats, format_param = form(source["formats"], tables)
    params = {word: param(word, spec, tables) for word, spec in source["params"].items()}
    spelt = {
        "name": name,
        **{key: source[key] for key in ("types", "provider", "endpoint", "medium", "slots")},
        "aliases": source.get("aliases", []),
        "formats": formats,
        "format_param": format_param,
        "params": params,
        "price": _price(name, source["price"]),
        **{key: source.get(key) for key in ("fixed", "results", "max_characters", "ends")},
        **{key: source.get(key) for key in ("retired", "note", "source")},
    }
    return {key: value for key, value in spelt.items() if value not in (None, [], {}, "")}


def _price(name: str, source: Source) -> dict[str, Any]:
    _expect(name, source, frozenset(_PRICE) | EXTRA)
    found = {key: source[key] for key in _PRICE if source.get(key) is not None}
    extra = {key: value for key, value in source.items() if key in EXTRA}
    spelt = {key: _texts(value) for key, value in found.items()}
    return {**spelt, "extra": _texts(extra)} if extra else spelt


def _texts(value: Any) -> Any:
    """Amounts as texts, so that none is rounded."""
    match value:
        case bool():
            return value
        case Decimal() | int():
            return f"{value:f}" if isinstance(value, Decimal) else str(value)
        case dict():
            return {key: _texts(each) for key, each in value.items()}
        case _:
            return value


def _expect(name: str, source: Source, known: frozenset[str]) -> None:
    odd = [key for key in source if key not in known]
    if odd:
        raise SourceError(f"'{name}' has unknown keys: {', '.join(map(str, odd))}")
