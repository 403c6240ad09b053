"""References to the item of a batch: its value, key, index and columns."""

from typing import Final

from aipipe.contracts.media import DATA, TEXT
from aipipe.language.diagnostics import Path
from aipipe.language.references import ROOTS
from aipipe.planning import matrix_references
from aipipe.planning.bindings import FromItem, Item, One
from aipipe.planning.bound import Bound
from aipipe.planning.context import Context
from aipipe.planning.lookup import find_batch, visible
from aipipe.planning.scopes import Scope, batches_between, seen_from
from aipipe.planning.unknown import tell_unknown

_WORDS: Final = One(TEXT)
_FIELDS: Final = ("value", "index", "key")


def item_field(path: tuple[str, ...], scope: Scope, at: Path, context: Context) -> Bound | None:
    """What `item`, or a name given by `as:`, stands for; None: it is at fault (and noted)."""
    root, *fields = path
    batch = find_batch(root, scope)
    if batch is None:
        _tell_no_item(path, scope, at, context)
        return None
    up = batches_between(scope, batch)
    match fields or ["value"]:
        case ["value"]:
            return None if batch.item is None else Bound(FromItem(up, "value"), batch.item)
        case ["index" | "key" as field]:
            return Bound(FromItem(up, field), _WORDS)
        case [column] if _has_column(column, batch, at, context):
            return Bound(FromItem(up, "column", column), _WORDS)
        case [_]:
            return None
        case _:
            said = f"the item has no field '{'.'.join(fields)}'"
            tell_unknown(said, fields[0], _FIELDS, at, context)
            return None


def _tell_no_item(path: tuple[str, ...], scope: Scope, at: Path, context: Context) -> None:
    root = path[0]
    if root == "matrix":
        matrix_references.tell_no_value(path, scope, at, context)
        return
    if root == "item":
        context.fault("no_item", f"'{'.'.join(path)}' stands outside of any batch", at)
        return
    if root in visible(scope):
        hint = f"did you mean 'steps.{root}'?"
        context.fault("unknown_reference", f"unknown reference '{root}'", at, hint)
        return
    tell_unknown(f"unknown reference '{root}'", root, (*ROOTS, *_named_items(scope)), at, context)


def _named_items(scope: Scope | None) -> list[str]:
    return [each.as_name for each in seen_from(scope) if each.as_name]


def _has_column(column: str, batch: Scope, at: Path, context: Context) -> bool:
    """Whether every item has a column, as far as that is known."""
    if batch.item is None:
        return True
    if batch.items is None:
        if batch.item in {One(None), One(DATA)}:
            return True
        known: list[str] = []
    else:
        without = next((item for item in batch.items if column not in item.columns), None)
        if without is None:
            return True
        known = list(dict.fromkeys(name for item in batch.items for name in item.columns))
        if column in known:
            _tell_gap(column, without, at, context)
            return False
    _tell_no_column(column, known, at, context)
    return False


def _tell_gap(column: str, item: Item, at: Path, context: Context) -> None:
    context.fault("missing_column", f"item '{item.key}' has no '{column}'", at)


def _tell_no_column(column: str, known: list[str], at: Path, context: Context) -> None:
    if known:
        tell_unknown(f"the items have no column '{column}'", column, known, at, context)
        return
    context.fault(
        "no_columns",
        f"the items have no columns, so there is no '{column}'",
        at,
        f"an item has: {', '.join(_FIELDS)}; columns come from the rows of .csv and .jsonl",
    )
