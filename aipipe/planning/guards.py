"""What a step waits for besides its inputs: a condition that must hold, a person who agrees."""

from collections.abc import Mapping
from dataclasses import replace

from aipipe.contracts.media import DATA, TEXT
from aipipe.language.conditions.tree import ConditionError, Name, names_in
from aipipe.language.conditions.truth import Found, Kind, Open, truth
from aipipe.language.conditions.writing import fault_of
from aipipe.language.diagnostics import Path
from aipipe.language.references import Reference
from aipipe.language.spec import StepSpec
from aipipe.planning import wording
from aipipe.planning.bindings import Binding, Const, FromItem, FromStep, Many, One
from aipipe.planning.bound import Bound
from aipipe.planning.comparable import comparable
from aipipe.planning.context import Context
from aipipe.planning.endings import check_endings
from aipipe.planning.expressions import bind
from aipipe.planning.plan import Guard
from aipipe.planning.reads import Reads
from aipipe.planning.scopes import Scope, outwards

_IN_PLACE = frozenset({"vars", "prompt"})
"""Roots that may hold nothing: `null` in a condition."""


def guard(step: StepSpec, scope: Scope, reads: Reads, context: Context) -> Guard | None:
    """The condition of a step; None: it has none, it is true already, or it is at fault (noted)."""
    if step.when is None:
        return None
    at = (*step.at, "when")
    named = {name.path: name for name in names_in(step.when.tree)}
    bound = {path: _bound(name, scope, at, context) for path, name in named.items()}
    known = {path: each for path, each in bound.items() if each is not None}
    if len(known) < len(named):
        return None
    try:
        check_endings(step.when.tree)
        holds = truth(step.when.tree, lambda name: _found(known[name.path], name))
    except ConditionError as error:
        told = fault_of("condition", error, at)
        context.faults.append(replace(told, file=context.inside.file))
        return None
    if holds is True:
        return None
    made = Guard(step.when, {path: each.binding for path, each in known.items()}, holds is False)
    if holds is None:
        _wait(made.values, reads)
    return made


def check_approval(step: StepSpec, scope: Scope, context: Context) -> None:
    """Nobody is asked once an item: note it where a step of a batch asks for that."""
    if step.approve is not None and any(each.kind == "batch" for each in outwards(scope)):
        context.fault(
            "approve_in_batch",
            "'approve' stands inside a batch, and would be asked for every item",
            (*step.at, "approve"),
            "put it on the batch itself, or on a step before or after it",
            on_key=True,
        )


def _wait(values: Mapping[tuple[str, ...], Binding], reads: Reads) -> None:
    """Wait for what a condition asks of; how a step has ended is known of failed ones too."""
    for binding in values.values():
        if isinstance(binding, FromStep):
            if binding.field == "output":
                reads.value(binding.ref)
            else:
                reads.test(binding.ref)


def _bound(name: Name, scope: Scope, at: Path, context: Context) -> Bound | None:
    if name.path[0] in _IN_PLACE and _is_nothing(name, context):
        return Bound(Const(None), One(None))
    before = len(context.faults)
    bound = bind(Reference(name.path), scope, at, context)
    if bound is not None:
        _check_medium(bound, name, at, context)
    place = (name.at.start, name.at.end)
    told = context.faults[before:]
    context.faults[before:] = [
        replace(each, within=place) if each.at == at else each for each in told
    ]
    return bound if len(context.faults) == before else None


def _is_nothing(name: Name, context: Context) -> bool:
    match name.path:
        case ("prompt",):
            return context.spec.prompt is None
        case ("vars", variable):
            known = context.spec.vars.get(variable)
            return known is not None and known.value is None
        case _:
            return False


def _check_medium(bound: Bound, name: Name, at: Path, context: Context) -> None:
    """Only texts and plain data can be compared."""
    if isinstance(bound.type, Many) or bound.type.medium in {None, TEXT, DATA}:
        if not (isinstance(bound.binding, FromStep) and bound.binding.field == "path"):
            return
        said = "is where a file is"
    else:
        said = f"is {wording.of_type(bound.type, context)}"
    context.fault(
        "condition",
        f"'{name.text}' {said}, and a condition compares texts and numbers",
        at,
        "a step has: output (a text), status, cost, label",
    )


def _found(bound: Bound, name: Name) -> Found:
    """What is known of a name: its value, or of what kind it will be."""
    binding = bound.binding
    if isinstance(binding, Const):
        return comparable(binding.value, name)
    return Open(_kind(bound))


def _kind(bound: Bound) -> Kind | None:
    match bound.binding:
        case FromStep(field="cost") | FromItem(field="index"):
            return "number"
        case FromItem(field="column"):
            return None
        case _ if isinstance(bound.type, Many):
            return "list"
        case _:
            return "text" if bound.type.medium == TEXT else None
