"""What fills each slot of a step, and where it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aipipe.contracts.step import Slot, StepType
from aipipe.language.references import Expression
from aipipe.language.spec import ModelStep
from aipipe.planning import wording
from aipipe.planning.bindings import Binding, Const, Many, One
from aipipe.planning.bound import Bound, media_in
from aipipe.planning.context import Context
from aipipe.planning.flow import binding_at
from aipipe.planning.flow import media_in as media_in_source
from aipipe.planning.literals import is_outright
from aipipe.planning.plan import SlotSource
from aipipe.planning.scopes import Scope, Source, Stream
from aipipe.planning.slot_values import any_value, fits, slot_value

_EACH = "to run it once for each, put it into a  batch_parallel"


@dataclass(frozen=True, slots=True)
class Filling:
    """A step whose slots are being filled; `inputs` and `sources` grow."""

    step: ModelStep
    step_type: StepType
    scope: Scope
    context: Context
    inputs: dict[str, Binding] = field(default_factory=dict)
    sources: list[SlotSource] = field(default_factory=list)

    def put(self, slot: Slot, binding: Binding, words: str) -> None:
        """Fill a slot."""
        self.inputs[slot.name] = binding
        self.sources.append(SlotSource(slot=slot.name, words=words))

    def give_up(self, *slots: Slot) -> None:
        """Keep slots from being told missing where something else has been told."""
        for slot in slots:
            self.inputs.setdefault(slot.name, Const(None))


def fill(
    step: ModelStep, step_type: StepType, stream: Stream, scope: Scope, context: Context
) -> Filling:
    """The slots of a step: from `params`, `input:`, what arrives, what is carried."""
    filling = Filling(step, step_type, scope, context)
    _from_params(filling)
    _from_input(filling)
    for slot in step_type.slots:
        if slot.name not in filling.inputs:
            _from_stream(slot, stream, filling)
    return filling


def slot_words(step_type: StepType) -> frozenset[str]:
    """The parameter names that fill a slot."""
    return frozenset(word for slot in step_type.slots for word in _words(slot))


def _words(slot: Slot) -> tuple[str, ...]:
    return (slot.name, *slot.words)


# --- what is written


def _from_params(filling: Filling) -> None:
    params = filling.step.params
    for slot in filling.step_type.slots:
        given = [word for word in _words(slot) if word in params]
        if given:
            _written(params[given[0]], slot, ("params", given[0]), filling)
        if len(given) > 1:
            filling.context.fault(
                "one_slot_twice",
                f"'{given[0]}' and '{given[1]}' are the same",
                (*filling.step.at, "params", given[1]),
                f"keep '{given[0]}'",
                on_key=True,
            )


def _from_input(filling: Filling) -> None:
    written = filling.step.input
    if written is None:
        return
    slots = {word: slot for slot in filling.step_type.slots for word in _words(slot)}
    if isinstance(written, Mapping) and not _is_outright(written, filling.step_type):
        _by_slot(written, slots, filling)
    else:
        _by_medium(filling)


def _is_outright(written: Mapping[str, Expression], step_type: StepType) -> bool:
    """Whether a mapping is one value (`{file: …}`), and not values by slot."""
    names = {slot.name for slot in step_type.slots}
    return is_outright(written) and not written.keys() & names


def _by_slot(
    written: Mapping[str, Expression], slots: Mapping[str, Slot], filling: Filling
) -> None:
    for name, value in written.items():
        slot = slots.get(name)
        if slot is None:
            has = ", ".join(each.name for each in filling.step_type.slots)
            filling.context.fault(
                "unknown_slot",
                f"{filling.step.type} has no slot '{name}'",
                (*filling.step.at, "input", name),
                f"there are: {has}",
                on_key=True,
            )
            filling.give_up(*filling.step_type.slots)
        elif slot.name not in filling.inputs:
            _written(value, slot, ("input", name), filling)


def _written(value: Expression, slot: Slot, key: tuple[str, str], filling: Filling) -> None:
    context, at = filling.context, (*filling.step.at, *key)
    bound = slot_value(value, slot, filling.scope, at, context)
    if bound is None:
        filling.give_up(slot)
    elif fits(bound, slot):
        filling.put(slot, bound.binding, wording.of_origin(value, key[0]))
    else:
        context.fault(
            "slot_type",
            f"'{slot.name}' takes {wording.of_medium(slot.medium)},"
            f" but this is {wording.of_type(bound.type, context)}",
            at,
            *_batch_hint(bound, slot),
        )
        filling.give_up(slot)


def _by_medium(filling: Filling) -> None:
    step, context, at = filling.step, filling.context, (*filling.step.at, "input")
    bound = any_value(step.input, filling.scope, at, context)
    if bound is None:
        filling.give_up(*filling.step_type.slots)
        return
    free = [slot for slot in filling.step_type.slots if slot.name not in filling.inputs]
    slot = next((slot for slot in free if fits(bound, slot)), None)
    if slot is not None:
        filling.put(slot, bound.binding, wording.of_origin(step.input, "input"))
        return
    takes = " and ".join(wording.of_medium(slot.medium) for slot in free) or "nothing more"
    context.fault(
        "input_does_not_fit",
        f"{step.type} can't take {wording.of_type(bound.type, context)} as its input",
        at,
        *(hint for slot in free[:1] for hint in _batch_hint(bound, *free)),
        f"it takes {takes}",
    )
    filling.give_up(*filling.step_type.slots)


def _batch_hint(bound: Bound, *slots: Slot) -> tuple[str, ...]:
    is_list = isinstance(bound.type, Many) and media_in(bound) & {slot.medium for slot in slots}
    return (_EACH,) if is_list else ()


# --- what flows


def _from_stream(slot: Slot, stream: Stream, filling: Filling) -> None:
    arriving = stream.arriving
    if arriving is not None and arriving.type == One(slot.medium):
        _take(slot, arriving, "arriving", filling)
    elif arriving is not None and _is_list_of(arriving, slot):
        _refuse_list(slot, arriving, filling)
    elif slot.medium in stream.carried:
        _take(slot, stream.carried[slot.medium], "carried", filling)
    elif slot.required and not stream.doubtful:
        _tell_missing(slot, arriving, filling)


def _is_list_of(arriving: Source, slot: Slot) -> bool:
    return isinstance(arriving.type, Many) and slot.medium in media_in_source(arriving)


def _take(slot: Slot, source: Source, how: str, filling: Filling) -> None:
    filling.put(slot, binding_at(source, filling.scope), f"{how}: {source.words}")


def _refuse_list(slot: Slot, arriving: Source, filling: Filling) -> None:
    step, context = filling.step, filling.context
    context.fault(
        "list_arrives",
        f"{step.type} takes one {slot.medium},"
        f" but {wording.of_given(arriving.words, arriving.type, context)}",
        step.at,
        _EACH,
        "to use one of them, put a  merge_outputs  before it",
    )
    filling.give_up(slot)


def _tell_missing(slot: Slot, arriving: Source | None, filling: Filling) -> None:
    step, context = filling.step, filling.context
    what = wording.of_medium(slot.medium)
    named = f"'{slot.name}'" if slot.name == slot.medium else f"'{slot.name}' ({what})"
    but = ""
    if arriving is not None:
        but = f"; {wording.of_given(arriving.words, arriving.type, context)}"
    context.fault(
        "missing_input",
        f"nothing fills {named} of {step.type}{but}",
        step.at,
        _maker(slot),
        f"params: {{{slot.name}: …}}",
    )


def _maker(slot: Slot) -> str:
    if slot.medium == "text":
        return "--prompt TEXT, or  prompt:  at the top of the file"
    return f"put a step before it that makes {wording.of_medium(slot.medium)}"
