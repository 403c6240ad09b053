"""From a pipeline as written to a plan: every scope, step by step."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TypedDict

from aipipe.contracts.artefact import InputFile, Value
from aipipe.contracts.media import TEXT, Medium
from aipipe.language.diagnostics import Fault, Path
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
from aipipe.planning import leaves, ordering
from aipipe.planning.batches import Source as BatchSource
from aipipe.planning.batches import batch_source
from aipipe.planning.context import Context
from aipipe.planning.heights import height
from aipipe.planning.items import items_of
from aipipe.planning.labels import labels_of
from aipipe.planning.leaves import Place
from aipipe.planning.naming import ids_of
from aipipe.planning.outputs import collisions
from aipipe.planning.plan import (
    Batch,
    Chain,
    Group,
    Many,
    Need,
    One,
    Plan,
    StepRef,
    Task,
    Template,
    ValueType,
)
from aipipe.planning.reads import Reads
from aipipe.planning.scopes import (
    GivenSource,
    ItemSource,
    Output,
    Scope,
    Source,
    StepSource,
    Stream,
    after,
    inside,
)


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
    rest: int
    """Tasks that follow this scope inside the same item."""


_UNKNOWN = Output(One(None))


def plan(context: Context) -> tuple[Plan | None, list[Fault]]:
    """The plan of `context.spec` and its notices, or None and what is wrong."""
    spec = context.spec
    root_scope = Scope(kind="chain", parent=None, path="")
    number = context.number()
    around = Around(on_error=spec.on_error, times=1, rest=0)
    children = _chain(spec.steps, root_scope, _given(context), around, context)
    if context.faults or children is None:
        return None, [*context.faults, *context.notices]
    root = Chain(
        number=number,
        id="",
        path="",
        label=spec.name,
        at=(),
        needs=(),
        on_error=spec.on_error,
        produces=_last(root_scope).type,
        children=children,
    )
    unproven = collisions(root, context)
    if context.faults:
        return None, [*context.faults, *context.notices]
    return _finished(root, unproven, context), list(context.notices)


def _finished(root: Chain, unproven: frozenset[int], context: Context) -> Plan:
    spec = context.spec
    return Plan(
        name=spec.name,
        file=spec.file,
        root=root,
        templates=tuple(sorted(_flat(root), key=lambda t: t.number)),
        notices=tuple(context.notices),
        budget=spec.budget,
        limits=spec.limits,
        mock=context.mock,
        tags=spec.tags,
        output_dir=spec.output_dir or f"output/{spec.name}",
        unproven=unproven,
    )


def _flat(template: Template) -> list[Template]:
    match template:
        case Task():
            return [template]
        case Batch():
            return [template, *_flat(template.body)]
        case Chain() | Group():
            return [template, *(t for child in template.children for t in _flat(child))]


def _given(context: Context) -> Stream:
    """What reaches the first step: the run's input, and its prompt as carried text."""
    spec = context.spec
    carried: dict[Medium, Source] = {}
    if spec.prompt is not None:
        carried[TEXT] = GivenSource(spec.prompt, One(TEXT), "the run's prompt")
    if spec.inputs is None:
        return Stream(None, carried)
    found = items_of(list(spec.inputs), spec.folder, ("inputs",), context)
    if found is None:
        return Stream(None, carried)
    values: tuple[Value, ...] = tuple(item.value for item in found.items)
    if len(values) == 1 and isinstance(values[0], str | InputFile):
        return Stream(GivenSource(values[0], found.type, "the run's input"), carried)
    given = GivenSource(values, Many(found.type, len(values)), "the run's inputs")
    return Stream(given, carried)


def _last(scope: Scope) -> Output:
    return scope.values.get(len(scope.steps) - 1, _UNKNOWN)


# --- scopes


def _opened(scope: Scope, steps: Sequence[StepSpec], context: Context) -> tuple[str, ...]:
    """Name the steps of a scope; gives their labels."""
    enabled = tuple(s for s in steps if ordering.is_enabled(s, context))
    scope.steps = enabled if scope.kind == "group" else ordering.with_merges(enabled)
    scope.ids, scope.names, scope.automatic = ids_of(
        scope.steps, numbered=scope.kind == "group"
    )
    return labels_of(scope.steps, scope.ids)


def _chain(
    steps: Sequence[StepSpec], scope: Scope, stream: Stream, around: Around, context: Context
) -> tuple[Template, ...] | None:
    labels = _opened(scope, steps, context)
    following = _following([height(step) for step in scope.steps])
    templates: list[Template | None] = []
    current = stream
    for index, step in enumerate(scope.steps):
        reads = Reads()
        arrives = _arriving(step, index, current, scope, stream, reads, context)
        own = replace(around, rest=around.rest + following[index])
        made = _step(step, index, labels[index], arrives, scope, reads, own, context)
        templates.append(made.template)
        current = _pass_on(scope, index, made, arrives)
    known = tuple(t for t in templates if t is not None)
    return known if len(known) == len(templates) else None


def _following(heights: list[int]) -> list[int]:
    """How many tasks come after each step."""
    sums = list(accumulate(reversed(heights), initial=0))
    return sums[-2::-1]


def _group(
    steps: Sequence[StepSpec], scope: Scope, stream: Stream, around: Around, context: Context
) -> tuple[Template, ...] | None:
    labels = _opened(scope, [ordering.as_branch(step) for step in steps], context)
    made: dict[int, Template | None] = {}
    for index in ordering.branch_order(scope, context):
        step = scope.steps[index]
        reads = Reads()
        scope.here = index
        arrives = stream
        if step.needs is not None:
            arrives = ordering.needed(step, scope, stream, reads, context)
        result = _step(step, index, labels[index], arrives, scope, reads, around, context)
        made[index] = result.template
        _pass_on(scope, index, result, arrives)
    known = tuple(t for _, t in sorted(made.items()) if t is not None)
    return known if len(known) == len(scope.steps) else None


def _arriving(  # noqa: PLR0913, PLR0917 (the parts of one act)
    step: StepSpec,
    index: int,
    current: Stream,
    scope: Scope,
    entry: Stream,
    reads: Reads,
    context: Context,
) -> Stream:
    scope.here = index
    if step.needs is not None:
        return ordering.needed(step, scope, entry if not step.needs else current, reads, context)
    if index > 0 and not ordering.reads_steps(step.input):
        reads.order(StepRef(0, index - 1))
    return current


def _pass_on(scope: Scope, index: int, made: Made, arrived: Stream) -> Stream:
    scope.values[index] = made.output
    source = StepSource(scope, index, made.output.type, made.output.known)
    scope.streams[index] = after(arrived, source)
    return scope.streams[index]


# --- steps


def _step(  # noqa: PLR0913, PLR0917 (the parts of one act)
    step: StepSpec,
    index: int,
    label: str,
    stream: Stream,
    scope: Scope,
    reads: Reads,
    around: Around,
    context: Context,
) -> Made:
    path = _path(scope, index, step)
    place = Place(
        scope=scope,
        index=index,
        path=path,
        label=label,
        reads=reads,
        on_error=step.on_error or around.on_error,
        depth=around.rest + height(step),
    )
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
            return Made(None, _UNKNOWN)


def _path(scope: Scope, index: int, step: StepSpec) -> str:
    if scope.parent is not None and scope.parent.kind == "batch" and _stands_for_item(scope, step):
        return scope.path
    return f"{scope.path}.{scope.ids[index]}" if scope.path else scope.ids[index]


def _stands_for_item(scope: Scope, step: StepSpec) -> bool:
    """A nameless `step_template` is called by its item alone."""
    return len(scope.steps) == 1 and step.id is None and not step.name


def _leaf(planned: leaves.Planned | None) -> Made:
    return Made(None, _UNKNOWN) if planned is None else Made(planned.template, planned.output)


def _inner(place: Place, kind: str, path: str) -> Scope:
    return Scope(kind=kind, parent=place.scope, path=path)  # type: ignore[arg-type] # literals below


def _chain_step(
    step: ChainStep, stream: Stream, place: Place, around: Around, context: Context
) -> Made:
    number = context.number()
    inner = _inner(place, "chain", place.path)
    own = replace(around, on_error=step.on_error or around.on_error)
    children = _chain(step.steps, inner, stream, own, context)
    output = Output(_last(inner).type)
    if children is None:
        return Made(None, output)
    return Made(
        Chain(**_header(place, step, number, output), children=children), output
    )


def _group_step(
    step: GroupStep, stream: Stream, place: Place, around: Around, context: Context
) -> Made:
    number = context.number()
    inner = _inner(place, "group", place.path)
    tolerant = step.max_failures is not None or step.min_success is not None
    default = OnError.CONTINUE if tolerant else step.on_error or around.on_error
    children = _group(step.branches, inner, stream, replace(around, on_error=default), context)
    types = [inner.values[i].type for i in range(len(inner.steps)) if i in inner.values]
    output = Output(Many(_common(types), len(inner.steps)))
    if children is None:
        return Made(None, output)
    group = Group(
        **_header(place, step, number, output),
        children=children,
        max_workers=step.max_workers,
        max_failures=step.max_failures,
        min_success=step.min_success,
        budget=step.budget,
    )
    return Made(group, output)


def _common(types: list[One | Many]) -> One | Many:
    """The type of a list's places: their own where they agree."""
    if not types:
        return One(None)
    first = types[0]
    if all(type_ == first for type_ in types):
        return first
    if all(isinstance(type_, Many) for type_ in types):
        return Many(_common([t.of for t in types if isinstance(t, Many)]), None)
    media = {_medium(type_) for type_ in types}
    return One(media.pop()) if len(media) == 1 else One(None)


def _medium(type_: One | Many) -> Medium | None:
    while isinstance(type_, Many):
        type_ = type_.of
    return type_.medium


def _batch_step(
    step: BatchStep, stream: Stream, place: Place, around: Around, context: Context
) -> Made:
    number, body_number = context.number(), context.number()
    batch = _inner(place, "batch", f"{place.path}[]")
    batch.as_name = step.as_name
    source = batch_source(step, stream, place, context)
    if source is None:
        return Made(None, Output(Many(One(None), None)))
    batch.item, batch.items = source.type, source.items
    body = Scope(kind="chain", parent=batch, path=batch.path)
    tolerant = step.max_failures is not None or step.min_success is not None
    default = OnError.CONTINUE if tolerant else step.on_error or around.on_error
    own = Around(on_error=default, times=_times(around.times, source.count), rest=0)
    item = ItemSource(batch, source.type)
    children = _chain(step.steps, body, inside(stream, item), own, context)
    output = Output(Many(_last(body).type, source.count))
    if children is None:
        return Made(None, output)
    return Made(_batch(step, place, source, number, output, _body(body, body_number, children, default), context), output)


def _body(scope: Scope, number: int, children: tuple[Template, ...], on_error: OnError) -> Chain:
    return Chain(
        number=number,
        id="",
        path=scope.path,
        label="",
        at=children[0].at[:-1] if children else (),
        needs=(),
        on_error=on_error,
        produces=_last(scope).type,
        children=children,
    )


def _batch(  # noqa: PLR0913, PLR0917 (the parts of one record)
    step: BatchStep,
    place: Place,
    source: BatchSource,
    number: int,
    output: Output,
    body: Chain,
    context: Context,
) -> Batch:
    return Batch(
        **_header(place, step, number, output),
        body=body,
        items=source.items,
        source=source.binding,
        window=step.batch_size or context.spec.limits.max_workers or context.default_workers,
        max_failures=step.max_failures,
        min_success=step.min_success,
        budget=step.budget,
    )


def _times(outer: int | None, count: int | None) -> int | None:
    return None if outer is None or count is None else outer * count


class _Header(TypedDict):
    number: int
    id: str
    path: str
    label: str
    at: Path
    needs: tuple[Need, ...]
    on_error: OnError
    produces: ValueType
    depth: int


def _header(place: Place, step: StepSpec, number: int, output: Output) -> _Header:
    return {
        "number": number,
        "id": place.id,
        "path": place.path,
        "label": place.label,
        "at": step.at,
        "needs": place.reads.needs,
        "on_error": place.on_error,
        "produces": output.type,
        "depth": place.depth,
    }
