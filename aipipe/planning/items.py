"""The items of a batch, as far as they are known before the run."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from aipipe.contracts.artefact import ArtefactRef, InputFile, Json, Value
from aipipe.language.diagnostics import Path
from aipipe.planning.context import Context
from aipipe.planning.literals import absolute, file_literal, literal, looks_like_path, read_text
from aipipe.planning.plan import Item, One, ValueType
from aipipe.planning.naming import slug

_ROWS = (".csv", ".jsonl")
_GLOB = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Items:
    """Known items, and the type of one."""

    items: Sequence[Item]
    type: ValueType


def given_items(context: Context) -> Items | None:
    """The run's own inputs. From the command line they are always paths, never text."""
    spec = context.spec
    entries: list[Json] = list(spec.inputs or ())
    if spec.inputs_from_command:
        entries = [e if isinstance(e, str) and _is_special(e) else {"file": e} for e in entries]
    return items_of(entries, spec.inputs_folder, ("inputs",), context)


def items_of(written: Json, folder: str, at: Path, context: Context) -> Items | None:
    """The items that the user wrote out: a list, or one string that names them."""
    before = len(context.faults)
    entries = written if isinstance(written, list | tuple) else [written]
    in_list = isinstance(written, list | tuple)
    found: list[Item] = []
    types: list[ValueType] = []
    for index, entry in enumerate(entries):
        place = (*at, index) if in_list else at
        for item, type_ in _entry(entry, folder, place, context):
            key = item.key or str(len(found) + 1)
            found.append(Item(key, item.value, item.columns))
            types.append(type_)
    if len(context.faults) > before:
        return None
    if not found:
        context.fault("no_items", "there is nothing to run the batch over", at)
        return None
    return _checked(found, types, at, context)


def items_of_values(values: Sequence[Value], type_: ValueType) -> Items:
    """Items of values that an earlier step is known to give (the parts of a split)."""
    return Items([item_of(value, index) for index, value in enumerate(values)], type_)


def item_of(value: Value, index: int) -> Item:
    """The item at a place (from 0) of a list."""
    if isinstance(value, Mapping):
        return Item(str(value.get("id") or index + 1), value, _columns(value))
    if isinstance(value, InputFile):
        return Item(slug(value.label), value)
    if isinstance(value, ArtefactRef):
        return Item(str(index + 1), value)
    return Item(str(index + 1), value)


def _columns(row: Mapping[str, Value]) -> Mapping[str, Json]:
    return {str(k): v for k, v in row.items()}  # type: ignore[misc] # rows hold plain data


def _checked(found: list[Item], types: list[ValueType], at: Path, context: Context) -> Items | None:
    counts = Counter(item.key for item in found)
    doubles = [key for key, count in counts.items() if count > 1]
    if doubles:
        context.fault(
            "duplicate_key",
            f"two items are called '{doubles[0]}'",
            at,
            "an item is called by its file's stem, or a row's 'id'",
        )
        return None
    kinds = set(types)
    if len(kinds) > 1:
        context.fault("mixed_items", "the items are of different kinds", at)
        return None
    return Items(found, types[0])


def _entry(
    entry: Json, folder: str, at: Path, context: Context
) -> Iterator[tuple[Item, ValueType]]:
    if isinstance(entry, str) and _is_special(entry):
        yield from _many(entry, folder, at, context)
        return
    if isinstance(entry, Mapping) and not set(entry) <= {"text", "file", "url"}:
        yield Item(str(entry.get("id", "")), entry, _columns(entry)), One(None)
        return
    found = literal(entry, folder, at, context)
    if found is not None:
        yield Item(slug(found.key) if found.key else "", found.value), found.type


def _is_special(entry: str) -> bool:
    if "\n" in entry:
        return False
    return entry == "-" or entry.lower().endswith(_ROWS) or bool(_GLOB & set(entry))


def _many(entry: str, folder: str, at: Path, context: Context) -> Iterator[tuple[Item, ValueType]]:
    if entry == "-":
        yield from ((Item("", line), One("text")) for line in _lines(context.files.stdin()))
    elif entry.lower().endswith(_ROWS) and context.files.kind(absolute(entry, folder)) == "file":
        yield from _rows(entry, folder, at, context)
    elif _GLOB & set(entry) and (looks_like_path(entry, context) or "/" in entry):
        yield from _globbed(entry, folder, at, context)
    else:
        found = literal(entry, folder, at, context)
        if found is not None:
            yield Item("", found.value), found.type


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _globbed(
    entry: str, folder: str, at: Path, context: Context
) -> Iterator[tuple[Item, ValueType]]:
    paths = context.files.glob(absolute(entry, folder))
    if not paths:
        context.fault("missing_file", f"no file matches '{entry}'", at, f"looked in {folder}")
    for path in paths:
        found = file_literal(path, folder, at, context)
        if found is not None:
            yield Item(slug(PurePath(path).stem), found.value), found.type


def _rows(entry: str, folder: str, at: Path, context: Context) -> Iterator[tuple[Item, ValueType]]:
    text = read_text(absolute(entry, folder), entry, at, context)
    split = context.registry.splits.get("rows")
    if text is None or split is None or split.text is None:
        return
    try:
        rows = split.text(text, {"format": entry.rsplit(".", 1)[1].lower()})
    except ValueError as error:
        context.fault("unreadable_rows", f"'{entry}': {error}", at)
        return
    for row in rows:
        if isinstance(row, Mapping):
            yield Item(str(row.get("id") or ""), row, _columns(row)), One(None)
        else:
            yield Item("", row), One("text" if isinstance(row, str) else None)
