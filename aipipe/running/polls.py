"""When remote jobs are asked for: as their provider says, else by their age."""

from aipipe.contracts.outcome import Accepted, Pending
from aipipe.running import pauses
from aipipe.running.cells import TaskCell
from aipipe.running.desk import Desk
from aipipe.running.instructions import Poll


class Polls:
    """Asks for each job when it is worth it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def accepted(self, cell: TaskCell, outcome: Accepted) -> None:
        """A job has begun. It is asked for only once it is safe that it is known."""
        cell.job, cell.job_since = outcome.job, self._desk.now
        cell.poll_after = self._pause(cell, outcome.poll_after)

    def known(self, cell: TaskCell) -> None:
        """It is safe that a job is known."""
        if cell.poll_after is not None:
            after, cell.poll_after = cell.poll_after, None
            self._ask(cell, after)

    def resumed(self, cell: TaskCell) -> None:
        """An earlier process began a job: all of them are asked for one after the other."""
        cell.job_since = self._desk.now
        every, jobs = self._every(cell), len(self._desk.tickets)
        self._ask(cell, pauses.after_restart(every, jobs, self._desk.terms.random()))

    def pending(self, cell: TaskCell, outcome: Pending) -> None:
        """A job goes on."""
        cell.vain = 0
        self._ask(cell, self._pause(cell, outcome.poll_after))

    def vain(self, cell: TaskCell) -> None:
        """A job was asked for in vain."""
        cell.vain += 1
        after = pauses.after_vain(cell.vain, self._desk.terms.random())
        self._ask(cell, max(after, self._every(cell)))

    def _pause(self, cell: TaskCell, said: float | None) -> float:
        if said is not None:
            return said
        age, jobs = self._desk.now - cell.job_since, len(self._desk.tickets)
        return pauses.of_age(age, self._every(cell), jobs, self._desk.terms.random())

    def _every(self, cell: TaskCell) -> float:
        return self._desk.terms.poll_every(cell.template.provider)

    def _ask(self, cell: TaskCell, after: float) -> None:
        if cell.call is not None and cell.job is not None:
            self._desk.ask(Poll(cell.ticket, cell.call, cell.job, self._desk.now + after))
