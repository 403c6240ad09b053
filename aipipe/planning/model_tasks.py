"""A call to a model as a task of the plan."""

from collections.abc import Mapping
from typing import Final

from aipipe.catalog.wiring import Endpoint
from aipipe.contracts.step import StepType
from aipipe.language.diagnostics import Path
from aipipe.language.spec import ModelStep
from aipipe.planning import param_files, slots
from aipipe.planning.context import Context
from aipipe.planning.models import LOCAL, Choice, choose
from aipipe.planning.output_names import output_name
from aipipe.planning.params import OUTPUT_FILE, bindings, count_of
from aipipe.planning.place import Place
from aipipe.planning.plan import Binding, Const, Many, One, Task, ValueType
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
    choice = choose(step, step_type, context) or Choice(name=step.model, provider=LOCAL)
    filled = slots.fill(step, step_type, stream, place.scope, context)
    for binding in filled.inputs.values():
        place.reads.all_of(binding)
    files = param_files.files(step, choice.model, place, context)
    file_words = param_files.words_of(choice.model)
    elsewhere = slots.slot_words(step_type) | {OUTPUT_FILE} | file_words
    own = {k: v for k, v in step.params.items() if k not in elsewhere}
    params = bindings(own, (*step.at, "params"), place, context)
    raw = bindings(step.raw, (*step.at, "raw"), place, context)
    _tell_voice(choice, params, (*step.at, "params", VOICE), context)
    count = count_of(params, (*step.at, "params"), context)
    slot = text_slot(step_type, filled.inputs)
    text = None if slot is None else filled.inputs[slot]
    told = {**params, **dict.fromkeys(files, Const("given"))}
    one, total, by_length = prices(choice, told, text, place.scope, place.times)
    output = output_name(step, step_type.produces, _format(step_type, choice), place, context)
    produces = _produces(step_type, count)
    task = Task(
        number=0,
        id=place.id,
        path=place.path,
        label=place.label,
        caption=_caption(step, choice, place.label),
        at=step.at,
        needs=place.reads.needs,
        on_error=place.on_error,
        produces=produces,
        depth=place.depth,
        type=step.type,
        plugin=f"step:{step.type}" if choice.plugin_is_step else f"provider:{choice.provider}",
        asked=step.model,
        model=choice.name,
        provider=choice.provider,
        endpoint=choice.endpoint,
        known=_known(choice, context),
        mock=choice.mock,
        params=params,
        raw=raw,
        inputs={**filled.inputs, **files},
        sources=tuple(filled.sources),
        medium=step_type.produces,
        count=count,
        output=output,
        estimate=one,
        total=total,
        by_length=by_length,
        text_slot=slot,
        times=place.times,
        retry=step.retry or context.spec.retry,
        timeout=step.timeout if step.timeout is not None else context.spec.timeout,
        heavy=choice.plugin_is_step and step_type.heavy,
        cache=step.cache,
    )
    return task, Output(produces)


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
    named, _, rest = label.partition(" ")
    return f"{model.name} {rest}".strip() if named == step.model else ""


def _tell_voice(choice: Choice, params: Mapping[str, Binding], at: Path, context: Context) -> None:
    """Tell of a voice whose name is easily taken for another's."""
    if choice.model is None or choice.mock:
        return
    match params.get(VOICE):
        case Const(str(name)):
            voice = context.catalog.voices.get(choice.provider, {}).get(name)
            if voice is not None and voice.notice:
                context.note("voice", voice.notice, at)
        case _:
            pass


def _produces(step_type: StepType, count: int) -> ValueType:
    one = One(step_type.produces)
    return one if count == 1 else Many(one, count)


def _format(step_type: StepType, choice: Choice) -> str | None:
    return choice.model.formats[0] if choice.model is not None else step_type.local_format
