"""The combinations that `exclude:` leaves out of a matrix."""

from collections.abc import Mapping, Sequence

from aipipe.language.diagnostics import Path
from aipipe.language.references import Expression
from aipipe.language.spec import Matrix
from aipipe.language.suggestions import did_you_mean, one_of
from aipipe.planning.axis import Axis, Scalar
from aipipe.planning.axis_values import known, plain
from aipipe.planning.context import Context
from aipipe.planning.scopes import Scope


def exclusions(
    axes: Sequence[Axis], matrix: Matrix | None, scope: Scope, context: Context
) -> list[dict[int, int]]:
    """For each entry, the places of axes with the place of the value that is left out."""
    if matrix is None:
        return []
    numbers = {axis.name: n for n, axis in enumerate(axes) if axis.name in matrix.axes}
    return [
        _entry(entry, (*matrix.at, "exclude", index), numbers, axes, scope, context)
        for index, entry in enumerate(matrix.exclude)
    ]


def _entry(
    entry: Mapping[str, Expression],
    at: Path,
    numbers: Mapping[str, int],
    axes: Sequence[Axis],
    scope: Scope,
    context: Context,
) -> dict[int, int]:
    found: dict[int, int] = {}
    for name, written in entry.items():
        if name not in numbers:
            hints = did_you_mean(name, numbers) or (f"there are: {one_of(numbers)}",)
            said = f"the matrix has no '{name}'"
            context.fault("exclude", said, (*at, name), *hints, on_key=True)
            continue
        place = _place(axes[numbers[name]], written, (*at, name), scope, context)
        if place is not None:
            found[numbers[name]] = place
    return found


def _place(axis: Axis, written: Expression, at: Path, scope: Scope, context: Context) -> int | None:
    """Where a value stands in its axis; None: it does not (and that is noted)."""
    value = known(written, at, scope, context)
    if not isinstance(value, Scalar):
        return None
    values = [plain(each) for each in axis.values]
    if plain(value) in values:
        return values.index(plain(value))
    hints = did_you_mean(plain(value), values) or (f"there are: {one_of(values)}",)
    context.fault("exclude", f"'{axis.name}' has no '{plain(value)}'", at, *hints)
    return None
