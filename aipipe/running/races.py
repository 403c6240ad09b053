"""What becomes of the other branches once one has won, and of calls that may yet be spared."""

from aipipe.contracts.in_flight import Running
from aipipe.contracts.outcome import NotSent, Problem
from aipipe.contracts.status import Status
from aipipe.running import racing
from aipipe.running.calls import Calls
from aipipe.running.cells import Phase, TaskCell
from aipipe.running.desk import Desk
from aipipe.running.fetches import Fetches
from aipipe.running.instructions import Answered, Cancel
from aipipe.running.receipts import Receipts


class Races:
    """Stops what lost, and sends calls of a race once no earlier result can win instead.

    No result that is paid for is lost: what a provider has made is fetched, a call that is being
    sent is waited for, and a job is left or asked to stop only once it is safe that it is known.
    """

    def __init__(self, desk: Desk, calls: Calls, receipts: Receipts, fetches: Fetches) -> None:
        self._desk = desk
        self._calls = calls
        self._receipts = receipts
        self._fetches = fetches

    def settle(self) -> None:
        """Stop the losers of races that are over, and send what need not be spared."""
        while self._desk.won:
            for cell in list(racing.tasks_in(self._desk.won.popleft())):
                why = racing.lost(cell)
                if why is not None:
                    self._outrun(cell, why)
            self._desk.follow()
        self._send()
        self._desk.follow()

    def known(self, ticket: int) -> None:
        """It is safe that a job is known; its race may be over by now."""
        cell = self._desk.alive(ticket)
        if cell is not None and racing.lost(cell) is not None:
            self._stop_job(cell)

    def _send(self) -> None:
        held = [cell for cell in self._calls.held if cell.phase is Phase.COMMITTING]
        answered = frozenset(cell.ticket for cell in held)
        self._calls.held = [cell for cell in held if racing.may_be_free(cell, answered)]
        for cell in held:
            why = racing.lost(cell)
            if why is not None:
                self._withdraw(cell, why)
            elif cell not in self._calls.held:
                self._calls.send_unless_closed(cell)

    def _outrun(self, cell: TaskCell, why: Problem) -> None:
        """End a task that only waits; stop a call as the race says. An intent is answered first."""
        if cell.phase is Phase.RETRYING:
            self._calls.tree.end(cell, Status.CANCELLED, problem=why)
        elif cell.phase is Phase.RUNNING and cell.call is not None:
            if cell.template.is_remote:
                self._stop_job(cell)
            elif racing.then(cell) is not Running.FINISH:
                self._desk.ask(Cancel(cell.ticket, cell.call, None))

    def _withdraw(self, cell: TaskCell, why: Problem) -> None:
        """Keep that a call was never sent: another branch was first."""
        self._calls.record(Answered(cell.ticket, NotSent(problem=why), 0))
        self._calls.close(cell, spent=0)
        cell.attempts -= 1
        self._calls.tree.end(cell, Status.SKIPPED, problem=why)

    def _stop_job(self, cell: TaskCell) -> None:
        is_known = cell.job is not None and cell.poll_after is None
        if cell.call is None or cell.made is not None or not is_known:
            return
        match racing.then(cell):
            case Running.LEAVE:
                self._fetches.interrupted(cell, racing.left(cell))
            case Running.CANCEL:
                self._receipts.cancelling(cell)
                self._desk.ask(Cancel(cell.ticket, cell.call, cell.job))
            case Running.FINISH:
                pass
