"""Parameters and formats of the source files spelled out as JSON Schema and wire values."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from aipipe.catalog.pixels import NAMED

_SIDES: Final = r"^\s*\d+\s*[xX\u00d7*]\s*\d+\s*$"
_BOUNDS: Final = {"least": "minimum", "most": "maximum"}
_KEPT: Final = ("required", "always", "factor", "file")


@dataclass(frozen=True, slots=True)
class Tables:
    """What parameters may refer to by name."""

    fragments: Mapping[str, Any]
    formats: Mapping[str, Any]
    voices: Mapping[str, Any]


def param(word: str, spec: Any, tables: Tables) -> dict[str, Any]:
    """A parameter as plain data: wire name, schema, and what differs from the usual."""
    flat = _flat(spec, tables)
    enum = _enum(flat, tables)
    schema = plain({**_schema(flat, enum), **flat.get("schema", {})})
    values = _values(flat.get("values"), enum)
    found = {"wire": flat.get("wire", word), "schema": schema}
    if values:
        found["values"] = plain(values)
    return {**found, **{key: flat[key] for key in _KEPT if key in flat}}


def form(spec: Any, tables: Tables) -> tuple[list[str], dict[str, Any] | None]:
    """The extensions that a model can write, and how its endpoint is told which."""
    if isinstance(spec, list):
        return spec, None
    named = tables.formats[spec] if isinstance(spec, str) else spec
    extensions = named["extensions"]
    schema = {"type": "string", "enum": list(extensions)}
    return list(extensions), {"wire": named["wire"], "schema": schema, "values": extensions}


def plain(value: Any) -> Any:
    """Numbers as JSON has them."""
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case dict():
            return {key: plain(each) for key, each in value.items()}
        case list():
            return [plain(each) for each in value]
        case _:
            return value


def _flat(spec: Any, tables: Tables) -> dict[str, Any]:
    own = {"like": spec} if isinstance(spec, str) else dict(spec)
    name = own.pop("like", None)
    return own if name is None else {**_flat(tables.fragments[name], tables), **own}


def _enum(flat: Mapping[str, Any], tables: Tables) -> list[Any] | None:
    if "voices" in flat:
        known = tables.voices[flat["voices"]]
        return sorted([*known["current"], *known.get("legacy", {})])
    if "enum" in flat:
        return list(flat["enum"])
    values = flat.get("values")
    return list(values) if isinstance(values, dict) else None


def _schema(flat: Mapping[str, Any], enum: list[Any] | None) -> dict[str, Any]:
    if "sizes" in flat:
        return {"anyOf": _size([*NAMED, *flat["sizes"]]), "default": flat["default"]}
    schema: dict[str, Any] = {"type": flat["type"]}
    if enum is not None:
        schema["enum"] = enum
    if "items" in flat:
        schema["items"] = {"type": flat["items"]}
    schema.update({name: flat[key] for key, name in _BOUNDS.items() if key in flat})
    if "default" in flat:
        schema["default"] = flat["default"]
    return schema


def _size(names: list[str]) -> list[Any]:
    side = {"type": "integer", "minimum": 1}
    return [
        {"type": "string", "enum": names},
        {"title": "text such as '1024x768'", "type": "string", "pattern": _SIDES},
        {
            "title": "{width: …, height: …}",
            "type": "object",
            "properties": {"width": side, "height": side},
            "required": ["width", "height"],
            "additionalProperties": False,
        },
    ]


def _values(rule: Any, enum: list[Any] | None) -> dict[str, Any]:
    """Our value, as text, to the endpoint's."""
    if isinstance(rule, dict) or rule is None:
        return dict(rule or {})
    return {str(value): _worded(rule, str(value)) for value in enum or []}


def _worded(rule: str, value: str) -> str:
    match rule:
        case "text":
            return value
        case "upper":
            return value.upper()
        case "title":
            return value.title()
        case "colon":
            return value.replace("x", ":")
        case _:
            return rule.replace("{}", value)
