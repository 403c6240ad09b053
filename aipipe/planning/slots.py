"""What fills each slot of a step, and where it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aipipe.contracts.artefact import InputFile, Value
from aipipe.contracts.media import TEXT
from aipipe.contracts.step import Slot, StepType
from aipipe.language.diagnostics import Path
from aipipe.language.references import Expression, Interpolated, Reference
from aipipe.language.spec import ModelStep
from aipipe.planning import wording
from aipipe.planning.context import Context
from aipipe.planning.expressions import Bound, bind
from aipipe.planning.literals import file_literal, literal
from aipipe.planning.plan import Binding, Const, Many, One, SlotSource, ValueType
from aipipe.planning.reads import Reads
from aipipe.planning.scopes import Scope, Source, Stream, binding_at, medium_of


_EACH = "to run it once for each, put it into a  batch_parallel"


@dataclass(slots=True)
class Filled:
    """The slots of a step, filled as far as they could be."""

    inputs: dict[str, Binding] = field(default_factory=dict)
    sources: list[SlotSource] = field(default_factory=list)
    known: dict[str, Value] = field(default_factory=dict)
    """Values that are known already, for the price."""

    def put(self, slot: Slot, binding: Binding, words: str, known: Value = None) -> None:
        """Fill a slot."""
        self.inputs[slot.name] = binding
        self.sources.append(SlotSource(slot=slot.name, words=words))
        if isinstance(binding, Const):
            known = binding.value
        if known is not None:
            self.known[slot.name] = known


def fill(
    step: ModelStep, step_type: StepType, stream: Stream, scope: Scope, context: Context
) -> Filled:
    """The slots of a step: from `params`, `input:`, what arrives, what is carried."""
    filled = Filled()
    _from_params(step, step_type, scope, filled, context)
    _from_input(step, step_type, scope, filled, context)
    for slot in step_type.slots:
        if slot.name not in filled.inputs and not _is_written(step, slot):
            _from_stream(step, slot, stream, scope, filled, context)
    return filled


def slot_words(step_type: StepType) -> frozenset[str]:
    """The parameter names that fill a slot."""
    return frozenset(word for slot in step_type.slots for word in (slot.name, *slot.words))


def read(filled: Filled, reads: Reads) -> None:
    """Add what the slots read to a step's edges."""
    for binding in filled.inputs.values():
        reads.all_of(binding)


def _is_written(step: ModelStep, slot: Slot) -> bool:
    if any(word in step.params for word in (slot.name, *slot.words)):
        return True
    return isinstance(step.input, Mapping) and slot.name in step.input


def _from_params(
    step: ModelStep, step_type: StepType, scope: Scope, filled: Filled, context: Context
) -> None:
    for slot in step_type.slots:
        for word in (slot.name, *slot.words):
            if word in step.params and slot.name not in filled.inputs:
                at = (*step.at, "params", word)
                _written(step.params[word], slot, "params", at, scope, filled, context)


def _from_input(
    step: ModelStep, step_type: StepType, scope: Scope, filled: Filled, context: Context
) -> None:
    if step.input is None:
        return
    at = (*step.at, "input")
    names = {slot.name: slot for slot in step_type.slots}
    if isinstance(step.input, Mapping) and not set(step.input) & {"text", "file", "url"} - set(
        names
    ):
        _by_slot(step.input, names, at, scope, filled, context)
        return
    _by_medium(step, step_type, at, scope, filled, context)


def _by_slot(  # noqa: PLR0913, PLR0917 (the parts of one act)
    written: Mapping[str, Expression],
    names: Mapping[str, Slot],
    at: Path,
    scope: Scope,
    filled: Filled,
    context: Context,
) -> None:
    for name, value in written.items():
        slot = names.get(name)
        if slot is None:
            has = ", ".join(names)
            context.fault("unknown_slot", f"no slot '{name}'; there are: {has}", at, on_key=True)
        elif name not in filled.inputs:
            _written(value, slot, "input", (*at, name), scope, filled, context)


def _by_medium(  # noqa: PLR0913, PLR0917 (the parts of one act)
    step: ModelStep,
    step_type: StepType,
    at: Path,
    scope: Scope,
    filled: Filled,
    context: Context,
) -> None:
    bound = _bound(step.input, None, at, scope, context)
    if bound is None:
        _pretend(step_type, filled)
        return
    free = [slot for slot in step_type.slots if slot.name not in filled.inputs]
    for slot in free:
        if isinstance(bound.type, One) and bound.type.medium == slot.medium:
            filled.put(slot, bound.binding, "input")
            return
    if isinstance(bound.type, One) and bound.type.medium is None and free:
        filled.put(free[0], bound.binding, "input")
        return
    context.fault(
        "input_does_not_fit",
        f"{step.type} can't take {wording.of_type(bound.type, context)} as its input",
        at,
        f"it takes {_takes(step_type)}",
        *_batch_hint(bound.type, step_type),
    )
    _pretend(step_type, filled)


def _pretend(step_type: StepType, filled: Filled) -> None:
    """Keep a slot from being told missing when its value has been told wrong."""
    for slot in step_type.slots:
        filled.inputs.setdefault(slot.name, Const(None))


def _takes(step_type: StepType) -> str:
    return " and ".join(wording.of_medium(slot.medium) for slot in step_type.slots)


def _batch_hint(type_: ValueType, step_type: StepType) -> tuple[str, ...]:
    fits = {slot.medium for slot in step_type.slots}
    if isinstance(type_, Many) and medium_of(type_) in fits:
        return (_EACH,)
    return ()


def _written(  # noqa: PLR0913, PLR0917 (the parts of one act)
    value: Expression,
    slot: Slot,
    words: str,
    at: Path,
    scope: Scope,
    filled: Filled,
    context: Context,
) -> None:
    bound = _bound(value, slot, at, scope, context)
    if bound is None:
        filled.inputs[slot.name] = Const(None)
        return
    plain = isinstance(bound.type, One) and bound.type.medium is None
    if isinstance(bound.type, One) and (plain or bound.type.medium == slot.medium):
        filled.put(slot, bound.binding, _origin(value, words))
        return
    hints = (_EACH,) if _is_list_of(bound.type, slot) else ()
    context.fault(
        "slot_type",
        f"'{slot.name}' takes {wording.of_medium(slot.medium)},"
        f" but this is {wording.of_type(bound.type, context)}",
        at,
        *hints,
    )
    filled.inputs[slot.name] = Const(None)


def _origin(value: Expression, words: str) -> str:
    match value:
        case Reference(path):
            return f"{words}: {'.'.join(path)}"
        case _:
            return words


def _bound(
    value: Expression, slot: Slot | None, at: Path, scope: Scope, context: Context
) -> Bound | None:
    """Text slots take words as they are; elsewhere a string may name a file."""
    if isinstance(value, Reference | Interpolated):
        bound = bind(value, scope, at, context)
        return _as_file(bound, slot, at, context)
    if isinstance(value, str) and slot is not None and slot.medium == TEXT:
        return Bound(Const(value), One(TEXT))
    if isinstance(value, str) and slot is not None:
        return _file(value, at, context)
    if isinstance(value, Mapping) and set(value) <= {"text", "file", "url"}:
        return _literal(value, at, context)
    if isinstance(value, str):
        return _literal(value, at, context)
    return bind(value, scope, at, context)


def _as_file(bound: Bound | None, slot: Slot | None, at: Path, context: Context) -> Bound | None:
    """A constant text in a media slot (`${{ vars.logo }}`) names a file."""
    if bound is None or slot is None or slot.medium == TEXT:
        return bound
    if isinstance(bound.binding, Const) and isinstance(bound.binding.value, str):
        return _file(bound.binding.value, at, context)
    return bound


def _file(value: str, at: Path, context: Context) -> Bound | None:
    found = file_literal(value, context.spec.folder, at, context)
    return None if found is None else Bound(Const(found.value), found.type)


def _literal(value: Expression, at: Path, context: Context) -> Bound | None:
    found = literal(value, context.spec.folder, at, context)  # type: ignore[arg-type] # no references in it
    return None if found is None else Bound(Const(found.value), found.type)


def _from_stream(  # noqa: PLR0913, PLR0917 (the parts of one act)
    step: ModelStep,
    slot: Slot,
    stream: Stream,
    scope: Scope,
    filled: Filled,
    context: Context,
) -> None:
    arriving = stream.arriving
    if arriving is not None and arriving.type == One(slot.medium):
        _put(slot, arriving, "arriving", scope, filled)
    elif arriving is not None and _is_list_of(arriving.type, slot):
        _refuse_list(step, slot, arriving, filled, context)
    elif slot.medium in stream.carried:
        _put(slot, stream.carried[slot.medium], "carried", scope, filled)
    elif slot.required:
        _missing(step, slot, arriving, context)


def _is_list_of(type_: ValueType, slot: Slot) -> bool:
    return isinstance(type_, Many) and medium_of(type_) == slot.medium


def _put(slot: Slot, source: Source, how: str, scope: Scope, filled: Filled) -> None:
    known = source.known
    file = known if isinstance(known, str | InputFile) else None
    filled.put(slot, binding_at(source, scope), f"{how}: {source.words}", file)


def _refuse_list(
    step: ModelStep, slot: Slot, arriving: Source, filled: Filled, context: Context
) -> None:
    context.fault(
        "list_arrives",
        f"{step.type} takes one {slot.medium}, but {arriving.words} gives"
        f" {wording.of_type(arriving.type, context)}",
        step.at,
        _EACH,
        "to use one of them, put a  merge_outputs  before it",
    )
    filled.inputs[slot.name] = Const(None)


def _missing(step: ModelStep, slot: Slot, arriving: Source | None, context: Context) -> None:
    hints = [f"params: {{{slot.name}: …}}"]
    if slot.medium == TEXT:
        hints.insert(0, "--prompt TEXT, or  prompt:  at the top of the file")
    else:
        hints.insert(0, f"put a step before it that makes {wording.of_medium(slot.medium)}")
    what = wording.of_medium(slot.medium)
    but = ""
    if arriving is not None:
        but = f"; {arriving.words} gives {wording.of_type(arriving.type, context)}"
    needs = what if slot.medium != slot.name else ""
    named = f"'{slot.name}' ({what})" if needs and slot.medium != slot.name else f"'{slot.name}'"
    context.fault("missing_input", f"nothing fills {named} of {step.type}{but}", step.at, *hints)
