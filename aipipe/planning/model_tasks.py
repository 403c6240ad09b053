"""A call to a model as a task of the plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from aipipe.catalog.wiring import Endpoint
from aipipe.contracts.step import StepType
from aipipe.language.diagnostics import Path
from aipipe.language.spec import ModelStep
from aipipe.planning import param_files, services, slots, workflows
from aipipe.planning.bindings import Binding, Const, Many, One, ValueType
from aipipe.planning.context import Context
from aipipe.planning.fallbacks import with_fallbacks
from aipipe.planning.matrix_references import has_model
from aipipe.planning.models import LOCAL, Choice, choose
from aipipe.planning.output_names import output_name
from aipipe.planning.params import OUTPUT_FILE, bindings, count_of
from aipipe.planning.place import Place
from aipipe.planning.plan import OutputName, Task
from aipipe.planning.pricing import prices, text_slot
from aipipe.planning.scopes import Output, Stream

VOICE: Final = "voice"


def model_task(
    step: ModelStep, stream: Stream, place: Place, context: Context
) -> tuple[Task, Output] | None:
    """The task of a step that calls a model, and its value; None: the step type is not known."""
    step_type = context.registry.steps.get(step.type)
    if step_type is None:
        return None
    if not has_model(step, place.scope, context):
        return None
    choice = choose(step, step_type, context) or Choice(name=step.model, provider=LOCAL)
    others = [_other(step, name, step_type, context) for name in step.fallback]
    filled = slots.fill(step, step_type, stream, place.scope, context)
    for binding in filled.inputs.values():
        place.reads.all_of(binding)
    for each in (choice, *others):
        if each.service is not None:
            services.check(each.service, step, step_type, filled, context)
        if each.workflow is not None:
            workflows.check(each.workflow, step, step_type, filled, context)
    models = [each.model for each in (choice, *others)]
    files = param_files.files(step, models, place, context)
    elsewhere = slots.slot_words(step_type) | {OUTPUT_FILE} | param_files.words_of(models)
    own = {k: v for k, v in step.params.items() if k not in elsewhere}
    params = bindings(own, (*step.at, "params"), place, context)
    raw = bindings(step.raw, (*step.at, "raw"), place, context)
    count = count_of(params, (*step.at, "params"), context)
    output = output_name(step, step_type.produces, _format(step_type, choice), place, context)
    said = _Said(step=step, step_type=step_type, place=place, filled=filled, files=files)
    told = replace(said, params=params, raw=raw, count=count, output=output)
    asked = zip((step.model, *step.fallback), (choice, *others), strict=True)
    task, *fallbacks = [_task(name, each, told, context) for name, each in asked]
    return with_fallbacks(task, fallbacks), Output(task.produces)


def _other(step: ModelStep, name: str, step_type: StepType, context: Context) -> Choice:
    """A model that may take the step's place; its own price counts for endpoints alone."""
    price = step.price if ":" in name else None
    asked = replace(step, model=name, provider=None, price=price)
    return choose(asked, step_type, context) or Choice(name=name, provider=LOCAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What a step says, whatever model carries it out."""

    step: ModelStep
    step_type: StepType
    place: Place
    filled: slots.Filling
    files: Mapping[str, Binding]
    params: Mapping[str, Binding] = field(default_factory=dict)
    raw: Mapping[str, Binding] = field(default_factory=dict)
    count: int = 1
    output: OutputName | None = None


def _task(asked: str, choice: Choice, said: _Said, context: Context) -> Task:
    """The task of a step by one model, `asked` being its name as written."""
    step, place, inputs = said.step, said.place, said.filled.inputs
    _tell_voice(choice, said.params, (*step.at, "params", VOICE), context)
    slot = text_slot(said.step_type, inputs)
    text = None if slot is None else inputs[slot]
    told = {**said.params, **dict.fromkeys(said.files, Const("given"))}
    one, total, by_length = prices(choice, told, text, place.scope, place.times)
    return Task(
        number=0,
        id=place.id,
        path=place.path,
        label=place.label,
        caption=_caption(step, choice, place.label),
        at=step.at,
        file=place.file,
        needs=place.reads.needs,
        on_error=place.on_error,
        produces=_produces(said.step_type, said.count),
        depth=place.depth,
        type=step.type,
        plugin=f"step:{step.type}" if choice.plugin_is_step else f"provider:{choice.provider}",
        asked=asked,
        model=choice.name,
        provider=choice.provider,
        endpoint=choice.endpoint,
        known=_known(choice, context),
        service=None if choice.plugin_is_step else choice.service,
        workflow=None if choice.plugin_is_step else choice.workflow,
        mock=choice.mock,
        params=said.params,
        raw=said.raw,
        inputs={**inputs, **said.files},
        sources=tuple(said.filled.sources),
        medium=said.step_type.produces,
        count=said.count,
        output=said.output,
        estimate=one,
        total=total,
        by_length=by_length,
        text_slot=slot,
        times=place.times,
        retry=step.retry or context.spec.retry,
        timeout=step.timeout if step.timeout is not None else context.spec.timeout,
        heavy=choice.plugin_is_step and said.step_type.heavy,
        cache=step.cache,
    )


def _known(choice: Choice, context: Context) -> Endpoint | None:
    """What is sent, in the catalogue's words."""
    if choice.model is None or choice.plugin_is_step:
        return None
    return Endpoint(choice.model, context.catalog.voices.get(choice.provider, {}))


def _caption(step: ModelStep, choice: Choice, label: str) -> str:
    """The label with the model that is called in the place of the one that was shut down."""
    model = choice.model
    if model is None or step.name or step.model in {model.name, *model.aliases}:
        return ""
    rest = label.removeprefix(step.model)
    is_named = rest != label and (not rest or rest[0] in " ,")
    return f"{model.name}{rest}" if is_named else ""


def _tell_voice(choice: Choice, params: Mapping[str, Binding], at: Path, context: Context) -> None:
    """Tell of a voice whose name is easily taken for another's."""
    if choice.model is None or choice.mock:
        return
    match params.get(VOICE):
        case Const(str(name)):
            voice = context.catalog.voices.get(choice.provider, {}).get(name.lower())
            if voice is not None and voice.notice:
                context.note("voice", voice.notice, at)
        case _:
            pass


def _produces(step_type: StepType, count: int) -> ValueType:
    one = One(step_type.produces)
    return one if count == 1 else Many(one, count)


def _format(step_type: StepType, choice: Choice) -> str | None:
    return choice.model.formats[0] if choice.model is not None else step_type.local_format
