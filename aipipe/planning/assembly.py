"""The records of containers, put together from what their planning found."""

from typing import TypedDict

from aipipe.language.diagnostics import Path
from aipipe.language.spec import BatchStep, GroupStep, OnError, StepSpec
from aipipe.planning.batches import Source
from aipipe.planning.bindings import ValueType
from aipipe.planning.cells import Cells
from aipipe.planning.opening import Around
from aipipe.planning.place import Place
from aipipe.planning.plan import Batch, Chain, Group, Need, Template
from aipipe.planning.scopes import Output


class Header(TypedDict):
    """What every template has."""

    number: int
    id: str
    path: str
    label: str
    at: Path
    file: str
    needs: tuple[Need, ...]
    on_error: OnError
    produces: ValueType
    depth: int


def header(place: Place, step: StepSpec, output: Output) -> Header:
    """The header of the template that stands at a place."""
    return {
        "number": 0,
        "id": place.id,
        "path": place.path,
        "label": place.label,
        "at": step.at,
        "file": place.file,
        "needs": place.reads.needs,
        "on_error": place.on_error,
        "produces": output.type,
        "depth": place.depth,
    }


def group(head: Header, step: GroupStep, children: tuple[Template, ...]) -> Group:
    """A group and its branches."""
    return Group(
        **head,
        children=children,
        race=step.race,
        max_workers=step.max_workers,
        max_failures=step.max_failures,
        min_success=step.min_success,
        budget=step.budget,
    )


def matrix(head: Header, found: Cells, children: tuple[Template, ...]) -> Group:
    """The cells of a matrix, side by side."""
    return Group(**head, children=children, axes=found.axes)


def batch(head: Header, step: BatchStep, source: Source, body: Chain, window: int) -> Batch:
    """A batch, its items or where they come from, and the chain for each."""
    return Batch(
        **head,
        body=body,
        items=source.items,
        source=source.binding,
        window=window,
        max_failures=step.max_failures,
        min_success=step.min_success,
        budget=step.budget,
    )


def body(path: str, children: tuple[Template, ...], around: Around, output: Output) -> Chain:
    """The chain for each item of a batch; it is called what the cell is that the batch is in."""
    return Chain(
        number=0,
        id="",
        path=path,
        label=around.cell,
        at=children[0].at[:-1] if children else (),
        needs=(),
        on_error=around.on_error,
        produces=output.type,
        children=children,
    )
