"""What a JSON Schema finds wrong with a value, told in the user's words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from aipipe.contracts.artefact import Json
from aipipe.contracts.step import JsonSchema
from aipipe.language.broken_rules import BrokenRule, broken_rules
from aipipe.language.diagnostics import Fault, Path
from aipipe.language.fitting import fits
from aipipe.language.suggestions import close, did_you_mean, one_of
from aipipe.language.unfit import unfit


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """What the entries of a mapping belong to, as messages call it."""

    what: str
    """`a text_to_image step`, `hailuo_02`."""
    are_params: bool = False
    elsewhere: frozenset[str] = frozenset()
    """Words that belong one level up or down, not here."""


def violations(value: Json, schema: JsonSchema, owner: Owner, at: Path) -> list[Fault]:
    """The faults of a mapping and all that is in it, each once."""
    if fits(value, schema):
        return []
    rules = broken_rules(value, schema)
    return list(dict.fromkeys(fault for rule in rules for fault in _told(rule, owner, at)))


def _told(rule: BrokenRule, owner: Owner, at: Path) -> Iterator[Fault]:
    place = (*at, *rule.path)
    name = _name(rule.path, owner)
    match rule.name:
        case "additionalProperties":
            yield from _unknown(rule, owner, place)
        case "required":
            yield from _missing(rule, owner, place)
        case "oneOf" | "not" | "dependencies":
            yield _together(rule, owner, place)
        case "propertyNames":
            yield _bad_name(rule, place)
        case _:
            yield unfit(rule, name, place)


def _name(path: Sequence[str | int], owner: Owner) -> str:
    """What to call the value at a path: `'voice' of elevenlabs`, `entry 2 of 'needs'`."""
    if not path:
        return owner.what
    last = path[-1]
    if isinstance(last, int):
        return f"entry {last + 1} of {_name(path[:-1], owner)}"
    return f"'{last}' of {owner.what}" if owner.are_params and len(path) == 1 else f"'{last}'"


# --- keys


def _unknown(rule: BrokenRule, owner: Owner, at: Path) -> Iterator[Fault]:
    known = list(_part(rule.schema, "properties"))
    for key in rule.value:
        if key in known or key.startswith("x-"):
            continue
        inside = bool(rule.path)
        yield Fault(
            code="unknown_param" if owner.are_params and not inside else "unknown_key",
            message=_unknown_words(key, _name(rule.path, owner), owner, inside=inside),
            at=(*at, key),
            on_key=True,
            hints=_unknown_hints(key, known, owner, inside=inside),
        )


def _unknown_words(key: str, name: str, owner: Owner, *, inside: bool) -> str:
    if owner.are_params and not inside:
        return f"{owner.what} has no parameter '{key}'"
    return f"unknown key '{key}' in {name}"


def _unknown_hints(
    key: str, known: Sequence[str], owner: Owner, *, inside: bool
) -> tuple[str, ...]:
    if not inside and key in owner.elsewhere:
        where = "beside 'params', not in it" if owner.are_params else "under 'params'"
        return (f"it stands {where}",)
    if key == "exclude" and "matrix" in known:
        return ("it stands inside  matrix:",)
    meant = did_you_mean(key, known)
    takes = f"it takes: {one_of(known, 24)}" if known else "it takes none"
    return (*meant, takes) if owner.are_params or not meant else meant


def _missing(rule: BrokenRule, owner: Owner, at: Path) -> Iterator[Fault]:
    name = _name(rule.path, owner)
    for key in rule.limit:
        if key not in rule.value and not _is_misspelt(str(key), rule):
            yield Fault(
                code="required_key",
                message=f"{name} needs '{key}'",
                at=at,
                hints=_of_missing(rule, str(key)),
            )


def _is_misspelt(key: str, rule: BrokenRule) -> bool:
    """Whether a key that is not known seems to be this one, which is then told instead."""
    known = _part(rule.schema, "properties")
    unknown = [each for each in rule.value if each not in known]
    return any(close(each, known) == [key] for each in unknown)


def _of_missing(rule: BrokenRule, key: str) -> tuple[str, ...]:
    about = _part(_part(rule.schema, "properties"), key).get("description")
    return (f"{key}: {str(about).rstrip('.')}",) if about else ()


def _together(rule: BrokenRule, owner: Owner, at: Path) -> Fault:
    """Keys that exclude or need each other."""
    if rule.name == "dependencies":
        key, needed = next(iter(rule.limit.items()))
        message = f"'{key}' needs '{needed[0]}' beside it"
        return Fault(code="required_key", message=message, at=(*at, key), on_key=True)
    keys = _alternatives(rule)
    present = [key for key in keys if key in rule.value]
    if not present:
        return Fault(code="required_key", message=f"{owner.what} needs '{keys[0]}'", at=at)
    return Fault(
        code="both_keys",
        message=f"'{keys[0]}' and '{keys[1]}' together",
        at=(*at, present[-1]),
        on_key=True,
        hints=(f"keep '{keys[0]}'",),
    )


def _alternatives(rule: BrokenRule) -> list[str]:
    if rule.name == "not":
        return list(rule.limit["required"])
    return [branch["required"][0] for branch in rule.limit]


def _bad_name(rule: BrokenRule, at: Path) -> Fault:
    key = str(rule.value)
    return Fault(
        code="bad_name",
        message=f"'{key}' can't be a name",
        at=(*at, key),
        on_key=True,
        hints=("a name has letters, digits, '_' and '-', and begins with a letter",),
    )


def _part(schema: object, key: str) -> dict[str, Any]:
    part = schema.get(key) if isinstance(schema, dict) else None
    return part if isinstance(part, dict) else {}
