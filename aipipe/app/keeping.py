"""A run's paid calls in the ledger: each intent before its call, each answer as it comes."""

import threading
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial

from aipipe.app.earlier import Earlier, doubt_of, job_of
from aipipe.app.ledger_steps import steps_of
from aipipe.backends.pools import Pool
from aipipe.contracts.artefact import Json
from aipipe.contracts.outcome import Accepted, Problem, problem_of
from aipipe.errors import StepError
from aipipe.memory.keys import Keys
from aipipe.memory.ledger.answers import (
    AlreadyOpen,
    Answer,
    Forbidden,
    MustWait,
    NoRoomOnDisk,
    Refused,
    Taken,
)
from aipipe.memory.ledger.past import Call as PastCall
from aipipe.memory.ledger.records import Advance, CallFacts, Scope, TakeIntent
from aipipe.memory.ledger.records import Record as LedgerRecord
from aipipe.memory.ledger.states import Work
from aipipe.memory.ledger.steps import Abandon, Doubt
from aipipe.memory.ledger.writer import Reply, Writer
from aipipe.running import amounts, policy
from aipipe.running.instructions import (
    Answered,
    Committed,
    Intent,
    NotTaken,
    Record,
    Resumed,
    Reused,
)
from aipipe.running.loop import Inbox
from aipipe.running.tally import BUG


class Keeper:
    """The ledger as a run's loop knows it. Answers come from the writer's thread."""

    def __init__(
        self,
        run: str,
        writer: Writer,
        scopes: tuple[Scope, ...],
        earlier: Earlier,
        *,
        sends_again: bool = False,
    ) -> None:
        self.trouble: Exception | None = None
        """What could not be kept of calls that are under way; None: everything was."""
        self._run = run
        self._writer = writer
        self._scopes = scopes
        self._earlier = earlier
        self._sends_again = sends_again
        """Calls that may have been paid for are sent again."""
        self._pool = Pool("intents", 2)
        self._lock = threading.Lock()
        self._calls: dict[int, int | None] = {}
        """The ledger's number by ticket; None: the intent is asked for."""
        self._waiting: dict[int, list[tuple[Answered, Inbox]]] = {}
        """What came of intents whose number is not known yet."""
        self._jobs: set[int] = set()

    def commit(self, records: Sequence[Record], inbox: Inbox) -> None:
        """Keep them in this order; `Committed` or `NotTaken` follows."""
        for record in records:
            match record:
                case Intent():
                    self._take(record, inbox)
                case Answered():
                    self._answer(record, inbox)

    def _take(self, intent: Intent, inbox: Inbox) -> None:
        with self._lock:
            self._calls[intent.ticket] = None
        self._pool.do(lambda: self._look(intent, inbox))

    def _look(self, intent: Intent, inbox: Inbox) -> None:
        """Reuse an earlier result, or ask for the intent to be kept."""
        try:
            keys = self._earlier.keys(intent.call)
            found = self._earlier.result(keys.key)
        except StepError as error:
            self._forget(intent.ticket)
            inbox.put(NotTaken(intent.ticket, problem_of(error)))
            return
        if found is not None:
            self._forget(intent.ticket)
            inbox.put(Reused(intent.ticket, found.produced, found.cost))
            return
        asked = TakeIntent(call=self._facts(intent, keys), hold=intent.hold, scopes=self._scopes)
        self._writer.put((asked,), partial(self._taken, asked, intent, inbox))

    def _forget(self, ticket: int) -> None:
        with self._lock:
            self._calls.pop(ticket, None)
            self._waiting.pop(ticket, None)

    def _facts(self, intent: Intent, keys: Keys) -> CallFacts:
        call = intent.call
        return CallFacts(
            run=self._run,
            task=intent.task,
            type=call.type,
            provider=call.provenance.provider,
            model=call.model,
            endpoint=call.endpoint,
            key=keys.key,
            open_key=keys.open_key,
            occurrence=call.occurrence,
            attempt=call.attempt,
        )

    def _taken(self, asked: TakeIntent, intent: Intent, inbox: Inbox, reply: Reply) -> None:
        """The writer's answer to an intent."""
        answer: Answer | Exception = reply if isinstance(reply, Exception) else reply[-1]
        match answer:
            case Taken(call=call):
                self._begin(intent.ticket, call, inbox)
            case AlreadyOpen(call=call):
                self._meet(call, asked, intent, inbox)
            case _:
                self._forget(intent.ticket)
                inbox.put(NotTaken(intent.ticket, _why_not(answer, intent.hold)))

    def _begin(self, ticket: int, call: int, inbox: Inbox) -> None:
        with self._lock:
            self._calls[ticket] = call
            waiting = self._waiting.pop(ticket, [])
        inbox.put(Committed((ticket,)))
        for record, its_inbox in waiting:
            self._advance(call, record, its_inbox)

    def _meet(self, number: int, asked: TakeIntent, intent: Intent, inbox: Inbox) -> None:
        """The same call has begun and not ended: wait for it, go on with it, or doubt it."""
        call = self._earlier.open_call(number)
        if call is None or self._goes_on(call):
            self._forget(intent.ticket)
            inbox.put(NotTaken(intent.ticket, None))
        elif (job := job_of(call)) is not None:
            with self._lock:
                self._calls[intent.ticket] = number
                self._jobs.add(number)
            inbox.put(Resumed(intent.ticket, job))
        elif self._sends_again:
            given_up = Advance(call=number, transition=Abandon())
            records: tuple[LedgerRecord, ...] = (*_doubts(call), given_up, asked)
            self._writer.put(records, partial(self._taken, asked, intent, inbox))
        else:
            self._forget(intent.ticket)
            told = NotTaken(intent.ticket, doubt_of(call))
            self._writer.put(_doubts(call), lambda _reply: inbox.put(told))

    def _goes_on(self, call: PastCall) -> bool:
        """Whether some process will tell how a call ends; of an unconfirmed one nobody will."""
        is_doubtful = call.state.work is Work.UNCONFIRMED
        return not is_doubtful and self._earlier.is_alive(call.run)

    def _answer(self, record: Answered, inbox: Inbox) -> None:
        with self._lock:
            if record.ticket not in self._calls:  # a local call's late answer
                return
            call = self._calls[record.ticket]
            if call is None:
                self._waiting.setdefault(record.ticket, []).append((record, inbox))
                return
        self._advance(call, record, inbox)

    def _advance(self, call: int, record: Answered, inbox: Inbox) -> None:
        steps = steps_of(record, had_job=call in self._jobs)
        if isinstance(record.outcome, Accepted):
            self._jobs.add(call)
        asked = tuple(Advance(call=call, transition=step) for step in steps)
        self._writer.put(asked, partial(self._advanced, record, inbox))

    def _advanced(self, record: Answered, inbox: Inbox, reply: Reply) -> None:
        """The writer's answer to steps of a call; an accepted job is asked for all the same."""
        if isinstance(reply, Exception):
            self.trouble = reply
        else:
            bugs = [each.error for each in reply if isinstance(each, Forbidden)]
            self.trouble = bugs[0] if bugs else self.trouble
        if isinstance(record.outcome, Accepted):
            inbox.put(Committed((record.ticket,)))


def _why_not(answer: Answer | Exception, hold: int) -> Problem | None:
    """Why a call may not be sent; None: other calls are in flight, and there may be room later."""
    match answer:
        case MustWait():
            return None
        case Refused(left=left):
            return Problem(
                code=policy.CAP,
                message=f"costs up to ${_usd(hold)}, and ${_usd(max(0, left))} is left for today",
                hint="AIPIPE_MAX_COST_PER_DAY  is the cap of a day (UTC), over all runs",
            )
        case NoRoomOnDisk():
            message = "the disk is full: what is under way is still kept, nothing new is sent"
            return Problem(code="disk_full", message=message, hint="make room, and run it again")
        case Exception():
            return Problem(code="ledger", message=str(answer))
        case _:
            return Problem(code=BUG, message=f"the ledger answered {asdict(answer)}")


def _doubts(call: PastCall) -> tuple[Advance, ...]:
    """The step of an intent that nobody will answer any more."""
    if call.state.work is not Work.INTENT:
        return ()
    error: Json = {"code": "no_answer", "message": "its process ended before an answer came"}
    return (Advance(call=call.id, transition=Doubt(error=error)),)


def _usd(nano: int) -> str:
    return amounts.written(amounts.usd(nano)) or ""
