"""The steps that a step mentions, in `needs` or in a reference, in it or anywhere inside it."""

from collections.abc import Iterator, Mapping, Sequence

from aipipe.language.conditions.tree import names_in
from aipipe.language.references import Expression, Interpolated, Reference
from aipipe.language.spec import (
    BatchStep,
    BrokenStep,
    ChainStep,
    GroupStep,
    MergeStep,
    ModelStep,
    PipelineStep,
    SplitStep,
    StepSpec,
)
from aipipe.planning.naming import ids_of


def mentioned(step: StepSpec) -> frozenset[str]:
    """The ids that lead out of a step. An id inside it hides its namesakes outside."""
    own = {ref.path[1] for written in _written(step) for ref in _steps_in(written)}
    return frozenset(own.union(step.needs or (), _from_inside(step)))


def reads_steps(written: Expression) -> bool:
    """Whether an `input:` refers to other steps, and so takes the place of the step before."""
    return any(True for _ in _steps_in(written))


def inner_steps(step: StepSpec) -> Sequence[StepSpec]:
    """The steps written directly in a step."""
    match step:
        case ChainStep() | BatchStep():
            return step.steps
        case GroupStep():
            return step.branches
        case MergeStep(judge=judge):
            return () if judge is None else (judge,)
        case ModelStep() | SplitStep() | PipelineStep() | BrokenStep():
            return ()


def _from_inside(step: StepSpec) -> frozenset[str]:
    inner = inner_steps(step)
    if not inner:
        return frozenset()
    _, names, _ = ids_of(inner, numbered=isinstance(step, GroupStep))
    return frozenset().union(*(mentioned(each) for each in inner)) - names.keys()


def _written(step: StepSpec) -> Iterator[Expression]:
    """All that may hold references in a step itself."""
    yield step.input
    if step.when is not None:
        yield tuple(Reference(name.path) for name in names_in(step.when.tree))
    match step:
        case ModelStep():
            yield from (step.params, step.raw)
        case MergeStep() | SplitStep():
            yield step.params
        case BatchStep():
            yield step.inputs
        case GroupStep():
            yield step.merge_params
        case PipelineStep():
            yield step.given
        case ChainStep() | BrokenStep():
            return


def _steps_in(written: Expression) -> Iterator[Reference]:
    for each in references(written):
        if each.path[0] == "steps" and len(each.path) > 1:
            yield each


def references(written: Expression) -> Iterator[Reference]:
    """Every reference in a written value."""
    match written:
        case Reference():
            yield written
        case Interpolated(parts):
            yield from (part for part in parts if isinstance(part, Reference))
        case tuple():
            for each in written:
                yield from references(each)
        case Mapping():
            for each in written.values():
                yield from references(each)
        case _:
            return
