"""The axes of a matrix with their values, all of them known before the run."""

import re
from collections.abc import Iterator, Sequence
from os.path import relpath
from typing import Final, TypeAlias

from aipipe.contracts.fragments import ID
from aipipe.language.diagnostics import Path
from aipipe.language.references import Expression, Interpolated, Reference
from aipipe.language.spec import StepSpec
from aipipe.planning.axis import REPEAT, Axis, Scalar
from aipipe.planning.bindings import Const
from aipipe.planning.cell_names import words_of
from aipipe.planning.context import Context
from aipipe.planning.expressions import bind, text_of
from aipipe.planning.literals import absolute, looks_like_path
from aipipe.planning.matrix_references import axes_around
from aipipe.planning.scopes import Scope

_TAKEN: Final = frozenset({REPEAT, "include"})
"""Words that can't be axes: one means something, the other does where people may come from."""
_GLOB: Final = frozenset("*?[")
_Placed: TypeAlias = tuple[Expression, Path]


def axes(step: StepSpec, scope: Scope, context: Context) -> list[Axis]:
    """The axes of a step, `repeat` as the last one; those at fault are left out (and noted)."""
    found: list[Axis] = []
    if step.matrix is not None:
        at = step.matrix.at
        if not step.matrix.axes:
            context.fault("axis_values", "the matrix has no lists", at, "such as  seed: [1, 2]")
        for name, written in step.matrix.axes.items():
            if _may_be_called(name, (*at, name), scope, context):
                values = _values(name, written, (*at, name), scope, context)
                found.append(Axis(name=name, values=values, words=words_of(values, context)))
    if step.repeat is not None:
        times = _times(step.repeat, (*step.at, REPEAT), scope, context)
        counted = tuple(range(1, times + 1))
        found.append(Axis(name=REPEAT, values=counted, words=words_of(counted, context)))
    return found


def _may_be_called(name: str, at: Path, scope: Scope, context: Context) -> bool:
    if not re.fullmatch(ID, name):
        hint = "a name has letters, digits, '_' and '-', and begins with a letter"
        context.fault("bad_name", f"'{name}' can't be a name", at, hint, on_key=True)
    elif name in _TAKEN:
        said = f"'{name}' can't be the name of an axis"
        hint = "repeat: N  stands beside  matrix:" if name == REPEAT else "list what is wanted"
        context.fault("axis_taken", said, at, hint, on_key=True)
    elif name in axes_around(scope):
        context.fault(
            "axis_taken",
            f"a matrix around this one has '{name}' too",
            at,
            "call one of them by another name",
            on_key=True,
        )
    else:
        return True
    return False


def _values(
    name: str, written: Expression, at: Path, scope: Scope, context: Context
) -> tuple[Scalar, ...]:
    found: list[Scalar] = []
    before, seen = len(context.faults), set[str]()
    for value, place in _spread(written, at, scope, context):
        if not isinstance(value, Scalar):
            context.fault("axis_values", f"'{name}' takes texts, numbers and flags", place)
            continue
        if plain(value) in seen:
            context.fault("axis_values", f"'{name}' has '{text_of(value)}' twice", place)
        seen.add(plain(value))
        found.append(value)
    if not found and len(context.faults) == before:
        context.fault("axis_values", f"'{name}' has no values", at)
    return tuple(found)


def plain(value: Scalar) -> str:
    """A value as it is told from others: 7 and 7.0 are one."""
    return text_of(int(value) if isinstance(value, float) and value.is_integer() else value)


def _spread(written: Expression, at: Path, scope: Scope, context: Context) -> Iterator[_Placed]:
    """The values that an axis lists, with their places; patterns are the files that they match."""
    if isinstance(written, tuple):
        for index, each in enumerate(written):
            yield from _spread(each, (*at, index), scope, context)
        return
    value = known(written, at, scope, context)
    if isinstance(value, str) and looks_like_path(value, context) and _GLOB & set(value):
        folder = context.spec.folder
        paths = context.files.glob(absolute(value, folder))
        if not paths:
            context.fault("missing_file", f"no file matches '{value}'", at, f"looked in {folder}")
        yield from ((relpath(path, folder), at) for path in paths)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        yield from ((each, at) for each in value)
    elif value is not None:
        yield value, at


def known(written: Expression, at: Path, scope: Scope, context: Context) -> Expression:
    """A value with its references resolved; None: it is at fault, or not known yet (and noted)."""
    if not isinstance(written, Reference | Interpolated):
        return written
    bound = bind(written, scope, at, context)
    if bound is None:
        return None
    if not isinstance(bound.binding, Const):
        context.fault(
            "axis_values",
            "a matrix must be known before the run",
            at,
            "variables and the values of a matrix around it are:  ${{ vars.NAME }}",
        )
        return None
    return bound.binding.value  # type: ignore[return-value] # constants of the file


def _times(written: Expression, at: Path, scope: Scope, context: Context) -> int:
    value = known(written, at, scope, context)
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    if value is not None:
        said = f"'repeat' takes a whole number above 0, not '{text_of(str(value))}'"
        context.fault("axis_values", said, at)
    return 1
