"""The steps of a pipeline, scope by scope: what reaches each, and the template it becomes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import assert_never

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
from aipipe.planning import (
    assembly,
    expansion,
    guards,
    inner_scopes,
    ordering,
    parts,
    races,
)
from aipipe.planning.batches import batch_source
from aipipe.planning.bindings import Many, One, StepRef
from aipipe.planning.cell_checks import check, once
from aipipe.planning.cells import cells_of
from aipipe.planning.context import Context
from aipipe.planning.flow import after
from aipipe.planning.heights import height
from aipipe.planning.local_tasks import merge_task, split_task
from aipipe.planning.mentions import reads_steps
from aipipe.planning.model_tasks import model_task
from aipipe.planning.opening import Around, opened, place_of
from aipipe.planning.place import Place
from aipipe.planning.plan import Chain, Template
from aipipe.planning.reads import Reads
from aipipe.planning.scopes import (
    Output,
    Scope,
    StepSource,
    Stream,
    media_of,
)

_UNKNOWN = Output(One(None), broken=True)
"""The value of a step that is at fault: nothing more is said of it."""


@dataclass(frozen=True, slots=True)
class Made:
    """A planned step; `template` None: it is at fault, and only its value is guessed."""

    template: Template | None
    output: Output


# --- scopes


def chain(
    steps: Sequence[StepSpec], scope: Scope, stream: Stream, around: Around, context: Context
) -> tuple[Template, ...] | None:
    """The templates of steps one after the other; None: one is at fault."""
    labels = opened(scope, steps, context)
    following = _following([height(step) for step in scope.steps])
    made: list[Made] = []
    current = stream
    for index, step in enumerate(scope.steps):
        scope.here, reads = index, Reads()
        arrives = _arriving(step, current, scope, stream, reads, context)
        own = replace(around, rest=around.rest + following[index])
        made.append(_guarded(step, arrives, labels[index], scope, reads, own, context))
        current = _pass_on(scope, made[-1], arrives)
    return _complete(made, scope)


def last_output(scope: Scope) -> Output:
    """The value of a chain."""
    return scope.values.get(len(scope.steps) - 1, _UNKNOWN)


def _group(
    steps: Sequence[StepSpec], scope: Scope, stream: Stream, around: Around, context: Context
) -> tuple[Template, ...] | None:
    labels = opened(scope, steps, context)
    made: dict[int, Made] = {}
    for index in ordering.branch_order(scope, context):
        step, reads, arrives = scope.steps[index], Reads(), stream
        scope.here = index
        if step.needs is not None:
            arrives = ordering.needed(step, scope, stream, reads, context)
        made[index] = _guarded(step, arrives, labels[index], scope, reads, around, context)
        _pass_on(scope, made[index], arrives)
    return _complete([made[index] for index in sorted(made)], scope)


def _following(heights: list[int]) -> list[int]:
    """How many tasks come after each step."""
    sums = list(accumulate(reversed(heights), initial=0))
    return sums[-2::-1]


def _arriving(
    step: StepSpec, current: Stream, scope: Scope, entry: Stream, reads: Reads, context: Context
) -> Stream:
    """What arrives at a step of a chain; the edge to the step before is noted."""
    if step.needs is not None:
        return ordering.needed(step, scope, current if step.needs else entry, reads, context)
    if scope.here > 0 and not reads_steps(step.input):
        reads.order(StepRef(0, scope.here - 1))
    return current


def _pass_on(scope: Scope, made: Made, arrived: Stream) -> Stream:
    """What reaches the step behind the one that was made."""
    index = scope.here
    is_whole = made.template is not None
    scope.values[index] = made.output if is_whole else replace(made.output, broken=True)
    scope.streams[index] = after(arrived, StepSource(scope, index))
    return scope.streams[index]


def _complete(made: Sequence[Made], scope: Scope) -> tuple[Template, ...] | None:
    known = tuple(each.template for each in made if each.template is not None)
    return known if len(known) == len(scope.steps) else None


# --- steps


def _guarded(
    step: StepSpec,
    stream: Stream,
    label: str,
    scope: Scope,
    reads: Reads,
    around: Around,
    context: Context,
) -> Made:
    """A step with its condition; one that is known to be skipped waits for nothing."""
    guard = None if expansion.is_varied(step) else guards.guard(step, scope, reads, context)
    guards.check_approval(step, scope, context)
    is_skipped = guard is not None and guard.is_false
    own = replace(around, times=0) if is_skipped else around
    place = place_of(scope, label, reads, own)
    inner = replace(own, cell=place.label) if scope.kind == "matrix" else own
    made = _step(step, stream, place, inner, context)
    if made.template is None or (guard is None and step.approve is None):
        return made
    template = replace(made.template, guard=guard, approve=step.approve)
    return Made(replace(template, needs=()) if is_skipped else template, made.output)


def _step(step: StepSpec, stream: Stream, place: Place, around: Around, context: Context) -> Made:
    if expansion.is_varied(step):
        return _matrix_step(step, stream, place, around, context)
    return _one_step(step, stream, place, around, context)


def _one_step(
    step: StepSpec, stream: Stream, place: Place, around: Around, context: Context
) -> Made:
    match step:
        case ModelStep():
            made = model_task(step, stream, place, context)
        case MergeStep():
            made = merge_task(step, stream, place, context)
        case SplitStep():
            made = split_task(step, stream, place, context)
        case ChainStep() | PipelineStep():
            return _chain_step(step, stream, place, around, context)
        case GroupStep():
            return _group_step(step, stream, place, around, context)
        case BatchStep():
            return _batch_step(step, stream, place, around, context)
        case BrokenStep():
            made = None
        case _:
            assert_never(step)
    return Made(*made) if made is not None else Made(None, _UNKNOWN)


def _chain_step(
    step: ChainStep | PipelineStep, stream: Stream, place: Place, around: Around, context: Context
) -> Made:
    stream = inner_scopes.with_input(step, stream, place, context)
    if isinstance(step, PipelineStep):
        return _pipeline_step(step, stream, place, around, context)
    inner = Scope(kind="chain", parent=place.scope, path=place.path)
    children = chain(step.steps, inner, stream, replace(around, on_error=place.on_error), context)
    output = last_output(inner)
    if children is None:
        return Made(None, output)
    return Made(Chain(**assembly.header(place, step, output), children=children), output)


def _pipeline_step(
    step: PipelineStep, stream: Stream, place: Place, around: Around, context: Context
) -> Made:
    within = parts.enter(step, stream, place, around, context)
    if within is None:
        return Made(None, _UNKNOWN)
    children = chain(within.spec.steps, within.scope, within.stream, within.around, within.context)
    return Made(*parts.leave(step, place, within, children, last_output(within.scope)))


def _group_step(
    step: GroupStep, stream: Stream, place: Place, around: Around, context: Context
) -> Made:
    inner = Scope(kind="group", parent=place.scope, path=place.path)
    own = replace(around, on_error=inner_scopes.of_children(step, place))
    stream = inner_scopes.with_input(step, stream, place, context)
    children = _group(step.branches, inner, stream, own, context)
    output = races.group_output(step, _outputs(inner), context)
    inner_scopes.check_success(step, len(inner.steps), context)
    if children is None:
        return Made(None, output)
    return Made(assembly.group(assembly.header(place, step, output), step, children), output)


def _outputs(scope: Scope) -> list[Output]:
    """What its steps give, in the order written."""
    return [scope.values[index] for index in sorted(scope.values)]


def _matrix_step(
    step: StepSpec, stream: Stream, place: Place, around: Around, context: Context
) -> Made:
    """A step that is made several times: a group of its cells."""
    found = cells_of(step, place.scope, context)
    if found is None or not check(step, found, context):
        return Made(None, _UNKNOWN)
    inner = inner_scopes.matrix_scope(step, found, place)
    made: list[Made] = []
    for index, cell in enumerate(found.cells):
        inner.here = index
        own = replace(around, on_error=place.on_error, cell="")
        label, cell_step = inner_scopes.label_within(around, cell.label), inner.steps[index]
        with once(context):
            made.append(_guarded(cell_step, stream, label, inner, Reads(), own, context))
        _pass_on(inner, made[-1], stream)
    children, output = _complete(made, inner), races.list_output(_outputs(inner))
    if children is None:
        return Made(None, output)
    return Made(assembly.matrix(assembly.header(place, step, output), found, children), output)


def _batch_step(
    step: BatchStep, stream: Stream, place: Place, around: Around, context: Context
) -> Made:
    source = batch_source(step, stream, place, context)
    batch = inner_scopes.batch_scope(step, source, place)
    inner = Scope(kind="chain", parent=batch, path=batch.path)
    on_error = inner_scopes.of_children(step, place)
    count = None if source is None else source.count
    times = None if around.times is None or count is None else around.times * count
    own = Around(on_error=on_error, times=times, rest=0, cell=around.cell)
    children = chain(step.steps, inner, inner_scopes.into_item(batch, stream), own, context)
    inner_scopes.check_success(step, count, context)
    last = last_output(inner)
    output = Output(Many(last.type, count), media=media_of(last))
    if children is None or source is None:
        return Made(None, output)
    body = assembly.body(inner.path, children, own, last)
    window = step.batch_size or context.spec.limits.max_workers or context.default_workers
    head = assembly.header(place, step, output)
    return Made(assembly.batch(head, step, source, body, window), output)
