"""The paths of a plan's outputs inside the output folder, as far as they are known."""

import re
import unicodedata
from collections.abc import Iterator
from typing import TypeAlias

from aipipe.planning.bindings import Binding, Const, FromItem, Item, Joined
from aipipe.planning.expressions import text_of
from aipipe.planning.plan import Batch, Chain, Group, Task, Template

OWN_FILES = ("run.json", ".aipipe-run.jsonl")
"""Names that aipipe writes itself."""
_UNSAFE = re.compile(r"[^\w.@+=,()\[\] -]+")
Placed: TypeAlias = tuple[tuple[int, Item], ...]
"""The items around a task, outermost first, each with its place from 0."""


def safe_piece(text: str) -> str:
    """A value as it may stand inside a file name: no separators, nothing hidden."""
    return _UNSAFE.sub("_", unicodedata.normalize("NFC", text))[:120].strip(" .") or "_"


def folded(name: str) -> str:
    """A name as the most forgetful file system sees it."""
    return unicodedata.normalize("NFC", name.casefold())


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
    if not template.is_skipped:
        yield from _placed(template, items)


def _placed(template: Template, items: Placed | None) -> Iterator[tuple[Task, Placed | None]]:
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
    if template.is_skipped:
        return False
    match template:
        case Task():
            return template.output is not None
        case Chain() | Group():
            return any(_publishes(child) for child in template.children)
        case Batch():
            return _publishes(template.body)
