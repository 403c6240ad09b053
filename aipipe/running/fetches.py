"""Results that a provider has made, on their way into the store.

The provider's work is done and paid for here: what goes wrong is no failed call, and whatever is
not brought home is left for the next run.
"""

from collections.abc import Callable
from typing import assert_never

from aipipe.contracts.call import Produced
from aipipe.contracts.outcome import Finished, Lost, NotSent, Problem, Stopped, Unreadable
from aipipe.contracts.status import Status
from aipipe.running import pauses, problems, racing
from aipipe.running.calls import Calls
from aipipe.running.cells import TaskCell
from aipipe.running.desk import Desk
from aipipe.running.instructions import Fetch, Fetched
from aipipe.running.receipts import Receipts


class Fetches:
    """Takes in what comes of fetching; `finished` is told of each result that is here."""

    def __init__(
        self,
        desk: Desk,
        calls: Calls,
        receipts: Receipts,
        finished: Callable[[TaskCell, Produced], None],
    ) -> None:
        self._desk = desk
        self._calls = calls
        self._receipts = receipts
        self._finished = finished

    def fetched(self, news: Fetched) -> None:
        """What was made is in the store, or could not be had."""
        cell = self._desk.alive(news.ticket)
        outcome = news.outcome
        if isinstance(outcome, Finished | Lost):
            self._receipts.record(news.ticket, cell, outcome)
        if cell is None:
            return
        match outcome:
            case Finished(produced=produced):
                self._finished(cell, produced)
            case Lost():
                self.lost(cell, outcome)
            case Unreadable(problem=problem):
                self.leave(cell, Status.FAILED, problem)
            case NotSent(problem=problem):
                self._again(cell, problem)
            case Stopped():
                self.leave(cell, Status.CANCELLED, racing.lost(cell) or problems.STOPPED)
            case _:
                assert_never(outcome)

    def lost(self, cell: TaskCell, outcome: Lost) -> None:
        """It was paid for, and its result can't be had any more."""
        self._end(cell, Status.FAILED, problems.lost(outcome.problem), spent=cell.paid or 0)

    def leave(self, cell: TaskCell, status: Status, problem: Problem) -> None:
        """End a task whose call has not ended: another, or the next run, goes on with it."""
        self._receipts.release(cell)
        self._end(cell, status, problem, spent=_at_stake(cell))

    def interrupted(self, cell: TaskCell, why: Problem) -> None:
        """End a task whose job goes on: its worst case stays held, and is not billed yet."""
        told = cell.billed + (cell.paid or 0)
        self._receipts.release(cell)
        self._calls.close(cell, spent=_at_stake(cell))
        cell.billed = told
        self._calls.tree.end(cell, Status.CANCELLED, problem=why)

    def _again(self, cell: TaskCell, problem: Problem) -> None:
        """Fetch it once more after a while."""
        cell.vain += 1
        if cell.call is None or cell.made is None:
            return
        if cell.vain >= pauses.MOST_FETCHES or self._desk.stop is not None:
            self.leave(cell, Status.FAILED, problems.not_fetched(problem))
            return
        after = pauses.after_vain(cell.vain, self._desk.terms.random())
        self._desk.ask(Fetch(cell.ticket, cell.call, cell.made, self._desk.now + after))

    def _end(self, cell: TaskCell, status: Status, problem: Problem, *, spent: int) -> None:
        self._calls.close(cell, spent=spent)
        self._calls.tree.end(cell, status, problem=problem)


def _at_stake(cell: TaskCell) -> int:
    """What a call has cost, or else may have, in nano-dollars."""
    return (cell.paid if cell.paid is not None else cell.held) or 0
