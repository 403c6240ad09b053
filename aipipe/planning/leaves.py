"""One task of the plan: a call to a model, a merge or a split."""

from collections.abc import Mapping
from dataclasses import dataclass

from aipipe.catalog.price import FREE
from aipipe.contracts.media import Medium
from aipipe.contracts.step import StepType
from aipipe.language.references import Expression
from aipipe.language.spec import MergeStep, ModelStep, OnError, SplitStep
from aipipe.planning import merging, slots
from aipipe.planning.context import Context
from aipipe.planning.expressions import bind
from aipipe.planning.models import LOCAL, Choice, choose
from aipipe.planning.outputs import default_stem, written_name
from aipipe.planning.plan import (
    Binding,
    Const,
    Many,
    One,
    OutputName,
    SlotSource,
    Task,
    ValueType,
)
from aipipe.planning.pricing import prices, text_binding
from aipipe.planning.reads import Reads
from aipipe.planning.scopes import Output, Scope, Stream

OUTPUT_FILE = "output_file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a template will stand: what it is called and what it follows."""

    scope: Scope
    index: int
    path: str
    label: str
    reads: Reads
    on_error: OnError
    depth: int

    @property
    def id(self) -> str:
        """The step's id in its scope."""
        return self.scope.ids[self.index]


@dataclass(frozen=True, slots=True)
class Planned:
    """A template and its value."""

    template: Task
    output: Output


def model_task(
    step: ModelStep, stream: Stream, place: Place, times: int | None, context: Context
) -> Planned | None:
    """The task of a step that calls a model; None: its step type is not known."""
    step_type = context.registry.steps.get(step.type)
    if step_type is None:
        return None
    choice = choose(step, step_type, context) or Choice(name=step.model, provider=LOCAL)
    filled = slots.fill(step, step_type, stream, place.scope, context)
    slots.read(filled, place.reads)
    words = slots.slot_words(step_type)
    own = {k: v for k, v in step.params.items() if k not in words and k != OUTPUT_FILE}
    params = _bindings(own, "params", step, place, context)
    raw = _bindings(step.raw, "raw", step, place, context)
    count = _count(params)
    text = text_binding(step_type, filled.inputs)
    one, total = prices(choice, params, text, place.scope, times)
    task = Task(
        number=context.number(),
        id=place.id,
        path=place.path,
        label=place.label,
        at=step.at,
        needs=place.reads.needs,
        on_error=place.on_error,
        produces=_produces(step_type, count),
        depth=place.depth,
        type=step.type,
        plugin=f"step:{step.type}" if choice.plugin_is_step else f"provider:{choice.provider}",
        asked=step.model,
        model=choice.name,
        provider=choice.provider,
        endpoint=choice.endpoint,
        mock=choice.mock,
        params=params,
        raw=raw,
        inputs=filled.inputs,
        sources=tuple(filled.sources),
        medium=step_type.produces,
        count=count,
        output=_output(step, step_type, choice, place, context),
        estimate=one,
        total=total,
        times=times,
        retry=step.retry or context.spec.retry,
        timeout=step.timeout if step.timeout is not None else context.spec.timeout,
        heavy=choice.plugin_is_step and step_type.heavy,
        cache=step.cache,
    )
    return Planned(task, Output(task.produces))


def merge_task(
    step: MergeStep, stream: Stream, place: Place, times: int | None, context: Context
) -> Planned | None:
    """The task of a merge; None: it is at fault (and noted)."""
    strategy = context.registry.merges.get(step.strategy)
    taken = merging.take(step, stream, place.scope, context)
    if strategy is None or taken is None:
        return None
    produces = merging.merged_type(step, strategy, taken, context)
    medium = strategy.produces
    extension = strategy.format or _default_format(medium, context)
    task = _local_task(
        step,
        place,
        context,
        plugin=f"merge:{strategy.name}",
        asked=strategy.name,
        taken=taken,
        produces=produces,
        medium=medium,
        output=_named(step, medium, extension, place, context),
        heavy=strategy.heavy and strategy.run is not None,
        times=times,
    )
    return Planned(task, Output(produces))


def split_task(
    step: SplitStep, stream: Stream, place: Place, times: int | None, context: Context
) -> Planned | None:
    """The task of a split; None: it is at fault (and noted)."""
    mode = context.registry.splits.get(step.mode)
    taken = merging.take(step, stream, place.scope, context)
    if mode is None or taken is None:
        return None
    parts = merging.split_parts(step, mode, taken, context)
    produces = merging.split_type(step, mode, taken, parts, context)
    published = OUTPUT_FILE in step.params
    task = _local_task(
        step,
        place,
        context,
        plugin=f"split:{mode.name}",
        asked=mode.name,
        taken=taken,
        produces=produces,
        medium=mode.produces,
        output=_named(step, mode.produces, "", place, context) if published else None,
        heavy=mode.heavy,
        times=times,
    )
    return Planned(task, Output(produces, parts))


def _local_task(  # noqa: PLR0913 (the parts of one record)
    step: MergeStep | SplitStep,
    place: Place,
    context: Context,
    *,
    plugin: str,
    asked: str,
    taken: merging.Taken,
    produces: ValueType,
    medium: Medium | None,
    output: OutputName | None,
    heavy: bool,
    times: int | None,
) -> Task:
    place.reads.all_of(taken.binding)
    own = {k: v for k, v in step.params.items() if k != OUTPUT_FILE}
    params = _bindings(own, "params", step, place, context)
    return Task(
        number=context.number(),
        id=place.id,
        path=place.path,
        label=place.label,
        at=step.at,
        needs=place.reads.needs,
        on_error=place.on_error,
        produces=produces,
        depth=place.depth,
        type=step.type,
        plugin=plugin,
        asked=asked,
        model=asked,
        provider=LOCAL,
        params=params,
        inputs={"input": taken.binding},
        sources=(SlotSource(slot="input", words=taken.words),),
        medium=medium,
        output=output,
        estimate=FREE,
        total=FREE,
        times=times,
        retry=context.spec.retry,
        timeout=context.spec.timeout,
        heavy=heavy,
    )


def _bindings(
    written: Mapping[str, Expression],
    key: str,
    step: ModelStep | MergeStep | SplitStep,
    place: Place,
    context: Context,
) -> dict[str, Binding]:
    bindings: dict[str, Binding] = {}
    for word, value in written.items():
        bound = bind(value, place.scope, (*step.at, key, word), context)
        if bound is not None:
            bindings[word] = bound.binding
            place.reads.all_of(bound.binding)
    return bindings


def _count(params: Mapping[str, Binding]) -> int:
    asked = params.get("count")
    known = asked.value if isinstance(asked, Const) else 1
    return known if isinstance(known, int) and known > 0 else 1


def _produces(step_type: StepType, count: int) -> ValueType:
    one = One(step_type.produces)
    return one if count == 1 else Many(one, count)


def _output(
    step: ModelStep, step_type: StepType, choice: Choice, place: Place, context: Context
) -> OutputName | None:
    if step_type.produces is None:
        return None
    if choice.model is not None:
        extension = choice.model.formats[0]
    else:
        extension = step_type.local_format or _default_format(step_type.produces, context)
    return _named(step, step_type.produces, extension, place, context)


def _named(
    step: ModelStep | MergeStep | SplitStep,
    medium: Medium | None,
    extension: str,
    place: Place,
    context: Context,
) -> OutputName | None:
    if medium is None:
        return None
    written = step.params.get(OUTPUT_FILE)
    if written is None:
        return OutputName(stem=default_stem((place.id,), place.scope), extension=extension)
    at = (*step.at, "params", OUTPUT_FILE)
    name = written_name(written, medium, place.scope, at, context)
    if name is not None:
        place.reads.all_of(name.stem)
    return name


def _default_format(medium: Medium | None, context: Context) -> str:
    return context.registry.kinds[medium].default_format if medium is not None else ""
