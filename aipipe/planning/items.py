"""The items of a batch, as far as they are known before the run."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from aipipe.contracts.artefact import InputFile, Json, Value
from aipipe.contracts.media import TEXT
from aipipe.language.diagnostics import Fault, Path
from aipipe.planning.bindings import Item, Items, Many, One, ValueType
from aipipe.planning.context import Context
from aipipe.planning.entries import Entry, key_of, of_command, of_file

Reading: TypeAlias = "Callable[[Json, str, Path, Context], Iterator[Entry]]"
"""From something written, relative to a folder, at a place, to all that it stands for."""


def given_items(context: Context) -> Items | None:
    """The run's own inputs; None: there are none, or they are at fault."""
    spec = context.spec
    if spec.inputs is None:
        return None
    entries, folder = list(spec.inputs), spec.inputs_folder
    if not spec.inputs_from_command:
        return _as_typed(_gathered(entries, of_file, folder, ("inputs",), context), context)
    before = len(context.faults)
    found = _gathered(entries, of_command, folder, (), context, in_list=False)
    context.faults[before:] = [_at_the_command(fault) for fault in context.faults[before:]]
    return _as_typed(found, context)


def _as_typed(found: Items | None, context: Context) -> Items | None:
    """Standard input is its lines to a batch, and one text to a step."""
    if found is None or context.spec.inputs != ("-",) or found.type != One(TEXT):
        return found
    return replace(found, whole=context.files.stdin().removesuffix("\n"))


def _at_the_command(fault: Fault) -> Fault:
    """The same fault, told of the option that it is in; what helps in a file does not here."""
    return replace(fault, message=f"--input: {fault.message}", hints=fault.hints[:1])


def items_of(written: Json, folder: str, at: Path, context: Context) -> Items | None:
    """The items that the user wrote out: a list, or one string that names them."""
    entries = written if isinstance(written, list | tuple) else [written]
    return _gathered(entries, of_file, folder, at, context, in_list=entries is written)


def _gathered(
    written: Sequence[Json],
    read: "Reading",
    folder: str,
    at: Path,
    context: Context,
    *,
    in_list: bool = True,
) -> Items | None:
    before = len(context.faults)
    found = [
        each
        for index, entry in enumerate(written)
        for each in read(entry, folder, (*at, index) if in_list else at, context)
    ]
    return None if len(context.faults) > before else _checked(found, at, context)


def value_of(given: Items) -> tuple[Value, ValueType]:
    """The run's inputs as a value: a single text or file is itself, all else is a list."""
    if given.whole is not None:
        return given.whole, given.type
    values = tuple(item.value for item in given.items)
    if len(values) == 1 and isinstance(values[0], str | InputFile):
        return values[0], given.type
    return values, Many(given.type, len(values))


def items_of_values(
    values: Sequence[Value], type_: ValueType, at: Path, context: Context
) -> Items | None:
    """Items of values that an earlier step is known to give (the parts of a split)."""
    return _checked([Entry(value, type_, at, key_of(value)) for value in values], at, context)


def item_of(value: Value, index: int) -> Item:
    """The item at a place (from 0) of a list."""
    return Entry(value, One(None), (), key_of(value)).item(index)


def _checked(found: list[Entry], at: Path, context: Context) -> Items | None:
    if not found:
        context.fault("no_items", "there is nothing to run the batch over", at)
        return None
    items = [entry.item(index) for index, entry in enumerate(found)]
    if not _are_unlike(found, items, context):
        return None
    other = next((entry for entry in found if entry.type != found[0].type), None)
    if other is not None:
        context.fault("mixed_items", "this item is of another kind than the first one", other.at)
        return None
    return Items(items, found[0].type)


def _are_unlike(found: list[Entry], items: list[Item], context: Context) -> bool:
    seen: set[str] = set()
    for entry, item in zip(found, items, strict=True):
        if item.key in seen:
            context.fault(
                "duplicate_key",
                f"two items are called '{item.key}'",
                entry.at,
                "an item is called by its file's stem, or a row's 'id', else by its number",
            )
            return False
        seen.add(item.key)
    return True
