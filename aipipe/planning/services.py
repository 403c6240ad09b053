"""The service that a step's model describes in a file of its own."""

from dataclasses import replace
from pathlib import PurePath

from aipipe.contracts.service import Service
from aipipe.contracts.step import Slot, StepType
from aipipe.errors import PipelineFaultsError
from aipipe.language import reader
from aipipe.language.diagnostics import Diagnostic, Path
from aipipe.language.services import service_in, words_in, words_of_path
from aipipe.language.spec import ModelStep
from aipipe.language.suggestions import one_of
from aipipe.planning.context import Context
from aipipe.planning.literals import absolute, read_text
from aipipe.planning.slots import Filling, slot_words

FORMAT = "format"
"""The word for the extension of the file that is wanted."""
ELSEWHERE = frozenset({"output_file"})


def service_at(path: str, at: Path, context: Context) -> Service | None:
    """The service that a file describes; None: it is at fault (and noted, once)."""
    found = absolute(path, context.spec.folder)
    if found not in context.services:
        context.services[found] = _read(found, path, at, context)
    return context.services[found]


def _read(found: str, path: str, at: Path, context: Context) -> Service | None:
    if context.files.kind(found) != "file":
        context.fault(
            "missing_file",
            f"no file '{path}'",
            at,
            f"looked in {context.spec.folder}",
            "http:FILE  names a file that describes a service",
        )
        return None
    text = read_text(found, path, at, context)
    if text is None:
        return None
    try:
        document = reader.read_text(text, str(PurePath(context.spec.file).parent / path))
    except PipelineFaultsError as error:
        told = tuple(_ours(each) for each in error.faults if isinstance(each, Diagnostic))
        return _told(None, told, at, context)
    service, told = service_in(document, context.service_schema, _every_word(context))
    return _told(service, told, at, context)


def _ours(told: Diagnostic) -> Diagnostic:
    """What the reader says of a pipeline's file, of this kind of file."""
    if told.code != "empty_file":
        return told
    hints = ("a description has 'base' and 'submit':  aipipe schema --service",)
    return replace(told, message="the file describes no service", hints=hints)


def _told(
    service: Service | None, told: tuple[Diagnostic, ...], at: Path, context: Context
) -> Service | None:
    context.elsewhere.extend(told)
    if service is None:
        message = f"the service that '{told[0].file}' describes can't be called"
        context.fault("service", message, at, "what is wrong with it is told there")
    return service


def _every_word(context: Context) -> frozenset[str]:
    steps = context.registry.steps.values()
    slots = {slot.name for step in steps for slot in step.slots}
    return frozenset({*slots, *(word for step in steps for word in step.params), FORMAT})


def check(
    service: Service, step: ModelStep, step_type: StepType, filled: Filling, context: Context
) -> None:
    """Note what a step says that its service has no place for, and what its address lacks."""
    places, slots = words_in(service), slot_words(step_type)
    given = {*step.params, *filled.inputs}
    for word in step.params:
        if word not in places | slots | ELSEWHERE:
            _no_place(word, places, step, context)
    for slot in step_type.slots:
        if slot.name in filled.inputs and slot.name not in places:
            _no_slot(slot, places, step, context)
    for word in sorted(words_of_path(service) - given - {FORMAT}):
        message = f"the address of the service needs '{word}'"
        context.fault("missing_param", message, (*step.at, "params"))


def _no_slot(slot: Slot, places: frozenset[str], step: ModelStep, context: Context) -> None:
    """A required input, or one that is written, must have its place; others are told of."""
    written = [word for word in (slot.name, *slot.words) if word in step.params]
    if written:
        _no_place(written[0], places, step, context)
    elif slot.required:
        message = f"the service has no place for the {slot.name}"
        hint = f"write  '${{{{ {slot.name} }}}}'  in its body"
        context.fault("unknown_param", message, (*step.at, "model"), hint)
    else:
        message = f"the {slot.name} is not sent: the service has no place for it"
        context.note("not_sent", message, (*step.at, "model"))


def _no_place(word: str, places: frozenset[str], step: ModelStep, context: Context) -> None:
    has = f"it has places for: {one_of(sorted(places), 60)}" if places else "it has none"
    message = f"the service has no place for '{word}'"
    at = (*step.at, "params", word)
    context.fault("unknown_param", message, at, has, "raw:  sends words of its own", on_key=True)
