"""Groups in which only the first branch to succeed counts, as questions about cells."""

from collections.abc import Iterator

from aipipe.contracts.in_flight import Running
from aipipe.contracts.outcome import Problem
from aipipe.planning.plan import Group
from aipipe.running.cells import BatchCell, Cell, Container, Phase, TaskCell

OUTRUN = "outrun"
"""The code of a problem that is another branch's success."""


def is_race(cell: Cell) -> bool:
    """Whether only one of its branches counts."""
    return isinstance(cell.template, Group) and cell.template.race is not None


def around(cell: Cell) -> Iterator[tuple[Container, Cell]]:
    """The races that a cell is in, the innermost first, each with the branch that it is in."""
    branch, parent = cell, cell.parent
    while parent is not None:
        if is_race(parent):
            yield parent, branch
        branch, parent = parent, parent.parent


def lost(cell: Cell) -> Problem | None:
    """Why a cell's result counts no more: another branch was first. None: it counts."""
    for race, branch in around(cell):
        if race.winner is not None and race.winner is not branch:
            return _outrun(race.winner)
    return None


def then(cell: Cell) -> Running:
    """What becomes of a call whose result counts no more."""
    for race, branch in around(cell):
        if race.winner is not None and race.winner is not branch:
            return _running(race)
    return Running.FINISH


def _running(race: Container) -> Running:
    asked = race.template.race if isinstance(race.template, Group) else None
    return Running.FINISH if asked is None else asked


def is_spared(cell: Cell) -> bool:
    """Whether a failure does not count: another branch has succeeded, or still may."""
    return any(
        race.winner is not None or any(not other.ended for other in race.children if other is not b)
        for race, b in around(cell)
    )


def may_be_free(cell: TaskCell, answered: frozenset[int]) -> bool:
    """Whether another branch may have won already, so that a call would be paid in vain.

    It has where the ledger still looks for its earlier result, or its result is being published.
    `answered` are the tickets of the calls whose intents are kept, and which only wait for this.
    """
    return any(
        other is not cell and _may_have_won(other, answered)
        for race, _ in around(cell)
        for other in tasks_in(race)
    )


def _may_have_won(cell: TaskCell, answered: frozenset[int]) -> bool:
    is_unanswered = cell.phase is Phase.COMMITTING and cell.ticket not in answered
    return is_unanswered or cell.phase is Phase.PUBLISHING


def tasks_in(cell: Container) -> Iterator[TaskCell]:
    """The tasks inside that have come to be and not ended."""
    alive = list(cell.live.values()) if isinstance(cell, BatchCell) else cell.children
    for child in alive:
        if isinstance(child, TaskCell) and not child.ended:
            yield child
        elif isinstance(child, Container):
            yield from tasks_in(child)


def left(cell: TaskCell) -> Problem:
    """Why a task ended whose job goes on, though its result counts no more."""
    why = lost(cell)
    first = "another was first" if why is None else why.message
    where = f"job {cell.job.id} goes on at {cell.job.provider}" if cell.job is not None else "made"
    return Problem(
        code=OUTRUN, message=f"{first}; {where}", hint="aipipe jobs fetch  collects its result"
    )


def none_won(race: Container) -> Problem:
    """Why a race failed."""
    return Problem(code="step_failed", message=f"no branch of '{race.template.id}' succeeded")


def _outrun(winner: Cell) -> Problem:
    name = winner.template.label or winner.template.id
    return Problem(code=OUTRUN, message=f"'{name}' was first")
