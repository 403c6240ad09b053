"""What must hold of a step that is made several times, and its faults told once."""

from collections.abc import Iterator
from contextlib import contextmanager

from aipipe.language.diagnostics import Fault, Path
from aipipe.language.references import Expression
from aipipe.language.spec import GroupStep, MergeStep, ModelStep, SplitStep, StepSpec
from aipipe.planning.axis import REPEAT
from aipipe.planning.cell_steps import axes_in
from aipipe.planning.cells import Cells
from aipipe.planning.context import Context
from aipipe.planning.mentions import inner_steps
from aipipe.planning.params import OUTPUT_FILE


def check(step: StepSpec, found: Cells, context: Context) -> bool:
    """Whether every axis is used, and every output named by what varies; else that is noted."""
    before = len(context.faults)
    _tell_unused(step, found, context)
    for written, at in _names_in(step):
        named = set(axes_in(written))
        missing = [axis for axis in found.varying if axis not in named]
        if missing:
            _tell_unnamed(missing, written, at, context)
    return len(context.faults) == before


def _tell_unused(step: StepSpec, found: Cells, context: Context) -> None:
    for axis in found.varying:
        if step.matrix is not None and axis not in {REPEAT, *step.matrix.named}:
            context.fault(
                "unused_axis",
                f"nothing uses 'matrix.{axis}', so its cells would all be the same",
                (*step.matrix.at, axis),
                f"put  ${{{{ matrix.{axis} }}}}  where it belongs, such as into params",
                "to make the same several times:  repeat: N",
                on_key=True,
            )


def _names_in(step: StepSpec) -> Iterator[tuple[Expression, Path]]:
    """Every `output_file` in a step and inside it, with its place."""
    for key, params in _params(step):
        if OUTPUT_FILE in params:
            yield params[OUTPUT_FILE], (*step.at, key, OUTPUT_FILE)
    for inner in inner_steps(step):
        yield from _names_in(inner)


def _params(step: StepSpec) -> Iterator[tuple[str, "dict[str, Expression]"]]:
    match step:
        case ModelStep() | MergeStep() | SplitStep():
            yield "params", dict(step.params)
        case GroupStep():
            yield "merge_params", dict(step.merge_params)
        case _:
            return


def _tell_unnamed(missing: list[str], written: Expression, at: Path, context: Context) -> None:
    stem, dot, extension = (
        str(written).rpartition(".") if isinstance(written, str) else ("", "", "")
    )
    keys = "_".join(f"${{{{ matrix.{axis} }}}}" for axis in missing)
    named = f":  {stem}_{keys}{dot}{extension}" if dot else f":  {keys}"
    context.fault(
        "one_name_for_all_cells",
        f"every {' and '.join(missing)} would be written to the same file",
        at,
        f"put what varies into the name{named}",
        "without  output_file:  each has a name of its own",
    )


@contextmanager
def once(context: Context) -> Iterator[None]:
    """Keep what the cells of a matrix have in common from being told for each of them."""
    faults, notices = len(context.faults), len(context.notices)
    yield
    _drop_known(context.faults, faults)
    _drop_known(context.notices, notices)


def _drop_known(told: list[Fault], before: int) -> None:
    fresh = told[before:]
    if fresh:
        known = set(told[:before])
        told[before:] = [each for each in dict.fromkeys(fresh) if each not in known]
