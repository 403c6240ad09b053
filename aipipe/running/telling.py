"""What is told of a cell's end."""

from aipipe.contracts.event import ContainerEnded, StepEnded
from aipipe.contracts.outcome import Problem
from aipipe.contracts.status import Status
from aipipe.running import policy, values
from aipipe.running.cells import Container, TaskCell
from aipipe.running.desk import Desk


def task_ended(cell: TaskCell, status: Status, problem: Problem | None, desk: Desk) -> None:
    """Count a task that has ended, and tell of it."""
    ignored = policy.is_ignored(cell)
    desk.tally.add(cell, status, problem, ignored=ignored)
    if cell.started_at is None:
        cell.label = values.describe_task(cell.template, policy.item_of(cell))
    desk.tell(
        StepEnded(
            at=desk.now,
            task=cell.path,
            template=cell.template.number,
            label=cell.label,
            status=status,
            attempts=cell.attempts,
            seconds=desk.now - cell.started_at if cell.started_at is not None else 0.0,
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
    )


def container_ended(cell: Container, status: Status, problem: Problem | None, desk: Desk) -> None:
    """Tell of a container's end."""
    desk.tell(
        ContainerEnded(
            at=desk.now,
            task=cell.path,
            template=cell.template.number,
            status=status,
            seconds=desk.now - cell.opened_at if cell.children or cell.open else 0.0,
            problem=problem,
        )
    )
