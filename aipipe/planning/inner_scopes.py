"""What is inside a container: the scope of its steps, what reaches them, what they inherit."""

from dataclasses import replace

from aipipe.language.spec import (
    BatchStep,
    ChainStep,
    GroupStep,
    OnError,
    PipelineStep,
    StepSpec,
)
from aipipe.planning import expansion, wording
from aipipe.planning.batches import Source
from aipipe.planning.bound import media_in
from aipipe.planning.cell_steps import in_cell
from aipipe.planning.cells import Cells
from aipipe.planning.context import Context
from aipipe.planning.flow import after
from aipipe.planning.opening import Around
from aipipe.planning.place import Place
from aipipe.planning.scopes import (
    ItemSource,
    Scope,
    Stream,
    WrittenSource,
)
from aipipe.planning.slot_values import any_value


def matrix_scope(step: StepSpec, found: Cells, place: Place) -> Scope:
    """The scope of the cells of a matrix."""
    scope = Scope(kind="matrix", parent=place.scope, path=place.path, axes=found.axes)
    scope.steps = expansion.as_branches([in_cell(step, cell) for cell in found.cells])
    scope.ids = tuple(cell.id for cell in found.cells)
    return scope


def label_within(around: Around, label: str) -> str:
    """What a cell is called inside another matrix's cell."""
    return f"{around.cell}, {label}" if around.cell else label


def with_input(
    step: ChainStep | GroupStep | PipelineStep, stream: Stream, place: Place, context: Context
) -> Stream:
    """What reaches the steps inside: what `input:` names, else what arrives."""
    if step.input is None:
        return stream
    bound = any_value(step.input, place.scope, (*step.at, "input"), context)
    if bound is None:
        return replace(stream, arriving=None, doubtful=True)
    place.reads.all_of(bound.binding)
    words = wording.of_origin(step.input, "input")
    source = WrittenSource(place.scope, bound.binding, bound.type, media_in(bound), words)
    return after(stream, source)


def of_children(step: GroupStep | BatchStep, place: Place) -> OnError:
    """What a failure inside does by default: a group that allows some goes on."""
    allows_some = step.max_failures is not None or step.min_success is not None
    return OnError.CONTINUE if allows_some and place.on_error is OnError.FAIL else place.on_error


def check_success(step: GroupStep | BatchStep, places: int | None, context: Context) -> None:
    """Note that more are asked to succeed than there are."""
    if step.min_success is not None and places is not None and step.min_success > places:
        context.fault(
            "min_success_too_high",
            f"'min_success' is {step.min_success}, but at most {places} can succeed",
            (*step.at, "min_success"),
        )


def batch_scope(step: BatchStep, source: Source | None, place: Place) -> Scope:
    """The scope of a batch, around that of each item."""
    scope = Scope(kind="batch", parent=place.scope, path=f"{place.path}[]")
    scope.as_name = step.as_name
    if source is not None:
        scope.item, scope.items = source.type, source.items
    return scope


def into_item(batch: Scope, stream: Stream) -> Stream:
    """What reaches the first step of an item: the item, and what is carried so far."""
    if batch.item is None:
        return replace(stream, arriving=None, doubtful=True)
    return after(stream, ItemSource(batch, batch.item))
