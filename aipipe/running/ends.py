"""What is told of the ends of steps, and the value that a call's outputs make."""

from aipipe.contracts.artefact import ArtefactRef, Value
from aipipe.contracts.call import Produced
from aipipe.contracts.event import ContainerEnded, Status, StepEnded
from aipipe.contracts.outcome import Problem
from aipipe.planning.plan import Many
from aipipe.running.cells import Container, TaskCell


def step_ended(
    cell: TaskCell, status: Status, problem: Problem | None, at: float, *, ignored: bool
) -> StepEnded:
    """The end of a task."""
    return StepEnded(
        at=at,
        task=cell.path,
        template=cell.template.number,
        label=cell.label,
        status=status,
        attempts=cell.attempts,
        seconds=at - cell.started_at if cell.started_at is not None else 0.0,
        billed=cell.billed,
        billed_known=cell.billed_known,
        outputs=cell.outputs,
        problem=problem,
        ignored=ignored and status is not Status.DONE,
        order=cell.order,
        note=cell.note,
        model=cell.template.model if cell.has_switched else "",
        provider=cell.template.provider if cell.has_switched else "",
    )


def container_ended(
    cell: Container, status: Status, problem: Problem | None, at: float
) -> ContainerEnded:
    """The end of a group, batch or chain."""
    return ContainerEnded(
        at=at,
        task=cell.path,
        template=cell.template.number,
        status=status,
        seconds=at - cell.opened_at if cell.children or cell.open else 0.0,
        problem=problem,
    )


def value_of(cell: TaskCell, produced: Produced, artefacts: tuple[ArtefactRef, ...]) -> Value:
    """A task's value: one, or a list where it makes many."""
    made: tuple[Value, ...] = artefacts if produced.values is None else produced.values
    if isinstance(cell.template.produces, Many):
        return made
    return made[0] if made else ()
