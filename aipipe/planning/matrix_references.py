"""References to the values of a matrix that none of the matrices around them has."""

from aipipe.language.diagnostics import Path
from aipipe.language.references import expression
from aipipe.language.spec import ModelStep
from aipipe.planning.context import Context
from aipipe.planning.mentions import references
from aipipe.planning.scopes import Scope, seen_from
from aipipe.planning.unknown import tell_unknown


def axes_around(scope: Scope | None) -> tuple[str, ...]:
    """The axes of all matrices around a scope, the innermost first."""
    return tuple(axis for each in seen_from(scope) for axis in each.axes)


def tell_no_value(path: tuple[str, ...], scope: Scope, at: Path, context: Context) -> None:
    """Note that a reference such as `matrix.sead` names no value: those that do are gone by now."""
    known = axes_around(scope)
    name = ".".join(path[1:])
    if not known:
        context.fault(
            "no_matrix",
            f"'{'.'.join(path)}' stands outside of any matrix",
            at,
            "beside the step's type:  matrix: {" + (name or "seed") + ": [first, second]}",
        )
    elif name.partition(".")[0] in known:
        context.fault("unknown_reference", f"a value of a matrix has no field: '{name}'", at)
    else:
        tell_unknown(f"the matrix has no '{name}'", name, known, at, context)


def has_model(step: ModelStep, scope: Scope, context: Context) -> bool:
    """Whether a step's model is a name, now that the values of matrices stand in it."""
    if "${{" not in step.model:
        return True
    at = (*step.at, "model")
    for each in references(expression(step.model, at, context.faults)):
        if each.path[0] == "matrix":
            tell_no_value(each.path, scope, at, context)
        else:
            said = f"the model can't be '{'.'.join(each.path)}'"
            context.fault("unknown_reference", said, at, "only a value of a matrix can be a model")
    return False
