"""The steps of a pipeline, scope by scope: what reaches each, and the template it becomes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from aipipe.language.spec import (
    BatchStep,
    BrokenStep,
    ChainStep,
    GroupStep,
    MergeStep,
    ModelStep,
    OnError,
    SplitStep,
    StepSpec,
)
from aipipe.planning import assembly, leaves, ordering
from aipipe.planning.batches import batch_source
from aipipe.planning.context import Context
from aipipe.planning.heights import height
from aipipe.planning.labels import labels_of
from aipipe.planning.leaves import Place
from aipipe.planning.naming import ids_of
from aipipe.planning.plan import Chain, Many, One, StepRef, Template
from aipipe.planning.reads import Reads
from aipipe.planning.scopes import (
    ItemSource,
    Output,
    Scope,
    StepSource,
    Stream,
    after,
    inside,
)

UNKNOWN = Output(One(None))
"""The value of a step that is at fault: nothing more is said of it."""


@dataclass(frozen=True, slots=True)
class Made:
    """A planned step; `template` None: it is at fault, and only its type is guessed."""

    template: Template | None
    output: Output


@dataclass(frozen=True, slots=True)
class Around:
    """What the steps of a scope inherit."""

    on_error: OnError
    times: int | None
    """How often the scope runs; None: an unknown number."""
    rest: int
    """Tasks that follow this scope inside the same item."""


def chain(
    steps: Sequence[StepSpec], scope: Scope, stream: Stream, around: Around, context: Context
) -> tuple[Template, ...] | None:
    """The templates of steps one after the other; None: one is at fault."""
    labels = _opened(scope, steps, context)
    following = _following([height(step) for step in scope.steps])
    templates: list[Template | None] = []
    current = stream
    for index, step in enumerate(scope.steps):
        reads = Reads()
        arrives = _arriving(step, index, current, scope, stream, reads, context)
        own = replace(around, rest=around.rest + following[index])
        place = _place(scope, index, labels[index], reads, own)
        made = _step(step, arrives, place, own, context)
        templates.append(made.template)
        current = _pass_on(scope, index, made, arrives)
    known = tuple(t for t in templates if t is not None)
    return known if len(known) == len(templates) else None


def last_output(scope: Scope) -> Output:
    """The value of a chain."""
    return scope.values.get(len(scope.steps) - 1, UNKNOWN)


def _group(
    steps: Sequence[StepSpec], scope: Scope, stream: Stream, around: Around, context: Context
) -> tuple[Template, ...] | None:
    labels = _opened(scope, [ordering.as_branch(step) for step in steps], context)
    templates: dict[int, Template] = {}
    for index in ordering.branch_order(scope, context):
        step, reads, arrives = scope.steps[index], Reads(), stream
        scope.here = index
        if step.needs is not None:
            arrives = ordering.needed(step, scope, stream, reads, context)
        place = _place(scope, index, labels[index], reads, around)
        made = _step(step, arrives, place, around, context)
        if made.template is not None:
            templates[index] = made.template
        _pass_on(scope, index, made, arrives)
    known = tuple(templates[index] for index in sorted(templates))
    return known if len(known) == len(scope.steps) else None


def _opened(scope: Scope, steps: Sequence[StepSpec], context: Context) -> tuple[str, ...]:
    """Name the steps of a scope; gives their labels."""
    enabled = tuple(s for s in steps if ordering.is_enabled(s, context))
    scope.steps = enabled if scope.kind == "group" else ordering.with_merges(enabled)
    numbered = scope.kind == "group"
    scope.ids, scope.names, scope.automatic = ids_of(scope.steps, numbered=numbered)
    return labels_of(scope.steps, scope.ids)


def _following(heights: list[int]) -> list[int]:
    """How many tasks come after each step."""
    sums = list(accumulate(reversed(heights), initial=0))
    return sums[-2::-1]


def _arriving(  # noqa: PLR0913, PLR0917 (the parts of one act)
    step: StepSpec,
    index: int,
    current: Stream,
    scope: Scope,
    entry: Stream,
    reads: Reads,
    context: Context,
) -> Stream:
    """What arrives at a step of a chain; the edge to the step before is noted."""
    scope.here = index
    if step.needs is not None:
        return ordering.needed(step, scope, current if step.needs else entry, reads, context)
    if index > 0 and not ordering.reads_steps(step.input):
        reads.order(StepRef(0, index - 1))
    return current


def _pass_on(scope: Scope, index: int, made: Made, arrived: Stream) -> Stream:
    scope.values[index] = made.output
    source = StepSource(scope, index, made.output.type, made.output.known)
    scope.streams[index] = after(arrived, source)
    return scope.streams[index]


def _place(scope: Scope, index: int, label: str, reads: Reads, around: Around) -> Place:
    step = scope.steps[index]
    return Place(
        scope=scope,
        index=index,
        path=_path(scope, index),
        label=label,
        reads=reads,
        on_error=step.on_error or around.on_error,
        depth=around.rest + height(step),
    )


def _path(scope: Scope, index: int) -> str:
    if _stands_for_item(scope):
        return scope.path
    return f"{scope.path}.{scope.ids[index]}" if scope.path else scope.ids[index]


def _stands_for_item(scope: Scope) -> bool:
    """The one nameless step of a batch is called by its item alone."""
    if scope.parent is None or scope.parent.kind != "batch" or len(scope.steps) > 1:
        return False
    return scope.steps[0].id is None and not scope.steps[0].name


def _step(step: StepSpec, stream: Stream, place: Place, around: Around, context: Context) -> Made:
    match step:
        case ModelStep():
            return _leaf(leaves.model_task(step, stream, place, around.times, context))
        case MergeStep():
            return _leaf(leaves.merge_task(step, stream, place, around.times, context))
        case SplitStep():
            return _leaf(leaves.split_task(step, stream, place, around.times, context))
        case ChainStep():
            return _chain_step(step, stream, place, around, context)
        case GroupStep():
            return _group_step(step, stream, place, around, context)
        case BatchStep():
            return _batch_step(step, stream, place, around, context)
        case BrokenStep():
            return Made(None, UNKNOWN)


def _leaf(planned: leaves.Planned | None) -> Made:
    return Made(None, UNKNOWN) if planned is None else Made(planned.template, planned.output)


def _chain_step(
    step: ChainStep, stream: Stream, place: Place, around: Around, context: Context
) -> Made:
    number = context.number()
    inner = Scope(kind="chain", parent=place.scope, path=place.path)
    own = replace(around, on_error=place.on_error)
    children = chain(step.steps, inner, stream, own, context)
    output = Output(last_output(inner).type)
    if children is None:
        return Made(None, output)
    head = assembly.header(place, step, number, output)
    return Made(Chain(**head, children=children), output)


def _group_step(
    step: GroupStep, stream: Stream, place: Place, around: Around, context: Context
) -> Made:
    number = context.number()
    inner = Scope(kind="group", parent=place.scope, path=place.path)
    own = replace(around, on_error=_of_children(step, place))
    children = _group(step.branches, inner, stream, own, context)
    types = [inner.values[index].type for index in sorted(inner.values)]
    output = Output(Many(assembly.common_type(types), len(inner.steps)))
    if children is None:
        return Made(None, output)
    return Made(
        assembly.group(assembly.header(place, step, number, output), step, children), output
    )


def _of_children(step: GroupStep | BatchStep, place: Place) -> OnError:
    """What a failure inside does by default: a group that allows some goes on."""
    tolerant = step.max_failures is not None or step.min_success is not None
    return OnError.CONTINUE if tolerant else place.on_error


def _batch_step(
    step: BatchStep, stream: Stream, place: Place, around: Around, context: Context
) -> Made:
    number, body_number = context.number(), context.number()
    batch = Scope(kind="batch", parent=place.scope, path=f"{place.path}[]")
    batch.as_name = step.as_name
    source = batch_source(step, stream, place, context)
    if source is None:
        return Made(None, Output(Many(One(None), None)))
    batch.item, batch.items = source.type, source.items
    inner = Scope(kind="chain", parent=batch, path=batch.path)
    on_error = _of_children(step, place)
    own = Around(on_error=on_error, times=_times(around.times, source.count), rest=0)
    item = ItemSource(batch, source.type)
    children = chain(step.steps, inner, inside(stream, item), own, context)
    output = Output(Many(last_output(inner).type, source.count))
    if children is None:
        return Made(None, output)
    body = assembly.body(body_number, inner.path, children, on_error, last_output(inner))
    window = step.batch_size or context.spec.limits.max_workers or context.default_workers
    head = assembly.header(place, step, number, output)
    return Made(assembly.batch(head, step, source, body, window), output)


def _times(outer: int | None, count: int | None) -> int | None:
    return None if outer is None or count is None else outer * count
