"""Whether a cell's condition holds, now that all that it names has ended."""

from decimal import Decimal

from aipipe.contracts.artefact import ArtefactRef, Value
from aipipe.contracts.media import TEXT
from aipipe.contracts.outcome import Problem, problem_of
from aipipe.contracts.status import Status
from aipipe.errors import StepError
from aipipe.language.conditions.tree import ConditionError, Name
from aipipe.language.conditions.truth import OPEN, Found, truth
from aipipe.planning.bindings import Binding, FromStep
from aipipe.planning.comparable import comparable
from aipipe.planning.plan import Guard
from aipipe.running import passed_over, problems
from aipipe.running.cells import Cell
from aipipe.running.desk import Desk
from aipipe.running.values import NANO, Binder, GapError, spent_by, target

CODE = "condition"
_UNREAD = "\0"
"""Begins the text of what nobody has made yet, where a run is only thought."""


def left_out(cell: Cell, desk: Desk) -> tuple[Status, Problem] | None:
    """How a cell ends that has nothing to merge, or whose condition is false; None: it may run."""
    gathered = [target(cell, need.ref) for need in cell.template.needs if need.gathered]
    if gathered and all(each.is_passed_over for each in gathered):
        return Status.SKIPPED, passed_over.needs(gathered[-1].path)
    guard = cell.template.guard
    if guard is None:
        return None
    try:
        if holds(guard, cell, desk.binder, foresees=desk.terms.foresees):
            return None
    except GapError as gap:
        return Status.SKIPPED, problems.needs(gap.step)
    except StepError as error:
        return Status.FAILED, problem_of(error)
    return Status.SKIPPED, passed_over.unmet(guard.condition.text)


def holds(guard: Guard, cell: Cell, binder: Binder, *, foresees: bool = False) -> bool:
    """Whether a step may run. Where it is only foreseen, what is not known yet counts as true.

    Raises:
        StepError: things of unlike kinds are compared.
        GapError: it reads a step that has no value.
    """

    def found(name: Name) -> Found:
        binding = guard.values[name.path]
        if foresees and isinstance(binding, FromStep) and binding.field != "output":
            return OPEN
        value = _value(binding, cell, binder)
        return OPEN if foresees and _is_unread(value) else comparable(value, name)

    try:
        return truth(guard.condition.tree, found) is not False
    except ConditionError as error:
        written = guard.condition.text
        raise StepError(CODE, f"when: {written}: {error.message}") from error


def _value(binding: Binding, cell: Cell, binder: Binder) -> "Value | Decimal":
    if isinstance(binding, FromStep):
        step = target(cell, binding.ref)
        if binding.field == "status":
            return str(Status.DONE if step.status is Status.REUSED else step.status)
        if binding.field == "cost":
            return Decimal(spent_by(step)) / NANO
    return _read(binder.value(binding, cell), binder)


def _read(value: "Value | None", binder: Binder) -> Value:
    """A value whose texts are read, without the blanks around them."""
    match value:
        case ArtefactRef(medium=medium) if medium == TEXT:
            return binder.text(value).strip()
        case tuple() | list():
            return tuple(_read(each, binder) for each in value)
        case _:
            return value


def _is_unread(value: "Value | Decimal") -> bool:
    if isinstance(value, tuple):
        return any(_is_unread(each) for each in value)
    return isinstance(value, str) and _UNREAD in value
