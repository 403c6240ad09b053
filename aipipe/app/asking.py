"""A call before it is sent: reused, gone on with, doubted, or its intent kept.

Nothing here is sent: the loop does that, once it is told that the intent is on disk.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from aipipe.app import not_taken
from aipipe.app.earlier import Earlier, job_of, result_of
from aipipe.app.keeping import Keeper
from aipipe.app.ledger_steps import accepted
from aipipe.backends.pools import Pool
from aipipe.contracts.artefact import Json
from aipipe.contracts.call import Call
from aipipe.contracts.outcome import Problem, problem_of
from aipipe.errors import StepError
from aipipe.memory.keys import Keys
from aipipe.memory.ledger.answers import AlreadyFinal, AlreadyOpen, Answer, Kept, Taken
from aipipe.memory.ledger.past import Call as PastCall
from aipipe.memory.ledger.records import (
    Advance,
    CallFacts,
    Claim,
    Scope,
    TakeIntent,
    of_group,
)
from aipipe.memory.ledger.records import Record as LedgerRecord
from aipipe.memory.ledger.states import Money, Work
from aipipe.memory.ledger.steps import Abandon, Doubt, Expire, Finish, Transition
from aipipe.memory.ledger.transitions import advance
from aipipe.memory.ledger.writer import Reply
from aipipe.running.instructions import (
    Answered,
    Intent,
    NotTaken,
    Record,
    Released,
    Resumed,
    Reused,
)
from aipipe.running.loop import Inbox

NO_ANSWER: Json = {"code": "no_answer", "message": "its process ended before an answer came"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the user says of calls that are not simply sent."""

    sends_doubtful: bool = False
    """Calls that may have been paid for are sent again …"""
    most_doubtful: int | None = None
    """… as long as they cost no more than this together, in nano-dollars; None: any."""
    buys_again: bool = False
    """What was paid for and is gone is bought again."""
    sends_refused: bool = False
    """What moderation refused is sent again."""


@dataclass(frozen=True, slots=True)
class _Asking:
    """One intent that is asked for."""

    intent: Intent
    keys: Keys
    inbox: Inbox
    after: int = 0
    """The newest call with its key that was looked at, and does not stand in."""

    @property
    def ticket(self) -> int:
        return self.intent.ticket


class Desk:
    """The ledger as a run's loop knows it. Answers come from other threads."""

    def __init__(
        self,
        run: str,
        keeper: Keeper,
        earlier: Earlier,
        scopes: tuple[Scope, ...],
        choices: Choices,
    ) -> None:
        self._run = run
        self._keeper = keeper
        self._earlier = earlier
        self._scopes = scopes
        self._choices = choices
        self._risked = 0
        self._pool = Pool("intents", 2)

    def commit(self, records: Sequence[Record], inbox: Inbox) -> None:
        """Keep them in this order; for an intent `Committed` or another answer follows."""
        for record in records:
            match record:
                case Intent():
                    self._keeper.expect(record.ticket)
                    self._pool.do(partial(self._look, record, inbox))
                case Answered():
                    self._keeper.answered(record, inbox)
                case Released():
                    self._keeper.forget(record.ticket)

    # --- before the intent

    def _look(self, intent: Intent, inbox: Inbox) -> None:
        """Let an earlier call stand in, or ask for the intent to be kept."""
        try:
            keys = self._earlier.keys(intent.call)
        except StepError as error:
            self._refuse(intent.ticket, problem_of(error), inbox)
            return
        self._look_back(_Asking(intent, keys, inbox))

    def _look_back(self, asking: _Asking) -> None:
        past = self._earlier.final(asking.keys.key, asking.intent.call)
        if past is None:
            self._ask(asking)
        elif not self._stands_in(past, asking):
            self._ask(replace(asking, after=past.id))

    def _stands_in(self, past: PastCall, asking: _Asking) -> bool:
        """Whether an earlier call makes this one needless; it is told then."""
        if past.state.work is Work.DONE:
            return self._reused(past, asking)
        allowed = self._choices.buys_again
        if past.state.work is Work.REFUSED:
            allowed = self._choices.sends_refused
        if not allowed:
            self._refuse(asking.ticket, not_taken.final(past), asking.inbox)
        return not allowed

    def _reused(self, past: PastCall, asking: _Asking) -> bool:
        produced = self._earlier.produced(past)
        if produced is not None:
            self._keeper.forget(asking.ticket)
            asking.inbox.put(Reused(asking.ticket, produced, past.billed or 0))
        elif (result := result_of(past)) is not None and not self._choices.buys_again:
            self._keeper.forget(asking.ticket)
            asking.inbox.put(Resumed(asking.ticket, result, is_made=True, paid=0))
        elif not self._choices.buys_again:
            self._refuse(asking.ticket, not_taken.missing(past), asking.inbox)
        else:
            return False
        return True

    def _refuse(self, ticket: int, problem: Problem | None, inbox: Inbox) -> None:
        self._keeper.forget(ticket)
        inbox.put(NotTaken(ticket, problem))

    # --- the intent

    def _ask(self, asking: _Asking, *before: LedgerRecord) -> None:
        """Ask for the intent to be kept, in one transaction with what comes before it."""
        intent, run = asking.intent, self._run
        if intent.refused is not None:
            self._ask_nothing(asking, intent.refused)
            return
        groups = tuple(of_group(run, path, cap=cap) for path, cap in intent.groups)
        asked = TakeIntent(
            call=_facts(run, intent, asking.keys),
            hold=intent.hold,
            scopes=(*self._scopes, *groups),
            after=asking.after,
            anew=intent.call.anew,
        )
        self._keeper.ask((*before, asked), partial(self._taken, asking))

    def _ask_nothing(self, asking: _Asking, refused: Problem) -> None:
        """There is no room for it; only a call that has begun already may stand in."""
        begun = self._earlier.begun(asking.keys.open_key)
        if begun is None or begun.state.work is Work.UNCONFIRMED:
            self._refuse(asking.ticket, refused, asking.inbox)
        else:
            self._meet(begun.id, asking)

    def _taken(self, asking: _Asking, reply: Reply) -> None:
        """The writer's answer to an intent."""
        answer: Answer | Exception = reply if isinstance(reply, Exception) else reply[-1]
        match answer:
            case Taken(call=call):
                self._keeper.begin(asking.ticket, call, asking.intent.likely, asking.inbox)
            case AlreadyOpen(call=call):
                self._pool.do(partial(self._meet, call, asking))
            case AlreadyFinal():
                self._pool.do(partial(self._look_back, asking))
            case _:
                problem = not_taken.why_not(answer, asking.intent.hold)
                self._refuse(asking.ticket, problem, asking.inbox)

    # --- the same call has begun and not ended

    def _meet(self, number: int, asking: _Asking) -> None:
        """Wait for it, go on with it, or doubt it."""
        call = self._earlier.open_call(number)
        if call is None or self._goes_on(call):
            self._refuse(asking.ticket, None, asking.inbox)
        elif (job := job_of(call)) is not None and self._earlier.can_be_asked(call):
            self._claim(call, Resumed(asking.ticket, job), asking)
        elif (result := result_of(call)) is not None:
            paid = call.billed if call.state.money is Money.BILLED else None
            self._claim(call, Resumed(asking.ticket, result, is_made=True, paid=paid), asking)
        elif call.state.work is Work.STORED:
            self._settle(call, (Finish(),), None, asking)
        else:
            self._search(call, asking)

    def _goes_on(self, call: PastCall) -> bool:
        """Whether some process will tell how a call ends; of an unconfirmed one nobody will."""
        if call.state.work is Work.UNCONFIRMED:
            return False
        if call.carrier == self._run:
            return self._keeper.carries(call.id)
        return self._earlier.is_alive(call.carrier)

    def _claim(self, call: PastCall, resumed: Resumed, asking: _Asking, *steps: Transition) -> None:
        """Make a call that was left behind this run's, and go on with it."""
        if not self._keeper.take_over(call.id):
            self._refuse(asking.ticket, None, asking.inbox)
            return
        state = call.state
        for step in steps:
            state = advance(state, step)
        claim = Claim(call=call.id, run=self._run)
        records: tuple[LedgerRecord, ...] = (claim, *_advances(call, steps))

        def claimed(reply: Reply) -> None:
            if isinstance(reply, Exception) or not all(isinstance(a, Kept) for a in reply):
                self._keeper.give_back(call.id)
                self._refuse(asking.ticket, None, asking.inbox)
                return
            self._keeper.go_on(asking.ticket, call, state)
            asking.inbox.put(resumed)

        self._keeper.ask(records, claimed)

    def _search(self, call: PastCall, asking: _Asking) -> None:
        """Its answer never came: look for its job at the provider, else it stays in doubt."""
        job = self._earlier.found(asking.intent.call, call)
        if job is not None and call.state.work in {Work.INTENT, Work.UNCONFIRMED}:
            self._claim(call, Resumed(asking.ticket, job), asking, accepted(job))
        elif call.state.work is Work.SUBMITTED and call.state.money is Money.BILLED:
            lost = not_taken.final(call)
            self._settle(call, (Expire(error=LOST),), lost, asking)
        elif asking.intent.refused is None and self._may_send_again(call):
            given_up: tuple[Transition, ...] = (*doubted(call), Abandon())
            self._ask(asking, *_advances(call, given_up))
        else:
            self._settle(call, doubted(call), not_taken.doubt(call), asking)

    def _may_send_again(self, call: PastCall) -> bool:
        choices = self._choices
        most = choices.most_doubtful
        if not choices.sends_doubtful or (most is not None and self._risked + call.held > most):
            return False
        self._risked += call.held
        return True

    def _settle(
        self,
        call: PastCall,
        steps: tuple[Transition, ...],
        problem: Problem | None,
        asking: _Asking,
    ) -> None:
        """Keep where a call stands that nobody goes on with, and tell why this one is not sent."""

        def settled(_reply: Reply) -> None:
            self._refuse(asking.ticket, problem, asking.inbox)

        self._keeper.ask(_advances(call, steps), settled)


LOST: Json = {"code": "result.lost", "message": "its answer was cut off with its process"}


def _facts(run: str, intent: Intent, keys: Keys) -> CallFacts:
    call: Call = intent.call
    return CallFacts(
        run=run,
        task=intent.task,
        type=call.type,
        provider=call.provenance.provider,
        model=call.model,
        endpoint=call.endpoint,
        key=keys.key,
        open_key=keys.open_key,
        occurrence=call.occurrence,
        attempt=call.attempt,
        likely=intent.likely,
        parts=keys.parts,
    )


def _advances(call: PastCall, steps: Sequence[Transition]) -> tuple[Advance, ...]:
    return tuple(Advance(call=call.id, transition=step) for step in steps)


def doubted(call: PastCall) -> tuple[Transition, ...]:
    """The step of a call that nobody will answer any more."""
    unanswered = call.state.work in {Work.INTENT, Work.SUBMITTED}
    return (Doubt(error=NO_ANSWER),) if unanswered else ()
