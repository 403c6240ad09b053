"""Why tasks end without a result, in words for the user, and the codes that others go by."""

from collections.abc import Sequence

from aipipe.contracts.outcome import Problem
from aipipe.running.budget import Purse
from aipipe.running.cells import TaskCell
from aipipe.running.values import NANO

STOPPED = Problem(code="stopped", message="the run was stopped before it began or finished")
UNCONFIRMED = "unconfirmed"
"""The code of a problem that may have been paid for: never sent again by itself."""
LEFT = "left"
"""The code of a problem that is an interrupt: a job goes on, and the next run collects it."""
CAP = "cap"
"""The code of a problem that is a cap's doing."""


def needs(step: str) -> Problem:
    """Why a step was skipped."""
    return Problem(code="needs", message=f"needs {step}")


def over_cap(purses: Sequence[Purse], worst: int | None) -> Problem:
    """Why a call is refused."""
    left = min((p.cap - p.spent for p in purses if p.cap is not None), default=0)
    price = "an unknown price" if worst is None else f"up to {_usd(worst)}"
    return Problem(
        code=CAP,
        message=f"costs {price}, and {_usd(max(0, left))} is left under the cap",
        hint="--max-cost USD",
    )


def _usd(nano: int) -> str:
    return f"${nano / NANO:.3f}"


def timed_out(cell: TaskCell) -> Problem:
    """Why a task failed that took too long."""
    job = f"; job {cell.job.id} goes on at {cell.job.provider}" if cell.job is not None else ""
    return Problem(
        code="timed_out",
        message=f"took longer than {cell.template.timeout:g} s{job}",
        hint="timeout: 10m  gives it more time",
    )


def left(cell: TaskCell) -> Problem:
    """Why a task ended whose job goes on."""
    where = f"job {cell.job.id} goes on at {cell.job.provider}" if cell.job is not None else "made"
    hint = "the same command collects it, and pays no more for it"
    return Problem(code=LEFT, message=f"interrupted; {where}", hint=hint)


def not_fetched(problem: Problem) -> Problem:
    """Why a result that was made and paid for is not here."""
    hint = "run it again: it is made and paid for, and is only fetched"
    return Problem(code=problem.code, message=problem.message, hint=hint)


def lost(problem: Problem) -> Problem:
    """Why a result that was paid for can't be had."""
    return Problem(code=problem.code, message=problem.message, hint="--rebuy  buys it again")
