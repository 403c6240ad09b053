"""The values that keys of the language take. A `title` is what messages say they take."""

from collections.abc import Mapping
from typing import Final

from aipipe.contracts.artefact import Json
from aipipe.contracts.fragments import (
    AMOUNT,
    DURATION,
    HAS_REFERENCE,
    ID,
    PERCENTAGE,
    RATE,
    REFERENCE,
)
from aipipe.contracts.step import JsonSchema

Schema = dict[str, Json]

TEXT: Final[Schema] = {"type": "string"}
NAME: Final[Schema] = {"type": "string", "minLength": 1}
FLAG: Final[Schema] = {"type": "boolean"}
IDENTIFIER: Final[Schema] = {
    "title": "a name of letters, digits, '_' and '-' that begins with a letter",
    "type": "string",
    "pattern": ID,
}
COUNT: Final[Schema] = {"type": "integer", "minimum": 1}
TIME: Final[Schema] = {
    "title": "a time such as 90, 10m or 1h30m",
    "anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"type": "string", "pattern": DURATION}],
}
PAUSE: Final[Schema] = {
    "title": "a time such as 0.5, 10s or 1m",
    "anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": DURATION}],
}
DOLLARS: Final[Schema] = {
    "title": "an amount in US dollars such as 2.50",
    "anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": AMOUNT}],
}
FAILURES: Final[Schema] = {
    "title": "a number such as 2, or a share such as 20%",
    "anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": PERCENTAGE}],
}
STARTS: Final[Schema] = {
    "title": "a rate such as 60/min or 5/s",
    "type": "string",
    "pattern": RATE,
}
ON_ERROR: Final[Schema] = {"enum": ["fail", "continue", "ignore"]}
ITEM: Final[Schema] = {"type": ["string", "number", "boolean", "object", "array"]}
ITEMS: Final[Schema] = {
    "title": "a list, or a text such as 'rows.csv', '*.png' or '-'",
    "anyOf": [
        {"type": "array", "items": ITEM, "minItems": 1},
        {"type": "string", "minLength": 1},
    ],
}
OPEN: Final = frozenset({"title", "description", "default"})
"""What says nothing about the value."""
_PART_REFERENCE: Final[Schema] = {**REFERENCE, "pattern": HAS_REFERENCE}


def described(schema: JsonSchema, description: str) -> Schema:
    """The same values, with a text for editors."""
    return {**schema, "description": description}


def mapping(properties: Mapping[str, Json], **more: Json) -> Schema:
    """A mapping that takes these keys, and any that begins with `x-`."""
    return {
        "type": "object",
        **more,
        "properties": dict(properties),
        "patternProperties": {"^x-": {}},
        "additionalProperties": False,
    }


def one_of(*properties: str) -> Schema:
    """A mapping with just one of these keys, each a text: `{file: …}`."""
    return {
        "title": " or ".join(f"{{{each}: …}}" for each in properties),
        "type": "object",
        "properties": dict.fromkeys(properties, NAME),
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }


def or_reference(schema: JsonSchema) -> Schema:
    """The same values, or a reference in their place."""
    own = {key: value for key, value in schema.items() if key not in OPEN}
    about = {key: value for key, value in schema.items() if key in OPEN}
    if own == TEXT:
        return {**about, **own}
    branches = own["anyOf"] if set(own) == {"anyOf"} else [own]
    inner = (
        [_inside(b) for b in branches if isinstance(b, dict)] if isinstance(branches, list) else []
    )
    reference = _PART_REFERENCE if any(_takes_text(b) for b in inner) else dict(REFERENCE)
    return {**about, "anyOf": [*inner, reference]}


def _inside(schema: Schema) -> Schema:
    """References in the place of a list's items or a mapping's entries."""
    items, entries = schema.get("items"), schema.get("properties")
    found = dict(schema)
    if isinstance(items, dict):
        found["items"] = or_reference(items)
    if isinstance(entries, dict):
        found["properties"] = {
            k: or_reference(v) for k, v in entries.items() if isinstance(v, dict)
        }
    return found


def _takes_text(schema: Schema) -> bool:
    kinds, values = schema.get("type"), schema.get("enum")
    if isinstance(values, list):
        return any(isinstance(value, str) for value in values)
    return kinds == "string" or (isinstance(kinds, list) and "string" in kinds)
