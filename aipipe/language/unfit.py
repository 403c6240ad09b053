"""A value that its schema does not allow, told in the user's words."""

from collections.abc import Sequence
from typing import Any, Final

from aipipe.contracts.artefact import Json
from aipipe.contracts.step import JsonSchema
from aipipe.language.broken_rules import BrokenRule
from aipipe.language.diagnostics import Fault, Path
from aipipe.language.kinds import kind, quoting, shown, taken
from aipipe.language.suggestions import did_you_mean, one_of

_BOUNDS: Final = {
    "minimum": "at least",
    "maximum": "at most",
    "exclusiveMinimum": "more than",
    "exclusiveMaximum": "less than",
}
_REFERENCE: Final = "a reference"


def unfit(rule: BrokenRule, name: str, at: Path) -> Fault:
    """The fault of one value; `name` is what to call it: `'duration' of hailuo_02`."""
    if rule.name == "anyOf":
        return _none_fits(rule, name, at)
    return _of_value(rule, name, at)


def _of_value(rule: BrokenRule, name: str, at: Path) -> Fault:
    match rule.name:
        case "enum" | "const":
            return _not_allowed(rule, name, at)
        case "type":
            return _wrong_type(rule.value, [rule.schema], name, at)
        case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum":
            return _out_of_bounds(rule, name, at)
        case _:
            return _other(rule, name, at)


def _none_fits(rule: BrokenRule, name: str, at: Path) -> Fault:
    """A value that fits none of several ways to write it: told by the way that is nearest."""
    if "title" in rule.schema:
        return _does_not_take(rule.value, str(rule.schema["title"]), name, at)
    ways = [way for way in rule.schema["anyOf"] if way.get("title") != _REFERENCE]
    near = [each for each in rule.ways if each.name != "type" and _is_of(each, rule)]
    best = min(near, key=_distance, default=None)
    if best is None:
        return _wrong_type(rule.value, ways, name, at)
    inner = best.path
    told = _of_value(best, f"'{inner[-1]}'" if inner else name, (*at, *inner))
    others = [str(way["title"]) for way in ways if "title" in way and way is not best.schema]
    if best.name == "enum" and others:
        return Fault(
            code=told.code,
            message=told.message,
            at=told.at,
            hints=(*told.hints[:-1], f"{told.hints[-1]}, or {' or '.join(others)}"),
        )
    return told


def _is_of(rule: BrokenRule, whole: BrokenRule) -> bool:
    """Whether a rule is of a way that is no reference."""
    return bool(whole.limit[rule.way].get("title") != _REFERENCE)


def _distance(rule: BrokenRule) -> int:
    """Small for what says most about how to write the value."""
    order = ("additionalProperties", "enum", *_BOUNDS, "required", "minLength", "minItems")
    return order.index(rule.name) if rule.name in order else len(order)


def _does_not_take(value: Json, title: str, name: str, at: Path) -> Fault:
    return Fault(
        code="wrong_value",
        message=f"{name} takes {title}, not {kind(value)}",
        at=at,
        hints=quoting(value, ["string"]) if isinstance(value, dict) else (),
    )


def _not_allowed(rule: BrokenRule, name: str, at: Path) -> Fault:
    allowed: list[Any] = list(rule.limit) if rule.name == "enum" else [rule.limit]
    return Fault(
        code="not_a_choice",
        message=f"{name} can't be {shown(rule.value)}",
        at=at,
        hints=(
            *did_you_mean(str(rule.value), [str(each) for each in allowed]),
            f"it can be: {one_of([shown(each) for each in allowed], 24)}",
        ),
    )


def _wrong_type(value: Json, ways: Sequence[JsonSchema], name: str, at: Path) -> Fault:
    types = [each for way in ways for each in _types(way)]
    titles = [str(way["title"]) for way in ways if "title" in way]
    takes = " or ".join(dict.fromkeys([*(taken(each) for each in types), *titles]))
    return Fault(
        code="wrong_type",
        message=f"{name} takes {takes}, not {kind(value)}",
        at=at,
        hints=quoting(value, types),
    )


def _types(way: JsonSchema) -> list[str]:
    types = way.get("type", [])
    if "title" in way:
        return []
    return [str(each) for each in types] if isinstance(types, list) else [str(types)]


def _out_of_bounds(rule: BrokenRule, name: str, at: Path) -> Fault:
    low, high = rule.schema.get("minimum"), rule.schema.get("maximum")
    both = low is not None and high is not None
    bound = f"{_BOUNDS[rule.name]} {rule.limit}"
    return Fault(
        code="out_of_bounds",
        message=f"{name} must be {bound}, not {shown(rule.value)}",
        at=at,
        hints=(f"it goes from {low} to {high}",) if both else (),
    )


def _other(rule: BrokenRule, name: str, at: Path) -> Fault:
    title = rule.schema.get("title")
    if title is not None:
        return _does_not_take(rule.value, str(title), name, at)
    limit = rule.limit
    messages = {
        "minItems": f"{name} is an empty list",
        "maxItems": f"{name} has more than {limit} entries",
        "minLength": f"{name} is empty",
        "maxLength": f"{name} has more than {limit} characters",
        "multipleOf": f"{name} must be a multiple of {limit}",
    }
    text = messages.get(rule.name, f"{name} can't be {shown(rule.value)}")
    about = rule.schema.get("description")
    hints = (str(about).rstrip("."),) if about and rule.name not in messages else ()
    return Fault(code="wrong_value", message=text, at=at, hints=hints)
