"""The steps of a scope as they count: without those switched off, with merges written out."""

from collections.abc import Sequence
from dataclasses import replace

from aipipe.language.references import Reference
from aipipe.language.spec import ChainStep, GroupStep, MergeStep, StepSpec
from aipipe.planning.context import Context
from aipipe.planning.judging import judged
from aipipe.planning.variables import variable


def enabled(steps: Sequence[StepSpec], context: Context) -> tuple[StepSpec, ...]:
    """The steps that count as written."""
    return tuple(step for step in steps if _is_enabled(step, context))


def with_merges(steps: Sequence[StepSpec]) -> tuple[StepSpec, ...]:
    """A chain's steps, with the merge that a group asks for written out after it."""
    return tuple(each for step in steps for each in _with_merge(step))


def as_branches(steps: Sequence[StepSpec]) -> tuple[StepSpec, ...]:
    """A group's branches; one that asks for a merge becomes a chain of the two."""
    return tuple(_as_branch(step) for step in steps)


def is_varied(step: StepSpec) -> bool:
    """Whether a step is made several times; its merge is then one in each of them."""
    return step.matrix is not None or step.repeat is not None


def _is_enabled(step: StepSpec, context: Context) -> bool:
    at = (*step.at, "enabled")
    value: object = step.enabled
    if isinstance(step.enabled, Reference) and step.enabled.path[0] == "vars":
        found = variable(step.enabled, at, context)
        value = True if found is None else found.value
    if value in (True, "true"):
        return True
    if value in (False, "false"):
        return False
    context.fault(
        "enabled", "'enabled' is true, false or a variable that is", at, "${{ vars.NAME }}"
    )
    return True


def _as_branch(step: StepSpec) -> StepSpec:
    if is_varied(step):
        return step
    if not isinstance(step, GroupStep) or step.merge_strategy is None:
        return judged(step)
    return ChainStep(
        at=step.at,
        type="chain",
        id=step.id,
        name=step.name,
        needs=step.needs,
        on_error=step.on_error,
        when=step.when,
        approve=step.approve,
        steps=_with_merge(replace(step, id=None, name=None, needs=None, when=None, approve=None)),
    )


def _with_merge(step: StepSpec) -> tuple[StepSpec, ...]:
    if is_varied(step):
        return (step,)
    if not isinstance(step, GroupStep) or step.merge_strategy is None:
        return (judged(step),)
    merge = MergeStep(
        at=step.at,
        type="merge_outputs",
        strategy=step.merge_strategy,
        params=step.merge_params,
        on_error=step.on_error,
    )
    return (replace(step, merge_strategy=None), merge)
