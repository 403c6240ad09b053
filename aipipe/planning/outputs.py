"""Where each output goes inside the output folder, and that no two go to one place."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import TypeAlias

from aipipe.contracts.media import Medium
from aipipe.language.diagnostics import Path
from aipipe.language.references import Expression
from aipipe.planning.context import Context
from aipipe.planning.expressions import bind, text_of
from aipipe.planning.plan import (
    Batch,
    Binding,
    Chain,
    Const,
    FromItem,
    Group,
    Item,
    Joined,
    OutputName,
    Task,
    Template,
)
from aipipe.planning.scopes import Scope

OWN_FILES = ("run.json",)
"""Names that aipipe writes itself."""
_UNSAFE = re.compile(r"[^\w.@+=,()\[\] -]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_ENUMERATED = 200_000
Placed: TypeAlias = tuple[tuple[int, Item], ...]
"""The items around a task, outermost first, each with its place from 0."""


def safe_piece(text: str) -> str:
    """A value as it may stand inside a file name: no separators, nothing hidden."""
    return _UNSAFE.sub("_", unicodedata.normalize("NFC", text)).strip(" .")[:120] or "_"


def folded(name: str) -> str:
    """A name as the most forgetful file system sees it."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def default_stem(ids: Sequence[str], scope: Scope) -> Binding:
    """The name of an output that the file does not name: its path, joined by hyphens."""
    parts: list[Binding] = []
    batches = 0
    current: Scope | None = scope
    levels: list[Binding] = [Const(safe_piece(ids[-1]))] if ids else []
    while current is not None and current.parent is not None:
        if current.kind == "batch":
            levels.append(FromItem(batches, "key"))
            batches += 1
        own = current.path.rsplit("/", 1)[-1]
        if own:
            levels.append(Const(safe_piece(own)))
        current = current.parent
    for level in reversed(levels):
        parts.extend([Const("-"), level] if parts else [level])
    return _joined(parts)


def _joined(parts: list[Binding]) -> Binding:
    merged: list[Binding] = []
    for part in parts:
        last = merged[-1] if merged else None
        if isinstance(part, Const) and isinstance(last, Const):
            merged[-1] = Const(text_of(last.value) + text_of(part.value))
        else:
            merged.append(part)
    return merged[0] if len(merged) == 1 else Joined(tuple(merged))


def written_name(
    written: Expression, medium: Medium, scope: Scope, at: Path, context: Context
) -> OutputName | None:
    """The name that `output_file` asks for; None: it is at fault (and noted)."""
    bound = bind(written, scope, at, context)
    if bound is None:
        return None
    literal = _literal_text(bound.binding)
    if not _is_inside(literal, at, context):
        return None
    extension = PurePosixPath(literal).suffix[1:].lower()
    formats = context.registry.kinds[medium].formats
    if extension not in formats:
        _wrong_extension(literal, extension, medium, at, context)
        return None
    if not _names_every_item(bound.binding, scope, at, context):
        return None
    return OutputName(stem=_without_suffix(bound.binding, len(extension) + 1), extension=extension)


def _literal_text(binding: Binding) -> str:
    """The text with a letter in the place of each reference."""
    match binding:
        case Const(value):
            return text_of(value)
        case Joined(parts):
            return "".join(_literal_text(part) for part in parts)
        case _:
            return "x"


def _without_suffix(binding: Binding, length: int) -> Binding:
    match binding:
        case Const(value):
            return Const(text_of(value)[:-length])
        case Joined(parts):
            return Joined((*parts[:-1], _without_suffix(parts[-1], length)))
        case _:
            return binding


def _is_inside(name: str, at: Path, context: Context) -> bool:
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "~")) or re.match(r"[A-Za-z]:", name) or ".." in parts:
        context.fault(
            "outside_output_folder",
            f"'{name}' leaves the output folder",
            at,
            "name a file inside it; --output-dir says where the folder is",
        )
        return False
    if not name or _CONTROL.search(name) or "\\" in name or not parts[-1] or "" in parts:
        context.fault("unfit_file_name", f"'{name}' is no file name", at)
        return False
    if folded(name) in OWN_FILES:
        context.fault("unfit_file_name", f"'{name}' is aipipe's own file", at)
        return False
    return True


def _wrong_extension(name: str, extension: str, medium: Medium, at: Path, context: Context) -> None:
    known = " ".join(f".{each}" for each in context.registry.kinds[medium].formats)
    what = f"'.{extension}' is no {medium} format" if extension else f"'{name}' has no extension"
    context.fault("wrong_extension", what, at, f"{medium} is written as: {known}")


def _names_every_item(binding: Binding, scope: Scope, at: Path, context: Context) -> bool:
    needed = _batches(scope)
    named = {part.up for part in _items(binding)}
    if named >= set(range(needed)):
        return True
    context.fault(
        "one_name_for_all_items",
        "every item would be written to the same file",
        at,
        "put the item's key into the name:  voice_${{ item.key }}.mp3",
    )
    return False


def _items(binding: Binding) -> Iterator[FromItem]:
    match binding:
        case FromItem():
            yield binding
        case Joined(parts):
            for part in parts:
                yield from _items(part)
        case _:
            return


def _batches(scope: Scope | None) -> int:
    count = 0
    while scope is not None:
        count += scope.kind == "batch"
        scope = scope.parent
    return count


def collisions(root: Chain, context: Context) -> frozenset[int]:
    """Note every two tasks with one output path; gives the tasks whose names can't be known yet."""
    seen: dict[str, Task] = {}
    unproven: set[int] = set()
    left = _ENUMERATED
    for task, items in placed(root, ()):
        if task.output is None or task.number in unproven:
            continue
        left -= 1
        stem = stem_of(task.output.stem, items)
        if stem is None or left < 0:
            unproven.add(task.number)
        elif not _take(stem, task, seen, context):
            unproven.add(task.number)
    return frozenset(unproven)


def _take(stem: str, task: Task, seen: dict[str, Task], context: Context) -> bool:
    extension = task.output.extension if task.output is not None else ""
    for name in names_of(stem, extension, task.count):
        if folded(name) in seen:
            _tell(name, task, seen[folded(name)], context)
            return False
        seen[folded(name)] = task
    return True


def _tell(name: str, task: Task, other: Task, context: Context) -> None:
    if other is task:
        context.fault(
            "same_output",
            f"two items of '{task.path}' are written to '{name}'",
            (*task.at, "params", "output_file"),
            "put what tells them apart into the name:  ${{ item.key }}",
        )
        return
    context.fault(
        "same_output",
        f"'{name}' is written by '{other.path}' and by '{task.path}'",
        (*task.at, "params", "output_file"),
        "give each its own  output_file:",
    )


def names_of(stem: str, extension: str, count: int) -> list[str]:
    """The file names of a task's outputs: numbered from 1 where there are several."""
    if count == 1:
        return [f"{stem}.{extension}"]
    return [f"{stem}-{number}.{extension}" for number in range(1, count + 1)]


def stem_of(binding: Binding, items: Placed | None) -> str | None:
    """The text of a name's stem; None: it is known only when it runs."""
    match binding:
        case Const(value):
            return text_of(value)
        case FromItem() if items is not None:
            return item_piece(binding, *items[-1 - binding.up])
        case Joined(parts):
            texts = [stem_of(part, items) for part in parts]
            known = [text for text in texts if text is not None]
            return "".join(known) if len(known) == len(texts) else None
        case _:
            return None


def item_piece(binding: FromItem, index: int, item: Item) -> str | None:
    """What a field of the item at `index` (from 0) puts into a file name.

    None: the value has no text that is known yet.
    """
    match binding.field:
        case "key":
            return safe_piece(item.key)
        case "index":
            return str(index + 1)
        case "column":
            return safe_piece(text_of(item.columns.get(binding.column)))
        case "value":
            return safe_piece(item.value) if isinstance(item.value, str) else None


def placed(template: Template, items: Placed | None) -> Iterator[tuple[Task, Placed | None]]:
    """Every task that publishes, with the items around it (None: not known yet)."""
    match template:
        case Task():
            yield template, items
        case Chain() | Group():
            for child in template.children:
                yield from placed(child, items)
        case Batch() if template.items is None or items is None:
            yield from placed(template.body, None)
        case Batch() if _publishes(template.body):
            for index, item in enumerate(template.items or ()):
                yield from placed(template.body, (*items, (index, item)))
        case Batch():
            return


def _publishes(template: Template) -> bool:
    match template:
        case Task():
            return template.output is not None
        case Chain() | Group():
            return any(_publishes(child) for child in template.children)
        case Batch():
            return _publishes(template.body)
