"""Finding the step or the batch that a name means, from where a step stands."""

from collections.abc import Sequence

from aipipe.language.diagnostics import Path
from aipipe.language.spec import BatchStep, StepSpec
from aipipe.language.suggestions import did_you_mean, one_of
from aipipe.planning.context import Context
from aipipe.planning.mentions import inner_steps
from aipipe.planning.naming import slug
from aipipe.planning.scopes import Scope, seen_from


def find_step(name: str, scope: Scope, at: Path, context: Context) -> tuple[Scope, int] | None:
    """The scope and place of a step that may be read from here; None: a fault, and noted."""
    owner = next((each for each in seen_from(scope) if name in each.names), None)
    if owner is None:
        _tell_unknown(name, scope, at, context)
        return None
    index = owner.names[name]
    if index == owner.here:
        _tell_itself(name, owner is scope, at, context)
        return None
    if index not in owner.values:
        context.fault(
            "reference_to_later_step",
            f"step '{name}' comes later",
            at,
            "a step can only use what stands before it: move it down, or the other one up",
        )
        return None
    return owner, index


def find_batch(name: str, scope: Scope) -> Scope | None:
    """The innermost batch (`item`), or the one that calls its item by this name."""
    batches = (each for each in seen_from(scope) if each.kind == "batch")
    return next((each for each in batches if name in {"item", each.as_name}), None)


def visible(scope: Scope) -> list[str]:
    """The ids that can be referenced from a scope, the nearest first."""
    return list(dict.fromkeys(name for each in seen_from(scope) for name in each.names))


def _tell_itself(name: str, directly: bool, at: Path, context: Context) -> None:  # noqa: FBT001
    said = f"step '{name}' refers to itself" if directly else f"'{name}' holds this step"
    more = () if directly else ("a step can't wait for what it is a part of",)
    context.fault("reference_to_itself", said, at, *more)


def _tell_unknown(name: str, scope: Scope, at: Path, context: Context) -> None:
    if context.is_crowded:
        context.fault("unknown_step", f"unknown step '{name}'", at)
        return
    if any(name in each.names for each in seen_from(scope.home.parent)):
        context.fault(
            "unknown_step",
            f"step '{name}' is outside of this pipeline",
            at,
            "what it gives may come in by  with:  where this pipeline is used",
        )
        return
    if any(name in each.automatic for each in seen_from(scope)):
        context.fault(
            "automatic_id",
            f"'{name}' is no id of its own, so nothing can refer to it",
            at,
            "give that step an  id:",
        )
        return
    for each in seen_from(scope):
        if any(name == _named(step) for step in each.written):
            context.fault("switched_off", f"step '{name}' is switched off by 'enabled'", at)
            return
        holder = _holder(name, each.written)
        if holder is not None:
            _tell_inside(name, holder, at, context)
            return
    seen = visible(scope)
    hints = did_you_mean(name, seen) or (
        f"steps that can be seen from here: {one_of(seen)}"
        if seen
        else "no step that can be seen from here has an  id:",
    )
    context.fault("unknown_step", f"unknown step '{name}'", at, *hints)


def _named(step: StepSpec) -> str | None:
    return step.id or (slug(step.name) if step.name else None)


def _holder(name: str, steps: Sequence[StepSpec]) -> StepSpec | None:
    """The group, chain or batch among some steps that holds a step of this name."""
    for step in steps:
        inner = inner_steps(step)
        if any(_named(each) == name for each in inner) or _holder(name, inner) is not None:
            return step
    return None


def _tell_inside(name: str, holder: StepSpec, at: Path, context: Context) -> None:
    what = "a batch" if isinstance(holder, BatchStep) else "a group"
    called = f"'{_named(holder)}'" if _named(holder) else what
    context.fault(
        "inside_another",
        f"step '{name}' is inside {called}, and can't be seen from here",
        at,
        f"refer to {called}: its value is the list of all that is made inside it",
    )
