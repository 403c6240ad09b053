"""A pipeline as one step of another: what it is given, and what it gives.

What the step says comes first (`with:`, `input:`), then what the pipeline's own file says
(`prompt:`, `inputs:`), then what reaches the step.
"""

from dataclasses import dataclass, replace

from aipipe.contracts.media import TEXT, Medium
from aipipe.language.spec import Limits, OnError, PipelineSpec, PipelineStep, Retry
from aipipe.planning import assembly
from aipipe.planning.bindings import One
from aipipe.planning.context import Context
from aipipe.planning.inside import Inside, Used
from aipipe.planning.items import given_items, value_of
from aipipe.planning.named_outputs import named_outputs
from aipipe.planning.opening import Around
from aipipe.planning.part_files import trail, used
from aipipe.planning.part_values import PROMPT, Given, given_values
from aipipe.planning.place import Place
from aipipe.planning.plan import Chain, Template
from aipipe.planning.scopes import GivenSource, Output, Scope, Source, Stream


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A used pipeline whose steps can be planned."""

    spec: PipelineSpec
    scope: Scope
    stream: Stream
    around: Around
    context: Context


def enter(
    step: PipelineStep, stream: Stream, place: Place, around: Around, context: Context
) -> Entered | None:
    """The pipeline that a step uses, ready to be planned; None: it is at fault (and noted).

    `stream` is what reaches it, `input:` included.
    """
    found = used(step, place.scope, context)
    if found is None:
        return None
    given = given_values(step, found, place, context)
    spec = _under(context.spec, found.spec, given)
    spec = spec if step.input is None else replace(spec, inputs=None)
    stream = _reaching(stream, step, spec)
    own = _own_context(found, spec, given, stream, context)
    on_error = place.on_error if spec.on_error is OnError.FAIL else spec.on_error
    _tell_unused(found.spec, own)
    return Entered(
        spec=spec,
        scope=Scope(kind="chain", parent=place.scope, path=place.path, part=found.path),
        stream=_into(stream, given, own),
        around=replace(around, on_error=on_error),
        context=own,
    )


def leave(
    step: PipelineStep,
    place: Place,
    entered: Entered,
    children: tuple[Template, ...] | None,
    last: Output,
) -> tuple[Chain | None, Output]:
    """The chain that the pipeline becomes, and its value: its first named output, else its last."""
    named = named_outputs(entered.spec.outputs, entered.scope, entered.context)
    place.scope.named[place.index] = named
    first = next(iter(named.values()), None)
    output = last if first is None else first.output
    if children is None or len(named) < len(entered.spec.outputs):
        return None, output
    chain = Chain(
        **assembly.header(place, step, output),
        children=children,
        result=() if first is None else first.inside,
        budget=entered.spec.budget,
        uses=entered.spec.file,
    )
    return chain, output


def _under(outer: PipelineSpec, spec: PipelineSpec, given: Given) -> PipelineSpec:
    """A pipeline with the values it is given; what it leaves open is as outside."""
    variables = {name: given.plain.get(name, var) for name, var in spec.vars.items()}
    return replace(
        spec,
        vars=variables,
        limits=outer.limits,
        retry=outer.retry if spec.retry == Retry() else spec.retry,
        timeout=outer.timeout if spec.timeout is None else spec.timeout,
    )


def _own_context(
    found: Used, spec: PipelineSpec, given: Given, stream: Stream, outer: Context
) -> Context:
    own_inputs = spec.inputs is not None
    inside = Inside(
        file=found.path,
        trail=(*trail(outer), found),
        values=given.late,
        prompt=given.prompt or (_text_in(stream) if spec.prompt is None else None),
        inputs=None if own_inputs else stream.arriving,
        doubtful=stream.doubtful,
    )
    context = replace(outer, spec=spec, inside=inside)
    if own_inputs:
        context.given = given_items(context)
    elif not isinstance(stream.arriving, GivenSource):
        context.given = None
    return context


def _reaching(stream: Stream, step: PipelineStep, spec: PipelineSpec) -> Stream:
    """What reaches a used pipeline: a text that only arrives gives way to a prompt of its own."""
    has_prompt = PROMPT in step.given or spec.prompt is not None
    arriving = stream.arriving
    if step.input is None and has_prompt and arriving is not None and arriving.type == One(TEXT):
        return replace(stream, arriving=None)
    return stream


def _text_in(stream: Stream) -> Source | None:
    """The text that reaches a step: what arrives, else what is carried."""
    arriving = stream.arriving
    if arriving is not None and arriving.type == One(TEXT):
        return arriving
    return stream.carried.get(TEXT)


def _into(stream: Stream, given: Given, own: Context) -> Stream:
    """What reaches the first step of a used pipeline."""
    carried: dict[Medium, Source] = dict(stream.carried)
    if given.prompt is not None:
        carried[TEXT] = given.prompt
    elif own.spec.prompt is not None:
        carried[TEXT] = GivenSource(own.spec.prompt, One(TEXT), "the pipeline's prompt")
    if own.spec.inputs is None:
        return replace(stream, carried=carried)
    if own.given is None:
        return Stream(None, carried, doubtful=True)
    value, type_ = value_of(own.given)
    return Stream(GivenSource(value, type_, "the pipeline's input"), carried, stream.doubtful)


def _tell_unused(spec: PipelineSpec, own: Context) -> None:
    """Note what a pipeline says that holds for whole runs alone."""
    said = {"limits": spec.limits != Limits(), "output_dir": spec.output_dir is not None}
    for key in [key for key, is_said in said.items() if is_said]:
        message = f"'{key}' of '{spec.file}' counts only where it is run by itself"
        own.note("not_of_a_part", message, (key,))
    if not spec.tags:
        message = f"no file of this run tells how it was made, as '{spec.file}' has 'tags: off'"
        own.note("not_of_a_part", message, ("tags",))
