"""Written values with references in them, made into bindings."""

from collections.abc import Mapping, Sequence

from aipipe.contracts.artefact import InputFile, Value
from aipipe.contracts.media import DATA, TEXT
from aipipe.language.diagnostics import Path
from aipipe.language.references import Expression, Interpolated, Reference
from aipipe.planning import wording
from aipipe.planning.bindings import (
    Binding,
    Const,
    FromRun,
    FromStep,
    Joined,
    ListOf,
    Many,
    MapOf,
    One,
    StepRef,
)
from aipipe.planning.bound import Bound, media_in
from aipipe.planning.context import Context
from aipipe.planning.item_fields import item_field
from aipipe.planning.items import value_of
from aipipe.planning.late import late_value, seen, tell_none
from aipipe.planning.lookup import find_step
from aipipe.planning.named_outputs import named_output
from aipipe.planning.scopes import Scope, media_of
from aipipe.planning.unknown import tell_unknown
from aipipe.planning.value_types import common_type, type_of_value
from aipipe.planning.variables import variable

_STEP_FIELDS = ("output", "path", "label", "status", "cost")
_PLAIN = One(None)
_DATA = One(DATA)
_WORDS = One(TEXT)


def bind(written: Expression, scope: Scope, at: Path, context: Context) -> Bound | None:
    """The binding of a written value; None: it is at fault (and noted)."""
    match written:
        case Reference():
            return _reference(written, scope, at, context)
        case Interpolated(parts):
            return _interpolated(parts, scope, at, context)
        case Mapping():
            return _mapping(written, scope, at, context)
        case tuple():
            return _list(written, scope, at, context)
        case str():
            return Bound(Const(written), _WORDS)
        case _:
            return Bound(Const(written), _PLAIN)


def _mapping(
    written: Mapping[str, Expression], scope: Scope, at: Path, context: Context
) -> Bound | None:
    bound = {key: bind(value, scope, (*at, key), context) for key, value in written.items()}
    entries = {key: value.binding for key, value in bound.items() if value is not None}
    if len(entries) < len(bound):
        return None
    if all(isinstance(entry, Const) for entry in entries.values()):
        known = {key: e.value for key, e in entries.items() if isinstance(e, Const)}
        return Bound(Const(known), _DATA)
    return Bound(MapOf(entries), _DATA)


def _list(
    written: "tuple[Expression, ...]", scope: Scope, at: Path, context: Context
) -> Bound | None:
    bound = [bind(value, scope, (*at, index), context) for index, value in enumerate(written)]
    known = [value for value in bound if value is not None]
    return list_of(known) if len(known) == len(bound) else None


def list_of(places: Sequence[Bound]) -> Bound:
    """A list by its places."""
    items = tuple(value.binding for value in places)
    type_ = Many(common_type([value.type for value in places]), len(items))
    media = frozenset().union(*(media_in(value) for value in places))
    if all(isinstance(item, Const) for item in items):
        known = [item.value for item in items if isinstance(item, Const)]
        return Bound(Const(tuple(known)), type_, media)
    return Bound(ListOf(items), type_, media)


def _interpolated(
    parts: "tuple[str | Reference, ...]", scope: Scope, at: Path, context: Context
) -> Bound | None:
    bound = [
        Bound(Const(part), _WORDS)
        if isinstance(part, str)
        else _inside_text(part, scope, at, context)
        for part in parts
    ]
    found = [each.binding for each in bound if each is not None]
    return None if len(found) < len(bound) else Bound(joined(found), _WORDS)


def joined(parts: Sequence[Binding]) -> Binding:
    """A text made of others; neighbours that are known are one."""
    merged: list[Binding] = []
    for part in parts:
        last = merged[-1] if merged else None
        if not isinstance(part, Const) or isinstance(part.value, InputFile):
            merged.append(part)
        elif isinstance(last, Const) and not isinstance(last.value, InputFile):
            merged[-1] = Const(text_of(last.value) + text_of(part.value))
        else:
            merged.append(Const(text_of(part.value)))
    return merged[0] if len(merged) == 1 else Joined(tuple(merged))


def text_of(value: Value) -> str:
    """Plain data as it reads inside a longer text: `true`, `7`, `noir`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _inside_text(part: Reference, scope: Scope, at: Path, context: Context) -> Bound | None:
    bound = _reference(part, scope, at, context)
    if bound is None or bound.type in {_PLAIN, _WORDS}:
        return bound
    context.fault(
        "not_text",
        f"'{'.'.join(part.path)}' is {wording.of_type(bound.type, context)}"
        " and can't stand inside a text",
        at,
        "as the whole value it keeps its type:  ${{ " + ".".join(part.path) + " }}",
    )
    return None


def _reference(ref: Reference, scope: Scope, at: Path, context: Context) -> Bound | None:
    root, *rest = ref.path
    match root:
        case "vars":
            return _variable(ref, scope, at, context)
        case "prompt":
            return _prompt(rest, scope, at, context)
        case "inputs":
            return _inputs(rest, scope, at, context)
        case "run":
            return _run(rest, at, context)
        case "steps":
            return _step(rest, scope, at, context)
        case _:
            return item_field(ref.path, scope, at, context)


def _variable(ref: Reference, scope: Scope, at: Path, context: Context) -> Bound | None:
    _, *rest = ref.path
    if rest and rest[0] in context.inside.values:
        return late_value(rest, scope, at, context)
    found = variable(ref, at, context)
    return None if found is None else Bound(Const(found.value), type_of_value(found.value))


def _prompt(rest: list[str], scope: Scope, at: Path, context: Context) -> Bound | None:
    if rest:
        tell_unknown(f"the prompt has no field '{rest[0]}'", rest[0], (), at, context)
        return None
    if context.inside.prompt is not None:
        return seen(context.inside.prompt, scope)
    if context.spec.prompt is None:
        tell_none("prompt", at, context)
        return None
    return Bound(Const(context.spec.prompt), _WORDS)


def _inputs(rest: list[str], scope: Scope, at: Path, context: Context) -> Bound | None:
    if rest:
        tell_unknown(f"the inputs have no field '{rest[0]}'", rest[0], (), at, context)
        return None
    if context.inside.inputs is not None:
        return seen(context.inside.inputs, scope)
    if context.spec.inputs is None:
        tell_none("inputs", at, context)
        return None
    if context.given is None:
        return None
    value, type_ = value_of(context.given)
    return Bound(Const(value), type_)


def _run(rest: list[str], at: Path, context: Context) -> Bound | None:
    if rest != ["id"]:
        name = ".".join(rest)
        tell_unknown(f"the run has no field '{name}'", name, ["id"], at, context)
        return None
    return Bound(FromRun("id"), _WORDS)


def _step(  # noqa: PLR0911 (a case for each field)
    rest: list[str], scope: Scope, at: Path, context: Context
) -> Bound | None:
    name, *fields = rest or [""]
    found = find_step(name, scope, at, context)
    if found is None:
        return None
    owner, index = found
    reference, output = StepRef(scope.climb(owner), index), owner.values[index]
    match fields or ["output"]:
        case ["output"] if output.broken:
            return None
        case ["output"]:
            return Bound(FromStep(reference), output.type, media_of(output))
        case ["outputs", *more]:
            return named_output(name, more, found, scope, at, context)
        case ["path"] if owner.parent is None and not context.spec.save_intermediates:
            said = f"'{name}' has no path: only the last step's outputs are files"
            context.fault("no_path", said, at, "with  save_intermediates: true  it has one")
            return None
        case ["path" | "label" | "status" | "cost" as field]:
            return Bound(FromStep(reference, field), _WORDS)
        case _:
            said = f"step '{name}' has no field '{'.'.join(fields)}'"
            tell_unknown(said, fields[0], _STEP_FIELDS, at, context)
            return None
