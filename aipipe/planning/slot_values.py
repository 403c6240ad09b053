"""A value that is written for a slot: words, a file, or a reference."""

from collections.abc import Mapping

from aipipe.contracts.media import TEXT
from aipipe.contracts.step import Slot
from aipipe.language.diagnostics import Path
from aipipe.language.references import Expression, Reference
from aipipe.planning.addresses import file_at
from aipipe.planning.bindings import Const, One
from aipipe.planning.bound import Bound
from aipipe.planning.column_files import column_file, is_known_column
from aipipe.planning.context import Context
from aipipe.planning.entries import matching
from aipipe.planning.expressions import bind, list_of, text_of
from aipipe.planning.literals import file_literal, is_outright, literal, plain
from aipipe.planning.scopes import Scope


def slot_value(
    written: Expression, slot: Slot, scope: Scope, at: Path, context: Context
) -> Bound | None:
    """What is written for a slot; a string is a text there, or else names a file.

    None: it is at fault (and noted).
    """
    if isinstance(written, Mapping) and is_outright(written):
        return _outright(written, slot, scope, at, context)
    bound = bind(written, scope, at, context)
    if bound is not None and slot.medium != TEXT and is_known_column(bound.binding, scope):
        return column_file(bound.binding, slot.medium, scope, at, context)
    if bound is None or not isinstance(bound.binding, Const):
        return bound
    value = bound.binding.value
    if slot.medium == TEXT:
        return _as_text(bound)
    if isinstance(value, str):
        folder = folder_of(written, context)
        found = file_literal(value, folder, at, context, wanted=slot.medium)
        return None if found is None else Bound(Const(found.value), found.type)
    return bound


def _outright(
    written: Mapping[str, Expression], slot: Slot, scope: Scope, at: Path, context: Context
) -> Bound | None:
    """What says what it is; where an address does not tell what is there, the slot does."""
    if written.keys() != {"url"}:
        return any_value(written, scope, at, context)
    at = (*at, "url")
    bound = bind(written["url"], scope, at, context)
    if bound is not None and is_known_column(bound.binding, scope):
        return column_file(bound.binding, slot.medium, scope, at, context)
    if bound is None or not isinstance(bound.binding, Const):
        return bound
    file = file_at(text_of(bound.binding.value), at, context, wanted=slot.medium)
    return None if file is None else Bound(Const(file), One(file.medium))


def any_value(written: Expression, scope: Scope, at: Path, context: Context) -> Bound | None:
    """What is written where no slot is named: a string may be a text or a file.

    None: it is at fault (and noted).
    """
    if isinstance(written, Mapping) and written.keys() == {"text"}:
        return _as_text(bind(written["text"], scope, (*at, "text"), context))
    if isinstance(written, tuple):
        return _any_values(written, scope, at, context)
    if isinstance(written, str) and (found := _matching(written, at, context)) is not None:
        return list_of(found) if found else None
    return _any_single(written, scope, at, context)


def _any_values(
    written: "tuple[Expression, ...]", scope: Scope, at: Path, context: Context
) -> Bound | None:
    """A list, each place of which may be a text, a file, a reference or a pattern of files."""
    found = [_places(each, scope, (*at, index), context) for index, each in enumerate(written)]
    places = [place for each in found for place in each or ()]
    return list_of(places) if all(found) else None


def _places(written: Expression, scope: Scope, at: Path, context: Context) -> list[Bound]:
    """What a place of a list stands for; none: it is at fault (and noted)."""
    several = _matching(written, at, context) if isinstance(written, str) else None
    if several is not None:
        return several
    one = any_value(written, scope, at, context)
    return [] if one is None else [one]


def _matching(written: str, at: Path, context: Context) -> list[Bound] | None:
    """The files of a pattern; None: it is none."""
    found = matching(written, context.spec.folder, at, context)
    return None if found is None else [Bound(Const(each.value), each.type) for each in found]


def _any_single(written: Expression, scope: Scope, at: Path, context: Context) -> Bound | None:
    bound = bind(written, scope, at, context)
    is_literal = isinstance(written, str) or is_outright(written)
    if bound is None or not is_literal or not isinstance(bound.binding, Const):
        return bound
    found = literal(plain(bound.binding.value), context.spec.folder, at, context)
    return None if found is None else Bound(Const(found.value), found.type)


def folder_of(written: Expression, context: Context) -> str:
    """What a file is relative to that a value names: a variable's, to where it was given."""
    match written:
        case Reference(("vars", name, *_)) if name in context.spec.vars:
            return context.spec.vars[name].folder or context.spec.folder
        case _:
            return context.spec.folder


def _as_text(bound: Bound | None) -> Bound | None:
    """Plain data as the text that it reads."""
    if bound is not None and isinstance(bound.binding, Const) and bound.type == One(None):
        return Bound(Const(text_of(bound.binding.value)), One(TEXT))
    return bound


def fits(bound: Bound, slot: Slot) -> bool:
    """Whether a value may fill a slot; what is known only when it runs, may."""
    is_open = bound.type == One(None) and not isinstance(bound.binding, Const)
    return is_open or bound.type == One(slot.medium)
