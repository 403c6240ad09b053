"""What an entry of a list of items stands for: an item, or all the items that it names."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from aipipe.contracts.addresses import extension_of, is_address, shown
from aipipe.contracts.artefact import InputFile, Json, Value
from aipipe.contracts.media import DATA, TEXT
from aipipe.language.diagnostics import Path
from aipipe.planning.bindings import Item, One, ValueType
from aipipe.planning.context import Context
from aipipe.planning.literals import (
    absolute,
    file_literal,
    is_outright,
    literal,
    looks_like_path,
    read_text,
)

_ROWS: Mapping[str, Mapping[str, Json]] = {
    "csv": {"format": "csv"},
    "tsv": {"format": "csv", "delimiter": "\t"},
    "json": {"format": "json"},
    "jsonl": {"format": "jsonl"},
}
"""Extensions of tables, with the parameters of the split that reads each."""
_GLOB = frozenset("*?[")
_NO_COLUMNS: Mapping[str, Json] = {}
"""Shared: a batch may have 100,000 items."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An item, its type, and where it is written. Without a `key` it is called by its number."""

    value: Value
    type: ValueType
    at: Path
    key: str | None = None
    folder: str = ""

    def item(self, index: int) -> Item:
        """The item at a place (from 0)."""
        key = self.key or str(index + 1)
        return Item(key, self.value, _columns(self.value), self.folder)


def key_of(value: Value) -> str | None:
    """What a value calls itself: a file's stem, a row's `id`; None: nothing."""
    if isinstance(value, InputFile):
        return value.label
    named = value.get("id") if isinstance(value, Mapping) else None
    return None if named is None else str(named)


def _columns(value: Value) -> Mapping[str, Json]:
    if not isinstance(value, Mapping):
        return _NO_COLUMNS
    return {str(k): v for k, v in value.items()}  # type: ignore[misc] # rows hold plain data


def of_file(entry: Json, folder: str, at: Path, context: Context) -> Iterator[Entry]:
    """What an entry of the file stands for; a string may be a text."""
    match entry:
        case "-":
            yield from _typed(at, context)
        case str() if is_address(entry) and _is_rows(extension_of(entry)):
            _tell_table(entry, at, context)
        case str() if looks_like_path(entry, context) and _is_many(entry, folder, context):
            yield from _many(entry, folder, at, context)
        case dict() if not is_outright(entry):
            yield Entry(entry, One(DATA), at, key_of(entry), folder)
        case _:
            found = literal(entry, folder, at, context)
            if found is not None:
                yield Entry(found.value, found.type, at, found.key)


def of_command(entry: Json, folder: str, at: Path, context: Context) -> Iterator[Entry]:
    """What `--input` names: a path, a pattern or an address, never text."""
    if not isinstance(entry, str) or entry == "-":
        yield from of_file(entry, folder, at, context)
    elif _is_many(entry, folder, context):
        yield from _many(entry, folder, at, context)
    else:
        plain: Json = {"file": entry}
        yield from of_file(entry if is_address(entry) else plain, folder, at, context)


def matching(pattern: str, folder: str, at: Path, context: Context) -> list[Entry] | None:
    """The files of a pattern, each of which may be at fault (and noted); None: it is none."""
    if not looks_like_path(pattern, context) or not _is_pattern(pattern, folder, context):
        return None
    return list(_matching(pattern, folder, at, context))


def _is_pattern(entry: str, folder: str, context: Context) -> bool:
    if is_address(entry) or not _GLOB & set(entry):
        return False
    return context.files.kind(absolute(entry, folder)) is None


def _is_many(entry: str, folder: str, context: Context) -> bool:
    if _is_pattern(entry, folder, context):
        return True
    exists = context.files.kind(absolute(entry, folder)) is not None
    return exists and _is_table(entry, folder, context)


def _is_table(entry: str, folder: str, context: Context) -> bool:
    """Whether it has rows; a JSON file that is no list is one text."""
    extension = _extension(entry)
    if extension != "json":
        return _is_rows(extension)
    try:
        return context.files.text(absolute(entry, folder)).lstrip().startswith("[")
    except (OSError, UnicodeDecodeError):
        return False


def _is_rows(extension: str) -> bool:
    return extension in _ROWS


def _extension(entry: str) -> str:
    return entry.rpartition(".")[2].lower()


def _tell_table(address: str, at: Path, context: Context) -> None:
    context.fault(
        "rows_at_address",
        f"'{shown(address)}' is downloaded when the run begins: its rows are not known yet",
        at,
        "download it and name the file",
        "make it the  input:  of a  split_input  by rows, whose parts go to the batch",
    )


def _many(entry: str, folder: str, at: Path, context: Context) -> Iterator[Entry]:
    if _is_rows(_extension(entry)) and not _GLOB & set(entry):
        yield from _rows(entry, folder, at, context)
    else:
        yield from _matching(entry, folder, at, context)


def _matching(entry: str, folder: str, at: Path, context: Context) -> Iterator[Entry]:
    paths = context.files.glob(absolute(entry, folder))
    if not paths:
        context.fault("missing_file", f"no file matches '{entry}'", at, f"looked in {folder}")
    for path in paths:
        found = file_literal(os.path.relpath(path, folder), folder, at, context)
        if found is not None:
            yield Entry(found.value, found.type, at, PurePath(path).stem)


def typed_text(at: Path, context: Context) -> str | None:
    """All of standard input; None: it is media, or no text at all (and that is noted)."""
    if context.files.piped() is not None:
        return None
    try:
        return context.files.stdin()
    except UnicodeDecodeError as error:
        place = error.start + 1
        context.fault("not_utf8", f"standard input is not UTF-8 at byte {place}", at)
    return None


def _typed(at: Path, context: Context) -> Iterator[Entry]:
    """The lines of standard input, or the one file that it is."""
    kept = context.files.piped()
    text = typed_text(at, context)
    if text is not None:
        yield from _lines(text, at, context)
    found = None if kept is None else file_literal(kept, "", at, context)
    if found is not None:
        yield Entry(found.value, found.type, at, found.key)


def _lines(text: str, at: Path, context: Context) -> Iterator[Entry]:
    if not text.strip():
        context.fault("empty_input", "standard input is empty", at)
    return (Entry(line.strip(), One(TEXT), at) for line in text.splitlines() if line.strip())


def _rows(entry: str, folder: str, at: Path, context: Context) -> Iterator[Entry]:
    path = absolute(entry, folder)
    text = read_text(path, entry, at, context)
    rows = context.registry.splits["rows"].text
    if text is None or rows is None:
        return
    try:
        found = rows(text, _ROWS[_extension(entry)])
    except ValueError as error:
        context.fault("unreadable_rows", f"'{entry}': {error}", at)
        return
    beside = str(PurePath(path).parent)
    for row in found:
        type_ = One(TEXT) if isinstance(row, str) else One(DATA)
        yield Entry(row, type_, at, key_of(row), beside)
