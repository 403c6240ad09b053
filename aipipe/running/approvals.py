"""Steps that wait for a person: held until somebody answers, or ended as waiting."""

from typing import TypeGuard

from aipipe.contracts.event import ContainerEnded, RunEvent, StepEnded, StepWaiting
from aipipe.contracts.outcome import Problem
from aipipe.running.cells import Cell, Phase
from aipipe.running.desk import Desk

APPROVAL = "approval"
"""The code of a problem that is a person's to solve."""


def asked(cell: Cell) -> Problem:
    """Why a step waits that nobody has agreed to."""
    return Problem(
        code="approval",
        message=f"'{cell.path}' waits for a person to agree",
        hint=f"--approve {cell.path}",
    )


def waits_for(step: str) -> Problem:
    """Why a step waits behind such a one."""
    return Problem(code="waits", message=f"waits for {step}, and that for a person to agree")


def behind(cell: Cell) -> Problem:
    """Why all waits that is behind, or inside, a step that waits."""
    before = cell.problem
    return waits_for(cell.path) if before is None or before.code == APPROVAL else before


def is_waiting(event: RunEvent) -> TypeGuard[StepEnded | ContainerEnded]:
    """Whether a step has ended because nobody has agreed to it."""
    return (
        isinstance(event, StepEnded | ContainerEnded)
        and event.problem is not None
        and event.problem.code == APPROVAL
    )


class Approvals:
    """Those that are held."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._held: dict[str, Cell] = {}

    def is_needed(self, cell: Cell) -> bool:
        """Whether a person is to be asked first."""
        template = cell.template
        return template.approve is not None and not self._desk.terms.approved(template)

    def hold(self, cell: Cell) -> bool:
        """Have somebody asked; False: nobody is there, and so it ends."""
        template = cell.template
        self._desk.tell(
            StepWaiting(
                at=self._desk.now,
                task=cell.path,
                template=template.number,
                label=template.label,
                question=template.approve or "",
                order=cell.order,
            )
        )
        if not self._desk.terms.asks:
            return False
        cell.phase = Phase.HELD
        self._held[cell.path] = cell
        return True

    def released(self, path: str) -> Cell | None:
        """A held step that is answered; None: it has ended meanwhile."""
        cell = self._held.pop(path, None)
        return None if cell is None or cell.ended else cell
