"""Written values with references in them, made into bindings."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from aipipe.contracts.artefact import Value
from aipipe.contracts.media import TEXT
from aipipe.language.diagnostics import Path
from aipipe.language.references import Expression, Interpolated, Reference
from aipipe.planning import wording
from aipipe.planning.context import Context
from aipipe.planning.lookup import find_batch, find_step
from aipipe.planning.plan import (
    Binding,
    Const,
    FromItem,
    FromRun,
    FromStep,
    Joined,
    ListOf,
    Many,
    MapOf,
    One,
    StepRef,
    ValueType,
)
from aipipe.planning.scopes import Scope, batches_between

_STEP_FIELDS = ("output", "path", "label", "status", "cost")
_PLAIN = One(None)
_WORDS = One(TEXT)


@dataclass(frozen=True, slots=True)
class Bound:
    """A binding and the type of its value."""

    binding: Binding
    type: ValueType


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


def type_of_value(value: Value) -> ValueType:
    """The type of a value that is known."""
    if isinstance(value, str):
        return _WORDS
    if isinstance(value, list | tuple):
        return Many(type_of_value(value[0]) if value else _PLAIN, len(value))
    return _PLAIN


def _mapping(
    written: Mapping[str, Expression], scope: Scope, at: Path, context: Context
) -> Bound | None:
    bound = {key: bind(value, scope, (*at, key), context) for key, value in written.items()}
    entries = {key: value.binding for key, value in bound.items() if value is not None}
    if len(entries) < len(bound):
        return None
    if all(isinstance(entry, Const) for entry in entries.values()):
        known = {key: e.value for key, e in entries.items() if isinstance(e, Const)}
        return Bound(Const(known), _PLAIN)
    return Bound(MapOf(entries), _PLAIN)


def _list(
    written: "tuple[Expression, ...]", scope: Scope, at: Path, context: Context
) -> Bound | None:
    bound = [bind(value, scope, (*at, index), context) for index, value in enumerate(written)]
    items = tuple(value.binding for value in bound if value is not None)
    if len(items) < len(bound):
        return None
    first = next((value.type for value in bound if value is not None), _PLAIN)
    if all(isinstance(item, Const) for item in items):
        known = [item.value for item in items if isinstance(item, Const)]
        return Bound(Const(tuple(known)), Many(first, len(items)))
    return Bound(ListOf(items), Many(first, len(items)))


def _interpolated(
    parts: "tuple[str | Reference, ...]", scope: Scope, at: Path, context: Context
) -> Bound | None:
    bound = [
        Bound(Const(part), _WORDS)
        if isinstance(part, str)
        else _inside_text(part, scope, at, context)
        for part in parts
    ]
    found = tuple(each.binding for each in bound if each is not None)
    if len(found) < len(bound):
        return None
    if all(isinstance(each, Const) for each in found):
        return Bound(
            Const("".join(text_of(e.value) for e in found if isinstance(e, Const))), _WORDS
        )
    return Bound(Joined(found), _WORDS)


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
            return _var(ref, rest, at, context)
        case "prompt":
            return _prompt(at, context)
        case "inputs":
            return _inputs(at, context)
        case "run":
            return _run(ref, rest, at, context)
        case "steps":
            return _step(ref, rest, scope, at, context)
        case _:
            return _item(ref, scope, at, context)


def _var(ref: Reference, rest: list[str], at: Path, context: Context) -> Bound | None:
    variables = context.spec.vars
    if not rest or rest[0] not in variables:
        name = rest[0] if rest else ""
        _unknown("variable", name, list(variables), at, context)
        return None
    value: Value = variables[rest[0]].value
    for key in rest[1:]:
        if not isinstance(value, Mapping) or key not in value:
            context.fault("unknown_reference", f"'{'.'.join(ref.path)}' does not exist", at)
            return None
        value = value[key]
    if value is None:
        context.fault(
            "var_not_given", f"variable '{rest[0]}' has no value", at, f"--var {rest[0]}=…"
        )
        return None
    return Bound(Const(value), type_of_value(value))


def _prompt(at: Path, context: Context) -> Bound | None:
    if context.spec.prompt is None:
        context.fault(
            "no_prompt", "the run has no prompt", at, "--prompt TEXT", "prompt: at the top"
        )
        return None
    return Bound(Const(context.spec.prompt), _WORDS)


def _inputs(at: Path, context: Context) -> Bound | None:
    if context.spec.inputs is None:
        context.fault(
            "no_inputs", "the run has no inputs", at, "--input PATH", "inputs: at the top"
        )
        return None
    known = tuple(context.spec.inputs)
    return Bound(Const(known), type_of_value(known))


def _run(ref: Reference, rest: list[str], at: Path, context: Context) -> Bound | None:
    if rest != ["id"]:
        _unknown("fact of the run", ".".join(ref.path[1:]), ["id"], at, context)
        return None
    return Bound(FromRun("id"), _WORDS)


def _step(
    ref: Reference, rest: list[str], scope: Scope, at: Path, context: Context
) -> Bound | None:
    name, field = (rest[0] if rest else "", rest[1] if len(rest) > 1 else "output")
    found = find_step(name, scope, at, context)
    if found is None:
        return None
    if field not in _STEP_FIELDS or len(rest) > 2:  # noqa: PLR2004 (id and field)
        _unknown(f"field of step '{name}'", ".".join(rest[1:]), list(_STEP_FIELDS), at, context)
        return None
    owner, index = found
    reference = StepRef(scope.climb(owner), index)
    made = owner.values[index].type if field == "output" else _WORDS
    return Bound(FromStep(reference, field), made)  # type: ignore[arg-type] # checked above


def _item(ref: Reference, scope: Scope, at: Path, context: Context) -> Bound | None:
    batch = find_batch(ref.path[0], scope)
    if batch is None:
        context.fault("no_item", f"'{'.'.join(ref.path)}' stands outside of any batch", at)
        return None
    up = batches_between(scope, batch)
    field = ref.path[1] if len(ref.path) > 1 else "value"
    match field:
        case "value":
            return Bound(FromItem(up, "value"), batch.item or _PLAIN)
        case "index" | "key":
            return Bound(FromItem(up, "index" if field == "index" else "key"), _WORDS)
        case _:
            return Bound(FromItem(up, "column", field), _WORDS)


def _unknown(what: str, name: str, known: list[str], at: Path, context: Context) -> None:
    close = get_close_matches(name, known, 1)
    hints = [f"did you mean '{close[0]}'?"] if close else []
    if known and not close:
        hints.append("there are: " + ", ".join(sorted(known)[:12]))
    context.fault("unknown_reference", f"unknown {what} '{name}'", at, *hints)
