"""Whether a value surely fits its schema, without the machinery that tells why it does not.

Most values fit, and a command that finds nothing wrong need not import a validator (35 ms). The
answer "no" only means "not surely": a word of JSON Schema that is not known here is one.
"""

import re
from collections.abc import Callable, Mapping, Sized
from typing import Any, Final

from aipipe.contracts.step import JsonSchema

_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}


def fits(value: Any, schema: JsonSchema) -> bool:
    """Whether a value surely fits."""
    for word, limit in schema.items():
        rule = _RULES.get(word)
        if rule is None or not rule(value, limit, schema):
            return False
    return True


def _of_type(value: Any, types: Any) -> bool:
    return any(_is(value, each) for each in (types if isinstance(types, list) else [types]))


def _is(value: Any, type_: str) -> bool:
    if type_ == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if isinstance(value, bool):
        return type_ == "boolean"
    return isinstance(value, _TYPES[type_])


def _same(value: Any, other: Any) -> bool:
    """Whether two plain values are equal, and both or neither of them true or false."""
    plain = isinstance(value, str | int | float | None)
    return plain and value == other and isinstance(value, bool) is isinstance(other, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _bounded(holds: Callable[[Any, Any], bool]) -> "_Rule":
    return lambda value, limit, _schema: not _is_number(value) or holds(value, limit)


def _sized(kind: type[Sized], holds: Callable[[int, int], bool]) -> "_Rule":
    return lambda value, limit, _schema: not isinstance(value, kind) or holds(len(value), limit)


def _entries(value: Any, known: Any, schema: JsonSchema) -> bool:
    """`properties`, `patternProperties` and `additionalProperties` together."""
    if not isinstance(value, dict):
        return True
    return all(_entry(key, inner, known, schema) for key, inner in value.items())


def _entry(key: str, value: Any, known: Mapping[str, JsonSchema], schema: JsonSchema) -> bool:
    if key in known:
        return fits(value, known[key])
    patterns = schema.get("patternProperties")
    if isinstance(patterns, dict):
        matching = [own for pattern, own in patterns.items() if re.search(pattern, key)]
        if matching:
            return all(isinstance(own, dict) and fits(value, own) for own in matching)
    rest = schema.get("additionalProperties", True)
    return rest is True or (isinstance(rest, dict) and fits(value, rest))


def _rest(value: Any, rest: Any, schema: JsonSchema) -> bool:
    """`additionalProperties` where no property is named."""
    del rest
    return "properties" in schema or _entries(value, {}, schema)


def _has(value: Any, keys: Any) -> bool:
    return not isinstance(value, dict) or all(key in value for key in keys)


def _one_of(value: Any, ways: Any, schema: JsonSchema) -> bool:
    """Just one of several sets of keys."""
    del schema
    return all(set(way) == {"required"} for way in ways) and (
        sum(_has(value, way["required"]) for way in ways) == 1
    )


def _none_of(value: Any, way: Any, schema: JsonSchema) -> bool:
    """Not a certain set of keys."""
    del schema
    return set(way) == {"required"} and not _has(value, way["required"])


def _depends(value: Any, limit: Any, schema: JsonSchema) -> bool:
    del schema
    return not isinstance(value, dict) or all(
        _has(value, keys) for key, keys in limit.items() if key in value
    )


_Rule = Callable[[Any, Any, JsonSchema], bool]
_RULES: Final[Mapping[str, _Rule]] = {
    **dict.fromkeys(
        ("title", "description", "default", "enumDescriptions", "patternProperties"),
        lambda _value, _limit, _schema: True,
    ),
    "type": lambda value, limit, _schema: _of_type(value, limit),
    "enum": lambda value, limit, _schema: any(_same(value, each) for each in limit),
    "const": lambda value, limit, _schema: _same(value, limit),
    "minimum": _bounded(lambda value, limit: value >= limit),
    "maximum": _bounded(lambda value, limit: value <= limit),
    "exclusiveMinimum": _bounded(lambda value, limit: value > limit),
    "exclusiveMaximum": _bounded(lambda value, limit: value < limit),
    "pattern": lambda value, limit, _schema: (
        not isinstance(value, str) or re.search(limit, value) is not None
    ),
    "minLength": _sized(str, lambda length, limit: length >= limit),
    "maxLength": _sized(str, lambda length, limit: length <= limit),
    "minItems": _sized(list, lambda length, limit: length >= limit),
    "maxItems": _sized(list, lambda length, limit: length <= limit),
    "minProperties": _sized(dict, lambda length, limit: length >= limit),
    "maxProperties": _sized(dict, lambda length, limit: length <= limit),
    "items": lambda value, limit, _schema: (
        not isinstance(value, list) or all(fits(each, limit) for each in value)
    ),
    "propertyNames": lambda value, limit, _schema: (
        not isinstance(value, dict) or all(fits(key, limit) for key in value)
    ),
    "anyOf": lambda value, limit, _schema: any(fits(value, way) for way in limit),
    "properties": _entries,
    "additionalProperties": _rest,
    "required": lambda value, limit, _schema: _has(value, limit),
    "oneOf": _one_of,
    "not": _none_of,
    "dependencies": _depends,
}
