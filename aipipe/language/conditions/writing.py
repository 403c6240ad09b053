"""`when:` of a step as written, made into a condition."""

from aipipe.contracts.artefact import Json
from aipipe.language.conditions.parsing import parsed
from aipipe.language.conditions.tree import Condition, ConditionError, Constant, Place
from aipipe.language.diagnostics import Fault, Path


def condition(value: Json, at: Path, faults: list[Fault]) -> Condition | None:
    """What a step waits to be true; None: nothing, or it is at fault (and noted)."""
    if value is False:
        return Condition("false", Constant(False, Place(0, 0)))
    if not isinstance(value, str):
        return None
    try:
        return parsed(value)
    except ConditionError as error:
        faults.append(fault_of("condition_syntax", error, at))
        return None


def fault_of(code: str, error: ConditionError, at: Path) -> Fault:
    """The fault of a part of a condition, at its own column."""
    return Fault(
        code=code,
        message=error.message,
        at=at,
        hints=error.hints,
        within=(error.at.start, error.at.end),
    )
