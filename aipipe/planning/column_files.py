"""Files that the columns of a batch's rows name."""

from typing import TypeGuard

from aipipe.contracts.artefact import InputFile
from aipipe.contracts.media import Medium
from aipipe.language.diagnostics import Path
from aipipe.planning import wording
from aipipe.planning.bindings import Binding, FileOf, FromItem, Item, One
from aipipe.planning.bound import Bound
from aipipe.planning.context import Context
from aipipe.planning.expressions import text_of
from aipipe.planning.literals import file_literal
from aipipe.planning.scopes import Scope


def is_known_column(binding: Binding, scope: Scope) -> TypeGuard[FromItem]:
    """Whether a binding is a column of items that are known when planning."""
    if not isinstance(binding, FromItem) or binding.field != "column":
        return False
    return _items(binding, scope) is not None


def column_file(
    binding: FromItem, medium: Medium, scope: Scope, at: Path, context: Context
) -> Bound | None:
    """The files that a column names, one an item; None: one is at fault (and noted)."""
    for item in _items(binding, scope) or ():
        if not _is_file(item, binding.column, medium, at, context):
            return None
    return Bound(FileOf(binding, medium), One(medium))


def _is_file(item: Item, column: str, medium: Medium, at: Path, context: Context) -> bool:
    named = text_of(item.columns[column])
    found = file_literal(named, item.folder, at, context, wanted=medium)
    if found is None:
        return False
    is_medium = isinstance(found.value, InputFile) and found.value.medium == medium
    if not is_medium:
        context.fault(
            "slot_type",
            f"'{column}' of item '{item.key}' names {wording.of_type(found.type, context)},"
            f" not {wording.of_medium(medium)}",
            at,
        )
    return is_medium


def _items(binding: FromItem, scope: Scope | None) -> "tuple[Item, ...] | None":
    """The items of the batch that is that many batches outwards; None: not known yet."""
    left = binding.up
    while scope is not None:
        if scope.kind == "batch":
            if left == 0:
                return None if scope.items is None else tuple(scope.items)
            left -= 1
        scope = scope.parent
    return None
