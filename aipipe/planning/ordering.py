"""What comes before what: `needs`, the order of branches, and steps that are switched off."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from aipipe.language.references import Expression, Interpolated, Reference
from aipipe.language.spec import (
    BatchStep,
    ChainStep,
    GroupStep,
    MergeStep,
    ModelStep,
    SplitStep,
    StepSpec,
)
from aipipe.planning.context import Context
from aipipe.planning.lookup import find_step
from aipipe.planning.plan import Many, One, StepRef
from aipipe.planning.reads import Reads
from aipipe.planning.scopes import ListSource, Scope, Source, StepSource, Stream


def is_enabled(step: StepSpec, context: Context) -> bool:
    """Whether a step counts as written."""
    match step.enabled:
        case Reference(path) if path[0] == "vars" and path[1:2]:
            variable = context.spec.vars.get(path[1])
            if variable is None:
                context.fault(
                    "unknown_reference", f"unknown variable '{path[1]}'", (*step.at, "enabled")
                )
                return True
            return variable.value not in {False, "false"}
        case Reference() | Interpolated():
            context.fault(
                "enabled",
                "'enabled' is true, false or a variable",
                (*step.at, "enabled"),
                "${{ vars.NAME }}",
            )
            return True
        case _:
            return step.enabled is not False


def with_merges(steps: Sequence[StepSpec]) -> tuple[StepSpec, ...]:
    """A chain's steps, with the merge that a group asks for written out after it."""
    return tuple(each for step in steps for each in _with_merge(step))


def as_branch(step: StepSpec) -> StepSpec:
    """A group's branch; one that asks for a merge becomes a chain of the two."""
    if not isinstance(step, GroupStep) or step.merge_strategy is None:
        return step
    return ChainStep(
        at=step.at,
        type="chain",
        id=step.id,
        name=step.name,
        needs=step.needs,
        on_error=step.on_error,
        steps=_with_merge(replace(step, id=None, name=None, needs=None)),
    )


def _with_merge(step: StepSpec) -> tuple[StepSpec, ...]:
    if not isinstance(step, GroupStep) or step.merge_strategy is None:
        return (step,)
    merge = MergeStep(
        at=step.at,
        type="merge_outputs",
        strategy=step.merge_strategy,
        params=step.merge_params,
        on_error=step.on_error,
    )
    return (replace(step, merge_strategy=None), merge)


def needed(step: StepSpec, scope: Scope, stream: Stream, reads: Reads, context: Context) -> Stream:
    """What arrives at a step with `needs`: what it names, unless `input:` says what to take."""
    found: list[tuple[Scope, int]] = []
    for index, name in enumerate(step.needs or ()):
        place = find_step(name, scope, (*step.at, "needs", index), context)
        if place is not None:
            found.append(place)
            reads.order(StepRef(scope.climb(place[0]), place[1]))
    if step.input is not None or not found:
        return stream
    sources = [_source(owner, index) for owner, index in found]
    streams = [owner.streams[index] for owner, index in found]
    if len(sources) == 1:
        return streams[0]
    carried = {
        medium: source
        for medium, source in streams[0].carried.items()
        if all(other.carried.get(medium) is source for other in streams)
    }
    return Stream(_listed(sources), {**stream.carried, **carried})


def _source(owner: Scope, index: int) -> StepSource:
    output = owner.values[index]
    return StepSource(owner, index, output.type, output.known)


def _listed(sources: list[StepSource]) -> Source:
    kinds = {source.type for source in sources}
    element = kinds.pop() if len(kinds) == 1 else One(None)
    return ListSource(tuple(sources), Many(element, len(sources)))


def branch_order(scope: Scope, context: Context) -> Iterator[int]:
    """The branches of a group, those first that others read."""
    waits = {
        index: {scope.names[name] for name in _named(step) if name in scope.names} - {index}
        for index, step in enumerate(scope.steps)
    }
    done: set[int] = set()
    while len(done) < len(waits):
        ready = [index for index in waits if index not in done and waits[index] <= done]
        if not ready:
            _tell_cycle([i for i in waits if i not in done], waits, scope, context)
            return
        for index in ready:
            yield index
            done.add(index)


def _tell_cycle(
    left: list[int], waits: Mapping[int, set[int]], scope: Scope, context: Context
) -> None:
    circle = [left[0]]
    while circle[-1] not in circle[:-1]:
        circle.append(min(waits[circle[-1]] & set(left)))
    circle = circle[circle.index(circle[-1]) :]
    names = " → ".join(f"'{scope.ids[index]}'" for index in circle)
    step = scope.steps[circle[0]]
    context.fault("cycle", f"these steps wait for each other: {names}", step.at)


def _named(step: StepSpec) -> set[str]:
    """Every step that a step names anywhere inside, in `needs` or in a reference."""
    names = {ref.path[1] for ref in _references(step) if ref.path[0] == "steps" and ref.path[1:]}
    for each in _with_children(step):
        names.update(each.needs or ())
    return names


def _with_children(step: StepSpec) -> Iterator[StepSpec]:
    yield step
    match step:
        case ChainStep() | BatchStep():
            children: Sequence[StepSpec] = step.steps
        case GroupStep():
            children = step.branches
        case _:
            children = ()
    for child in children:
        yield from _with_children(child)


def _references(step: StepSpec) -> Iterator[Reference]:
    for each in _with_children(step):
        yield from _in(each.input)
        match each:
            case ModelStep():
                yield from _in(each.params)
                yield from _in(each.raw)
            case MergeStep() | SplitStep():
                yield from _in(each.params)
            case BatchStep():
                yield from _in(each.inputs)
            case _:
                pass


def _in(written: Expression) -> Iterator[Reference]:
    match written:
        case Reference():
            yield written
        case Interpolated(parts):
            yield from (part for part in parts if isinstance(part, Reference))
        case tuple():
            for each in written:
                yield from _in(each)
        case Mapping():
            for each in written.values():
                yield from _in(each)
        case _:
            return


def reads_steps(written: Expression) -> bool:
    """Whether an `input:` refers to other steps, and so takes the place of the step before."""
    return any(ref.path[0] == "steps" for ref in _in(written))
