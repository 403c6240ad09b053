"""A call before it is sent: an earlier one stands in for it, or its intent is kept.

Nothing here is sent: the loop does that, once it is told that the intent is on disk.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from aipipe.app import not_taken
from aipipe.app.asked import Asking, Choices
from aipipe.app.earlier import Earlier, result_of
from aipipe.app.keeping import Keeper
from aipipe.app.meeting import Meetings
from aipipe.backends.pools import Pool
from aipipe.contracts.call import Call
from aipipe.contracts.outcome import Problem, problem_of
from aipipe.errors import StepError
from aipipe.memory.keys import Keys
from aipipe.memory.ledger.answers import AlreadyFinal, AlreadyOpen, Answer, Taken
from aipipe.memory.ledger.past import Call as PastCall
from aipipe.memory.ledger.records import Advance, CallFacts, Scope, TakeIntent, of_group
from aipipe.memory.ledger.states import Work
from aipipe.memory.ledger.writer import Reply
from aipipe.running.instructions import (
    Answered,
    Cancelling,
    Intent,
    NotTaken,
    Record,
    Released,
    Resumed,
    Reused,
)
from aipipe.running.loop import Inbox

_PATIENCE = 2.0
"""Seconds that a question to the ledger, or to a provider, may take when the run is over."""


class Desk:
    """The ledger as a run's loop knows it. Answers come from other threads."""

    def __init__(
        self,
        run: str,
        keeper: Keeper,
        earlier: Earlier,
        scopes: tuple[Scope, ...],
        choices: Choices,
        *,
        known: frozenset[str] = frozenset(),
    ) -> None:
        """`known` are keys that an earlier call is likely to have: these are looked up first."""
        self._known = known
        self._run = run
        self._keeper = keeper
        self._earlier = earlier
        self._scopes = scopes
        self._choices = choices
        self._looks = Pool("intents", 1)
        self._meetings = Meetings(run, keeper, earlier, choices, self._ask)

    def close(self) -> None:
        """Let the threads end: the run is over."""
        self._looks.close(patience=_PATIENCE)
        self._meetings.close(_PATIENCE)

    def commit(self, records: Sequence[Record], inbox: Inbox) -> None:
        """Keep them in this order; for an intent `Committed` or another answer follows."""
        for record in records:
            match record:
                case Intent():
                    self._keeper.expect(record.ticket)
                    self._looks.do(partial(self._look, record, inbox))
                case Answered():
                    self._keeper.answered(record, inbox)
                case Released():
                    self._keeper.forget(record.ticket)
                case Cancelling():
                    self._keeper.cancelling(record.ticket)

    # --- before the intent

    def _look(self, intent: Intent, inbox: Inbox) -> None:
        """Let an earlier call stand in, or ask for the intent to be kept."""
        try:
            keys = self._earlier.keys(intent.call)
        except StepError as error:
            self._keeper.forget(intent.ticket)
            inbox.put(NotTaken(intent.ticket, problem_of(error)))
            return
        asking = Asking(intent, keys, inbox)
        if keys.key in self._known or intent.refused is not None:
            self._look_back(asking)
        else:
            self._ask(asking)  # where there is an earlier one after all, the answer says so

    def _look_back(self, asking: Asking) -> None:
        past = self._earlier.final(asking.keys.key, asking.intent.call)
        if past is None:
            self._ask(asking)
        elif not self._stands_in(past, asking):
            self._ask(replace(asking, after=past.id))

    def _stands_in(self, past: PastCall, asking: Asking) -> bool:
        """Whether an earlier call makes this one needless; it is told then."""
        if past.state.work is Work.DONE:
            return self._reused(past, asking)
        allowed = self._choices.buys_again
        if past.state.work is Work.REFUSED:
            allowed = self._choices.sends_refused
        if not allowed:
            self._refuse(asking, not_taken.final(past))
        return not allowed

    def _reused(self, past: PastCall, asking: Asking) -> bool:
        produced = self._earlier.produced(past)
        if produced is not None:
            self._keeper.forget(asking.ticket)
            asking.inbox.put(Reused(asking.ticket, produced, past.billed or 0))
        elif (result := result_of(past)) is not None and not self._choices.buys_again:
            self._keeper.forget(asking.ticket)
            asking.inbox.put(Resumed(asking.ticket, result, is_made=True, paid=0))
        elif not self._choices.buys_again:
            self._refuse(asking, not_taken.missing(past))
        else:
            return False
        return True

    def _refuse(self, asking: Asking, problem: Problem | None) -> None:
        self._keeper.forget(asking.ticket)
        asking.refuse(problem)

    # --- the intent

    def _ask(self, asking: Asking, before: Sequence[Advance] = ()) -> None:
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

    def _ask_nothing(self, asking: Asking, refused: Problem) -> None:
        """There is no room for it; only a call that has begun already may stand in."""
        begun = self._earlier.begun(asking.keys.open_key)
        if begun is None or begun.state.work is Work.UNCONFIRMED:
            self._refuse(asking, refused)
        else:
            # After all that is being kept now: this process may be about to carry it.
            number = begun.id
            self._keeper.ask((), lambda _reply: self._meetings.meet(number, asking))

    def _taken(self, asking: Asking, reply: Reply) -> None:
        """The writer's answer to an intent."""
        answer: Answer | Exception = reply if isinstance(reply, Exception) else reply[-1]
        match answer:
            case Taken(call=call):
                self._keeper.begin(asking.ticket, call, asking.intent.likely, asking.inbox)
            case AlreadyOpen(call=call):
                self._meetings.meet(call, asking)
            case AlreadyFinal():
                self._looks.do(partial(self._look_back, asking))
            case _:
                self._refuse(asking, not_taken.why_not(answer, asking.intent.hold))


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
