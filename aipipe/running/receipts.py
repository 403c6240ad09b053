"""What calls came to: what each cost, and the records that keep it."""

from aipipe.contracts.call import Produced, Receipt
from aipipe.contracts.outcome import (
    Failed,
    FetchOutcome,
    Finished,
    Lost,
    Made,
    NotSent,
    PollOutcome,
    Rejected,
    SubmitOutcome,
)
from aipipe.running import problems
from aipipe.running.calls import Calls
from aipipe.running.cells import TaskCell
from aipipe.running.desk import Desk
from aipipe.running.instructions import Answered, Cancelling, Released


class Receipts:
    """Has what came of paid calls kept."""

    def __init__(self, desk: Desk, calls: Calls) -> None:
        self._desk = desk
        self._calls = calls

    def record(
        self,
        ticket: int,
        cell: TaskCell | None,
        outcome: SubmitOutcome | PollOutcome | FetchOutcome,
    ) -> None:
        """Keep what came of a call, also of one that nobody waits for any more (`cell` None)."""
        if cell is not None and not cell.template.is_remote:
            return
        spent = None if cell is None else self._spent(cell, outcome)
        computed = cell is not None and not cell.billed_known
        self._calls.record(Answered(ticket, outcome, spent, computed))

    def withdraw(self, cell: TaskCell) -> None:
        """Keep that a call was never sent whose intent may be durable by now."""
        self._calls.record(Answered(cell.ticket, NotSent(problem=problems.STOPPED), 0))

    def cancelling(self, cell: TaskCell) -> None:
        """Keep that a job's cancel is about to be asked for."""
        if cell.template.is_remote and cell.job is not None:
            self._calls.record(Cancelling(cell.ticket))

    def release(self, cell: TaskCell) -> None:
        """Let others go on with a call that this task gives up."""
        if cell.template.is_remote:
            self._calls.record(Released(cell.ticket))

    def bill(self, cell: TaskCell, produced: Produced) -> int:
        """What a finished call cost, in nano-dollars: as reported, else by the price list."""
        return self._told(cell, produced.receipt)

    def failed(self, cell: TaskCell, outcome: Failed) -> int:
        """What a failed call cost, in nano-dollars: as reported, else by the price list."""
        billed = outcome.billed_nano_usd
        return self._told(cell, None) if billed is None else billed

    def _told(self, cell: TaskCell, receipt: Receipt | None) -> int:
        if receipt is not None:
            cell.billed_known = not receipt.computed
            return receipt.nano_usd
        if cell.paid is not None:
            return cell.paid
        if not cell.template.is_remote or cell.call is None:
            return 0
        cell.billed_known = False
        likely = self._desk.terms.likely_of(cell.template, cell.call)
        return (cell.held or 0) if likely is None else likely

    def _spent(
        self, cell: TaskCell, outcome: SubmitOutcome | PollOutcome | FetchOutcome
    ) -> int | None:
        """What a call cost; None: nobody knows, or it has been told before."""
        match outcome:
            case Finished(produced=produced):
                is_told = produced.receipt is None and cell.paid is not None
                return None if is_told else self._told(cell, produced.receipt)
            case Made(receipt=receipt):
                cell.paid = None if receipt is None else self._told(cell, receipt)
                return cell.paid
            case Lost(receipt=receipt):
                cell.paid = self._told(cell, receipt)
                return cell.paid
            case Failed():
                return self.failed(cell, outcome)
            case NotSent() | Rejected():
                return 0
            case _:
                return None
