"""What the ledger answers to an intent, where the call may not simply be sent."""

from typing import Final, assert_never

from aipipe.contracts.status import Status
from aipipe.running import pauses, problems, racing
from aipipe.running.answers import Answers
from aipipe.running.calls import Calls
from aipipe.running.cells import Phase, TaskCell
from aipipe.running.desk import Desk
from aipipe.running.instructions import Fetch, NotTaken, Resumed, Reused

_STATUS: Final = {problems.CAP: Status.REFUSED, problems.UNCONFIRMED: Status.UNCONFIRMED}
"""How a task ends by the code of the problem; all else has failed."""


_MODERATION: Final = "refused."
"""How the codes begin of calls that were refused for what they say, and are not sent again."""


class Intents:
    """Takes in the answers to intents other than that they are kept."""

    def __init__(self, desk: Desk, calls: Calls, answers: Answers) -> None:
        self._desk = desk
        self._calls = calls
        self._answers = answers

    def answered(self, news: NotTaken | Reused | Resumed) -> None:
        """A call is not sent: it waits, fails, has its result already, or is under way."""
        cell = self._desk.alive(news.ticket)
        if cell is None or cell.phase is not Phase.COMMITTING:
            return
        match news:
            case NotTaken():
                self._not_taken(cell, news)
            case Reused():
                self._reused(cell, news)
            case Resumed():
                self._resumed(cell, news)
            case _:
                assert_never(news)

    def _not_taken(self, cell: TaskCell, news: NotTaken) -> None:
        if news.problem is None:
            cell.attempts -= 1
            self._calls.close(cell, spent=0)
            self._answers.retry_at(cell, self._desk.now + pauses.ASK_AGAIN)
            return
        if news.problem.code.startswith(_MODERATION):
            self._calls.close(cell, spent=0)
            self._calls.fail(cell, news.problem)
            return
        if news.problem.code == problems.CAP and (why := racing.lost(cell)) is not None:
            self._answers.close(cell, Status.SKIPPED, why)
            return
        status = _STATUS.get(news.problem.code, Status.FAILED)
        self._answers.close(cell, status, news.problem)

    def _reused(self, cell: TaskCell, news: Reused) -> None:
        cell.reused = True
        cell.attempts -= 1
        self._desk.tally.saved += news.saved
        self._calls.close(cell, spent=0)
        self._answers.deliver(cell, news.produced)

    def _resumed(self, cell: TaskCell, news: Resumed) -> None:
        if cell.call is None:
            return
        cell.phase = Phase.RUNNING
        if news.is_made:
            cell.made, cell.paid = news.job, news.paid
            self._desk.ask(Fetch(cell.ticket, cell.call, news.job, self._desk.now))
        else:
            cell.job = news.job
            self._calls.polls.resumed(cell)
            self._answers.races.known(cell.ticket)
