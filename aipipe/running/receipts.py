"""What calls came to: what each cost, and the records that keep it."""

from aipipe.contracts.call import Produced
from aipipe.contracts.outcome import (
    Failed,
    Finished,
    NotSent,
    PollOutcome,
    Rejected,
    SubmitOutcome,
)
from aipipe.running import policy
from aipipe.running.calls import Calls
from aipipe.running.cells import TaskCell
from aipipe.running.desk import Desk
from aipipe.running.instructions import Answered


class Receipts:
    """Has what came of paid calls kept."""

    def __init__(self, desk: Desk, calls: Calls) -> None:
        self._desk = desk
        self._calls = calls

    def record(
        self, ticket: int, cell: TaskCell | None, outcome: SubmitOutcome | PollOutcome
    ) -> None:
        """Keep what came of a call, also of one that nobody waits for any more (`cell` None)."""
        if cell is not None and not cell.template.is_remote:
            return
        spent = None if cell is None else self._spent(cell, outcome)
        computed = cell is not None and not cell.billed_known
        self._calls.record(Answered(ticket, outcome, spent, computed))

    def withdraw(self, cell: TaskCell) -> None:
        """Keep that a call was never sent whose intent may be durable by now."""
        self._calls.record(Answered(cell.ticket, NotSent(problem=policy.STOPPED), 0))

    def bill(self, cell: TaskCell, produced: Produced) -> int:
        """What a finished call cost, in nano-dollars: as reported, else by the price list."""
        if produced.receipt is not None:
            cell.billed_known = not produced.receipt.computed
            return produced.receipt.nano_usd
        if not cell.template.is_remote or cell.call is None:
            return 0
        cell.billed_known = False
        return self._desk.terms.likely_of(cell.template, cell.call)

    def _spent(self, cell: TaskCell, outcome: SubmitOutcome | PollOutcome) -> int | None:
        """What a call cost; None: nobody knows."""
        match outcome:
            case Finished():
                return self.bill(cell, outcome.produced)
            case Failed():
                return outcome.billed_nano_usd
            case NotSent() | Rejected():
                return 0
            case _:
                return None
