"""A step as it is in one cell of a matrix: with the cell's values in the place of references."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from itertools import chain
from typing import Any

from aipipe.language.conditions.tree import Constant, Name, Plain
from aipipe.language.references import Expression, Interpolated, Reference, expression
from aipipe.language.spec import Common, ModelStep, StepSpec
from aipipe.planning.axis import REPEAT
from aipipe.planning.cells import Cell
from aipipe.planning.expressions import text_of
from aipipe.planning.params import OUTPUT_FILE

_OF_THE_WHOLE = {
    "approve": None,
    "matrix": None,
    "repeat": None,
    "id": None,
    "name": None,
    "needs": None,
}
"""What a step says of all its cells together."""


def in_cell(step: StepSpec, cell: Cell) -> StepSpec:
    """A cell's own step."""
    alone = replace(step, **_OF_THE_WHOLE, on_error=None, enabled=True)  # type: ignore[arg-type] # fields of all steps
    return _in(alone, cell.values, cell)  # type: ignore[no-any-return] # a step stays one


def _in(  # noqa: PLR0911 (a case for each kind of part)
    written: Any, values: Mapping[str, Any], cell: Cell
) -> Any:
    """A part of a step with the values in it; what has no reference is given back as it is."""
    match written:
        case Reference(path=("matrix", name)):
            return values.get(name, written)
        case Reference():
            return written
        case Name(path=("matrix", name), at=at) if name in values:
            return Constant(_compared(values[name]), at)
        case Interpolated(parts):
            return _text(parts, values)
        case tuple():
            return tuple(_in(each, values, cell) for each in written)
        case Mapping():
            return {
                key: _in(each, cell.words if key == OUTPUT_FILE else values, cell)
                for key, each in written.items()
            }
        case _:
            return _parts(written, values, cell) if is_dataclass(written) else written


def _parts(written: Any, values: Mapping[str, Any], cell: Cell) -> Any:
    changed = {}
    inner = _of_inner(written, values)
    if isinstance(written, ModelStep) and "${{" in written.model:
        changed["model"] = _model(written.model, values, cell)
    for each in fields(written):
        own = getattr(written, each.name)
        if isinstance(own, bool | int | str | float | None) or each.name == "at":
            continue
        new = _in(own, inner, cell)
        if new is not own:
            changed[each.name] = new
    return replace(written, **changed) if changed else written


def _of_inner(written: Any, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values that hold inside: a step that is repeated itself counts for itself."""
    if isinstance(written, Common) and written.repeat is not None:
        return {name: value for name, value in values.items() if name != REPEAT}
    return values


def _compared(value: Any) -> Plain:
    return Decimal(str(value)) if isinstance(value, float) else value


def _model(written: str, values: Mapping[str, Any], cell: Cell) -> str:
    named = _in(expression(written, (), []), values, cell)
    return written if isinstance(named, Reference | Interpolated) else text_of(named)


def _text(parts: tuple[str | Reference, ...], values: Mapping[str, Any]) -> Expression:
    found: list[str | Reference] = []
    for part in parts:
        new = _in_text(part, values)
        if isinstance(new, str) and found and isinstance(found[-1], str):
            found[-1] += new
        else:
            found.append(new)
    return found[0] if len(found) == 1 else Interpolated(tuple(found))


def _in_text(part: str | Reference, values: Mapping[str, Any]) -> str | Reference:
    match part:
        case Reference(path=("matrix", name)) if name in values:
            return text_of(values[name])
        case _:
            return part


def axes_in(written: Any) -> Iterator[str]:
    """The axes that references anywhere in a part of a step name."""
    match written:
        case Reference(path=("matrix", name, *_)) | Name(path=("matrix", name, *_)):
            yield name
        case Interpolated(each) | tuple(each):
            yield from chain.from_iterable(map(axes_in, each))
        case Mapping():
            yield from chain.from_iterable(map(axes_in, written.values()))
        case _:
            yield from _axes_in_parts(written)


def _axes_in_parts(written: Any) -> Iterator[str]:
    if isinstance(written, ModelStep):
        yield from axes_in(expression(written.model, (), []))
    if is_dataclass(written):
        for field in fields(written):
            yield from axes_in(getattr(written, field.name))
