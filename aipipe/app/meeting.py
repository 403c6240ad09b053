"""A call that has begun already when it is asked for: waited for, gone on with, or doubted.

Whoever goes on with what another process left behind claims it first, and looks at it again
then: nothing that is done to a call goes by an older look.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from aipipe.app import not_taken
from aipipe.app.asked import Asking, Choices
from aipipe.app.earlier import Earlier, is_cut_off, job_of, result_of
from aipipe.app.keeping import Keeper
from aipipe.app.ledger_steps import accepted
from aipipe.backends.pools import Pool
from aipipe.contracts.artefact import Json
from aipipe.contracts.call import Job
from aipipe.contracts.outcome import Problem
from aipipe.memory.ledger.answers import Kept
from aipipe.memory.ledger.past import Call as PastCall
from aipipe.memory.ledger.records import Advance, Claim
from aipipe.memory.ledger.states import Money, Work
from aipipe.memory.ledger.steps import Abandon, Doubt, Expire, Finish, Settle, Transition
from aipipe.memory.ledger.transitions import advance
from aipipe.memory.ledger.writer import Reply
from aipipe.running.instructions import Resumed

NO_ANSWER: Json = {"code": "no_answer", "message": "its process ended before an answer came"}
LOST: Json = {"code": "result.lost", "message": "its answer was cut off with its process"}


class Meetings:
    """Meets calls that have begun; `send` asks for an intent once there is none in its way."""

    def __init__(
        self,
        run: str,
        keeper: Keeper,
        earlier: Earlier,
        choices: Choices,
        send: Callable[[Asking, Sequence[Advance]], None],
    ) -> None:
        self._run = run
        self._keeper = keeper
        self._earlier = earlier
        self._choices = choices
        self._send = send
        self._risked = 0
        self._pool = Pool("meetings", 4)

    def close(self, patience: float) -> None:
        """Let the threads end: the run is over."""
        self._pool.close(patience=patience)

    def meet(self, number: int, asking: Asking) -> None:
        """See what becomes of a call, in another thread."""
        self._pool.do(partial(self._meet, number, asking))

    def _meet(self, number: int, asking: Asking) -> None:
        """Wait for it, or make it this run's."""
        is_ours = self._keeper.carries(number)  # asked first: what ends then is read as ended
        call = self._earlier.open_call(number)
        if is_ours or call is None or self._goes_on(call) or not self._keeper.take_over(number):
            self._refuse(asking, None)
            return
        claim = Claim(call=number, run=self._run)
        self._keeper.ask((claim,), partial(self._claimed, number, asking))

    def _goes_on(self, call: PastCall) -> bool:
        """Whether another process will tell how a call ends; of an unconfirmed one nobody will."""
        is_doubtful = call.state.work is Work.UNCONFIRMED or call.carrier == self._run
        return not is_doubtful and self._earlier.is_alive(call.carrier)

    def _claimed(self, number: int, asking: Asking, reply: Reply) -> None:
        if _is_kept(reply):
            self._pool.do(partial(self._go_on, number, asking))
        else:
            self._give_back(number, asking, _why(reply, asking))

    def _go_on(self, number: int, asking: Asking) -> None:
        """Go on with a call that is this run's now, from where it stands."""
        call = self._earlier.open_call(number)
        if call is None:
            self._give_back(number, asking, None)
        elif (job := job_of(call)) is not None and self._earlier.can_be_asked(call):
            self._resume(call, Resumed(asking.ticket, job), asking)
        elif (result := result_of(call)) is not None:
            paid = call.billed if call.state.money is Money.BILLED else None
            self._resume(call, Resumed(asking.ticket, result, is_made=True, paid=paid), asking)
        elif call.state.work is Work.STORED:
            self._settle(call, (*unsettled(call), Finish()), None, asking)
        else:
            self._search(call, asking)

    def _resume(self, call: PastCall, resumed: Resumed, asking: Asking) -> None:
        self._keeper.go_on(asking.ticket, call, call.state)
        asking.inbox.put(resumed)

    def _search(self, call: PastCall, asking: Asking) -> None:
        """Its answer never came: look for its job at the provider, else it stays in doubt."""
        job = self._earlier.found(asking.intent.call, call)
        if job is not None and call.state.work in {Work.INTENT, Work.UNCONFIRMED}:
            self._adopt(call, job, asking)
        elif is_cut_off(call):
            steps = (*unsettled(call), Expire(error=LOST))
            self._settle(call, steps, not_taken.final(replace(call, error=LOST)), asking)
        elif asking.intent.refused is None and self._may_send_again(call):
            self._keeper.give_back(call.id)
            self._send(asking, _advances(call, (*doubted(call), Abandon())))
        else:
            self._settle(call, doubted(call), not_taken.doubt(call), asking)

    def _adopt(self, call: PastCall, job: Job, asking: Asking) -> None:
        """Take a job of the provider's for the call."""
        step = accepted(job)

        def adopted(reply: Reply) -> None:
            if not _is_kept(reply):
                self._give_back(call.id, asking, _why(reply, asking))
                return
            self._keeper.go_on(asking.ticket, call, advance(call.state, step))
            asking.inbox.put(Resumed(asking.ticket, job))

        self._keeper.ask(_advances(call, (step,)), adopted)

    def _may_send_again(self, call: PastCall) -> bool:
        choices = self._choices
        most = choices.most_doubtful
        if not choices.sends_doubtful or (most is not None and self._risked + call.held > most):
            return False
        self._risked += call.held
        return True

    def _settle(
        self, call: PastCall, steps: Sequence[Transition], problem: Problem | None, asking: Asking
    ) -> None:
        """Keep where a call stands that nobody goes on with, and tell why this one is not sent."""

        def settled(reply: Reply) -> None:
            self._give_back(call.id, asking, problem or _why(reply, asking))

        self._keeper.ask(_advances(call, steps), settled)

    def _give_back(self, number: int, asking: Asking, problem: Problem | None) -> None:
        self._keeper.give_back(number)
        self._refuse(asking, problem)

    def _refuse(self, asking: Asking, problem: Problem | None) -> None:
        self._keeper.forget(asking.ticket)
        asking.refuse(problem)


def _is_kept(reply: Reply) -> bool:
    return not isinstance(reply, Exception) and isinstance(reply[-1], Kept)


def _why(reply: Reply, asking: Asking) -> Problem | None:
    """Why it can't be gone on with; None: another goes on with it, and it is asked for again."""
    if not isinstance(reply, Exception):
        return None
    return not_taken.why_not(reply, asking.intent.hold)


def doubted(call: PastCall) -> tuple[Transition, ...]:
    """The step of a call that nobody will answer any more."""
    unanswered = call.state.work in {Work.INTENT, Work.SUBMITTED}
    return (Doubt(error=NO_ANSWER),) if unanswered else ()


def unsettled(call: PastCall) -> tuple[Transition, ...]:
    """The receipt, from the price list, of a call that was carried out and has none."""
    if call.state.money is not Money.HELD:
        return ()
    return (Settle(billed=call.held if call.likely is None else call.likely, computed=True),)


def _advances(call: PastCall, steps: Sequence[Transition]) -> tuple[Advance, ...]:
    return tuple(Advance(call=call.id, transition=step) for step in steps)
