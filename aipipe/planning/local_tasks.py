"""A merge or a split as a task of the plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aipipe.catalog.price import FREE
from aipipe.contracts.media import Medium
from aipipe.language.spec import MergeStep, SplitStep
from aipipe.planning import choosing, merging
from aipipe.planning.bindings import Binding, ValueType
from aipipe.planning.context import Context
from aipipe.planning.models import LOCAL
from aipipe.planning.output_names import output_name
from aipipe.planning.params import OUTPUT_FILE, bindings
from aipipe.planning.place import Place
from aipipe.planning.plan import OutputName, SlotSource, Task
from aipipe.planning.scopes import Output, Stream
from aipipe.planning.value_types import medium_of


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """What tells one merge or split from another."""

    plugin: str
    name: str
    produces: ValueType
    medium: Medium | None
    output: OutputName | None
    heavy: bool
    pairs: bool = False
    more: Mapping[str, Binding] = field(default_factory=dict)
    """Inputs besides the one."""


def merge_task(
    step: MergeStep, stream: Stream, place: Place, context: Context
) -> tuple[Task, Output] | None:
    """The task of a merge and its value; None: it is at fault."""
    strategy = context.registry.merges.get(step.strategy)
    taken = merging.take(step, stream, place.scope, context)
    if strategy is None or taken is None:
        return None
    choosing.check(step, strategy, taken, context)
    produces = merging.merged_type(step, strategy, taken, context)
    medium = medium_of(produces) if strategy.picks else strategy.produces
    is_published = strategy.run is not None and (not strategy.picks or OUTPUT_FILE in step.params)
    kind = _Kind(
        plugin=f"merge:{strategy.name}",
        name=strategy.name,
        produces=produces,
        medium=medium,
        output=output_name(step, medium, strategy.format, place, context) if is_published else None,
        more=choosing.scores(step, place, context),
        heavy=strategy.heavy and strategy.run is not None,
        pairs=strategy.pairs,
    )
    media = taken.media if strategy.produces is None else frozenset[Medium]()
    return _task(step, kind, taken, place, context), Output(produces, media=media)


def split_task(
    step: SplitStep, stream: Stream, place: Place, context: Context
) -> tuple[Task, Output] | None:
    """The task of a split and its value; None: it is at fault."""
    mode = context.registry.splits.get(step.mode)
    taken = merging.take(step, stream, place.scope, context)
    if mode is None or taken is None:
        return None
    parts = merging.split_parts(step, mode, taken, context)
    produces = merging.split_type(step, mode, taken, parts, context)
    medium = medium_of(produces)
    published = OUTPUT_FILE in step.params
    kind = _Kind(
        plugin=f"split:{mode.name}",
        name=mode.name,
        produces=produces,
        medium=medium,
        output=output_name(step, medium, None, place, context) if published else None,
        heavy=mode.heavy,
    )
    return _task(step, kind, taken, place, context), Output(produces, parts)


def _task(
    step: MergeStep | SplitStep, kind: _Kind, taken: merging.Taken, place: Place, context: Context
) -> Task:
    if isinstance(step, MergeStep):
        place.reads.gather(taken.binding)
    else:
        place.reads.all_of(taken.binding)
    own = {k: v for k, v in step.params.items() if k != OUTPUT_FILE}
    params = bindings(own, (*step.at, "params"), place, context)
    return Task(
        number=0,
        id=place.id,
        path=place.path,
        label=place.label,
        at=step.at,
        file=place.file,
        needs=place.reads.needs,
        on_error=place.on_error,
        produces=kind.produces,
        depth=place.depth,
        type=step.type,
        plugin=kind.plugin,
        asked=kind.name,
        model=kind.name,
        provider=LOCAL,
        params=params,
        inputs={"input": taken.binding, **kind.more},
        sources=(SlotSource(slot="input", words=taken.words),),
        medium=kind.medium,
        output=kind.output,
        estimate=FREE,
        total=FREE,
        times=place.times,
        retry=context.spec.retry,
        timeout=context.spec.timeout,
        heavy=kind.heavy,
        pairs=kind.pairs,
    )
