"""What a parameter takes, in a few words: `a number from 1 to 10`, `one of a, b`."""

from aipipe.contracts.artefact import Json
from aipipe.contracts.step import JsonSchema

_TYPES = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "array": "list",
    "object": "mapping",
    "null": "nothing",
}


def takes(schema: JsonSchema) -> str:
    """The values that a schema lets through."""
    words = schema.get("title")
    return words if isinstance(words, str) else _taken(schema)


def _taken(schema: JsonSchema) -> str:
    match schema:
        case {"enum": [*values]}:
            return ", ".join(_plain(value) for value in values)
        case {"const": value}:
            return _plain(value)
        case {"anyOf": [*options]} | {"oneOf": [*options]}:
            return " or ".join(
                dict.fromkeys(takes(option) for option in options if isinstance(option, dict))
            )
        case {"type": str(name)}:
            return _TYPES.get(name, name) + _bounds(schema)
        case {"type": [*names]}:
            return " or ".join(_TYPES.get(str(name), str(name)) for name in names) + _bounds(schema)
        case _:
            return "any"


def default(schema: JsonSchema) -> str:
    """The default, or nothing; a text of several words stands in quotes."""
    words = _plain(schema["default"]) if "default" in schema else ""
    return f"'{words}'" if " " in words else words


def description(schema: JsonSchema) -> str:
    """What it is for, or nothing."""
    text = schema.get("description")
    return text if isinstance(text, str) else ""


def _bounds(schema: JsonSchema) -> str:
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    if low is not None and high is not None:
        return f" {_plain(low)} to {_plain(high)}"
    if low is not None:
        return f" from {_plain(low)}"
    return f" up to {_plain(high)}" if high is not None else ""


def _plain(value: Json) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case None:
            return "nothing"
        case _:
            return str(value)
