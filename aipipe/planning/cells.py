"""The cells of a matrix: its combinations in the order written, as often as it is repeated."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from aipipe.language.spec import Matrix, StepSpec
from aipipe.planning import axis_values
from aipipe.planning.axis import REPEAT, Axis, Scalar
from aipipe.planning.cell_names import key_of, labels_of
from aipipe.planning.context import Context
from aipipe.planning.exclusions import exclusions
from aipipe.planning.scopes import Scope, outwards

MOST: Final = 10_000
"""Cells of a matrix, those of the matrices around it included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One combination: the value of each axis, and the words that it puts into paths and names."""

    id: str
    """`[model=flux_dev,seed=7]`."""
    label: str
    """What differs: `flux_dev, seed 7`."""
    values: Mapping[str, Scalar]
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """All of them; `varying` are the axes with more than one value among them."""

    cells: tuple[Cell, ...]
    axes: tuple[str, ...]
    varying: tuple[str, ...]


def cells_of(step: StepSpec, scope: Scope, context: Context) -> Cells | None:
    """The cells of a step with `matrix` or `repeat`; None: they are at fault (and noted)."""
    before = len(context.faults)
    axes = axis_values.axes(step, scope, context)
    if len(context.faults) > before or _are_too_many(axes, step, scope, context):
        return None
    combined = _combined(axes, step.matrix, scope, context)
    if len(context.faults) > before:
        return None
    if not combined:
        at = (*(step.matrix or step).at, "exclude")
        context.fault("nothing_left", "'exclude' leaves nothing of the matrix", at)
        return None
    return _named(axes, combined)


def _combined(
    axes: Sequence[Axis], matrix: Matrix | None, scope: Scope, context: Context
) -> list[tuple[int, ...]]:
    """For each cell, the place of its value in each axis."""
    excluded = exclusions(axes, matrix, scope, context)
    every = product(*(range(len(axis.values)) for axis in axes))
    return [cell for cell in every if not any(_is_in(cell, each) for each in excluded)]


def _is_in(cell: tuple[int, ...], excluded: Mapping[int, int]) -> bool:
    return all(cell[axis] == value for axis, value in excluded.items())


def _named(axes: Sequence[Axis], combined: Sequence[tuple[int, ...]]) -> Cells:
    differ = [len({cell[n] for cell in combined}) > 1 for n in range(len(axes))]
    varying = [n for n, differs in enumerate(differ) if differs]
    labels = labels_of(axes, combined, varying)
    cells = tuple(
        Cell(
            id=key_of(axes, places),
            label=label,
            values=dict(_chosen(axes, places)),
            words={axis.name: axis.words[n] for axis, n in zip(axes, places, strict=True)},
        )
        for places, label in zip(combined, labels, strict=True)
    )
    names = tuple(axis.name for axis in axes)
    return Cells(cells=cells, axes=names, varying=tuple(names[n] for n in varying))


def _chosen(axes: Sequence[Axis], places: Sequence[int]) -> Iterator[tuple[str, Scalar]]:
    for axis, n in zip(axes, places, strict=True):
        yield axis.name, axis.values[n]


def _are_too_many(axes: Sequence[Axis], step: StepSpec, scope: Scope, context: Context) -> bool:
    sizes = [*_around(scope), *(len(axis.values) for axis in axes)]
    count = math.prod(sizes)
    if count <= MOST:
        return False
    shown = " × ".join(f"{size:,}" for size in sizes)  # noqa: RUF001 (a product)
    said = f"{count:,} cells" + (f" ({shown})" if len(sizes) > 1 else "")
    at = step.matrix.at if step.matrix is not None else (*step.at, REPEAT)
    context.fault(
        "too_many_cells",
        f"this makes {said}, more than {MOST:,}",
        at,
        "take fewer values; many items of one kind are a  batch_parallel",
    )
    return True


def _around(scope: Scope | None) -> list[int]:
    """How many cells each matrix around has, the outermost first."""
    return [len(each.steps) for each in outwards(scope) if each.kind == "matrix"][::-1]
