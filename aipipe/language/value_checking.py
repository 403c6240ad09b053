"""A single value against its schema, told in the user's words."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from aipipe.contracts.artefact import Json
from aipipe.contracts.step import JsonSchema
from aipipe.language.diagnostics import Fault, Path
from aipipe.language.suggestions import did_you_mean, one_of

if TYPE_CHECKING:
    from jsonschema import Draft7Validator
    from jsonschema.exceptions import ValidationError

_TYPES = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "nothing",
}
_SHORT = 40


def value_faults(value: Json, schema: JsonSchema, what: str, at: Path) -> list[Fault]:
    """What is wrong with a value; `what` names it: `duration of hailuo_02`."""
    if _plainly_fine(value, schema):
        return []
    validator = _validator(_Frozen(schema))
    return [
        _fault(error, what, (*at, *error.absolute_path)) for error in validator.iter_errors(value)
    ]


def _plainly_fine(value: Json, schema: JsonSchema) -> bool:
    """The commonest cases, without the machinery: an allowed word, or unbounded text."""
    if isinstance(value, str):
        if "enum" in schema:
            allowed = schema["enum"]
            return isinstance(allowed, list) and value in allowed and len(schema.keys() & _LOGIC) == 0
        return schema.get("type") == "string" and not schema.keys() & _BOUNDS
    return False


_LOGIC = frozenset({"anyOf", "allOf", "oneOf", "not", "if", "pattern", "const", "type"})
_BOUNDS = _LOGIC - {"type"} | {"minLength", "maxLength", "format", "enum"}


class _Frozen:
    """A schema as a key: by its identity, kept alive by being held."""

    def __init__(self, schema: JsonSchema) -> None:
        self.schema = schema

    def __hash__(self) -> int:
        return id(self.schema)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Frozen) and other.schema is self.schema


@lru_cache(maxsize=20_000)
def _validator(frozen: _Frozen) -> "Draft7Validator":
    from jsonschema import Draft7Validator  # noqa: PLC0415 (80 ms, needed by odd values alone)

    return Draft7Validator(dict(frozen.schema))


def _fault(error: "ValidationError", what: str, at: Path) -> Fault:
    name = what if not error.absolute_path else f"'{error.absolute_path[-1]}'"
    match error.validator:
        case "enum" | "const":
            return _not_allowed(error, name, at)
        case "type":
            return _wrong_type(error, name, at)
        case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum":
            return _out_of_bounds(error, name, at)
        case "additionalProperties":
            return _unknown_keys(error, name, at)
        case "anyOf" | "oneOf" if error.context:
            return _fault(_nearest(error), what, at)
        case _:
            return _other(error, name, at)


def _nearest(error: "ValidationError") -> "ValidationError":
    """Of the ways in which nothing fits, the one that says most."""
    from jsonschema.exceptions import best_match  # noqa: PLC0415 (as above)

    return best_match(error.context) or error.context[0]


def _not_allowed(error: "ValidationError", name: str, at: Path) -> Fault:
    allowed: list[Any] = (
        list(error.validator_value) if error.validator == "enum" else [error.validator_value]
    )
    hints = list(did_you_mean(str(error.instance), [str(each) for each in allowed]))
    hints.append(f"it has: {one_of(allowed)}")
    return Fault(
        code="not_allowed",
        message=f"{name} can't be {_shown(error.instance)}",
        at=at,
        hints=tuple(hints),
    )


def _wrong_type(error: "ValidationError", name: str, at: Path) -> Fault:
    wanted = error.validator_value
    types = wanted if isinstance(wanted, list) else [wanted]
    takes = " or ".join(dict.fromkeys(_TYPES.get(str(t), str(t)) for t in types))
    return Fault(
        code="wrong_type",
        message=f"{name} takes {takes}, not {_kind(error.instance)}",
        at=at,
        hints=_quoting(error.instance, types),
    )


def _quoting(value: object, types: list[Any]) -> tuple[str, ...]:
    if "string" in types and isinstance(value, int | float):
        return (f'to write it as text, quote it: "{value}"',)
    if isinstance(value, dict) and "string" in types:
        return ('to use a reference between braces, quote it: "${{ … }}"',)
    return ()


def _out_of_bounds(error: "ValidationError", name: str, at: Path) -> Fault:
    words = {
        "minimum": "at least",
        "maximum": "at most",
        "exclusiveMinimum": "more than",
        "exclusiveMaximum": "less than",
    }
    bound = f"{words[str(error.validator)]} {error.validator_value}"
    return Fault(
        code="out_of_bounds",
        message=f"{name} must be {bound}, not {_shown(error.instance)}",
        at=at,
        hints=(_range(error.schema),) if isinstance(error.schema, dict) else (),
    )


def _range(schema: JsonSchema) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f"it goes from {low} to {high}"
    return str(schema.get("description", "")) or f"bound: {low if low is not None else high}"


def _unknown_keys(error: "ValidationError", name: str, at: Path) -> Fault:
    known = list(error.schema.get("properties", {})) if isinstance(error.schema, dict) else []
    extra = [key for key in error.instance if key not in known]
    first = str(extra[0]) if extra else ""
    return Fault(
        code="unknown_key",
        message=f"unknown key '{first}' in {name}",
        at=(*at, first),
        on_key=True,
        hints=(*did_you_mean(first, known), f"it takes: {one_of(known)}"),
    )


def _other(error: "ValidationError", name: str, at: Path) -> Fault:
    messages = {
        "minItems": f"{name} is an empty list",
        "maxItems": f"{name} has too many entries, at most {error.validator_value}",
        "minLength": f"{name} is empty",
        "maxLength": f"{name} is too long, at most {error.validator_value} characters",
        "pattern": f"{name} can't be {_shown(error.instance)}",
        "required": f"{name} needs {_missing(error)}",
        "multipleOf": f"{name} must be a multiple of {error.validator_value}",
    }
    text = messages.get(str(error.validator), f"{name} can't be {_shown(error.instance)}")
    description = error.schema.get("description") if isinstance(error.schema, dict) else None
    return Fault(
        code=f"schema_{error.validator}".lower(),
        message=text,
        at=at,
        hints=(str(description).rstrip("."),) if description else (),
    )


def _missing(error: "ValidationError") -> str:
    wanted = error.validator_value if isinstance(error.validator_value, list) else []
    return " and ".join(f"'{key}'" for key in wanted if key not in error.instance)


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"the text {_shown(value)}"
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, list):
        return "a list"
    return "nothing" if value is None else "a mapping"


def _shown(value: object) -> str:
    text = " ".join(str(value).split()) if isinstance(value, str) else str(value)
    short = text if len(text) <= _SHORT else text[: _SHORT - 1] + "…"
    return f"'{short}'" if isinstance(value, str) else short
