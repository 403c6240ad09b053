"""A run's paid calls in the ledger: each intent before its call, each answer as it comes."""

import threading
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial

from aipipe.app.ledger_steps import steps_of
from aipipe.contracts.outcome import Accepted, Problem
from aipipe.memory.ledger.answers import (
    AlreadyOpen,
    Answer,
    Forbidden,
    MustWait,
    NoRoomOnDisk,
    Refused,
    Taken,
)
from aipipe.memory.ledger.records import Advance, CallFacts, Scope, TakeIntent
from aipipe.memory.ledger.writer import Reply, Writer
from aipipe.running import amounts, policy
from aipipe.running.instructions import Answered, Committed, Intent, NotTaken, Record
from aipipe.running.loop import Inbox
from aipipe.running.tally import BUG


class Keeper:
    """The ledger as a run's loop knows it. Answers come from the writer's thread."""

    def __init__(self, run: str, writer: Writer, scopes: tuple[Scope, ...]) -> None:
        self.trouble: Exception | None = None
        """What could not be kept of calls that are under way; None: everything was."""
        self._run = run
        self._writer = writer
        self._scopes = scopes
        self._lock = threading.Lock()
        self._calls: dict[int, int | None] = {}
        """The ledger's number by ticket; None: the intent is asked for."""
        self._early: dict[int, list[tuple[Answered, Inbox]]] = {}
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
        asked = TakeIntent(call=self._facts(intent), hold=intent.hold, scopes=self._scopes)
        self._writer.put((asked,), partial(self._taken, intent, inbox))

    def _facts(self, intent: Intent) -> CallFacts:
        call = intent.call
        return CallFacts(
            run=self._run,
            task=intent.task,
            type=call.type,
            provider=call.provenance.provider,
            model=call.model,
            endpoint=call.endpoint,
            key="",
            open_key="",
            attempt=call.attempt,
        )

    def _taken(self, intent: Intent, inbox: Inbox, reply: Reply) -> None:
        """The writer's answer to an intent."""
        answer: Answer | Exception = reply if isinstance(reply, Exception) else reply[0]
        if not isinstance(answer, Taken):
            with self._lock:
                self._calls.pop(intent.ticket, None)
                self._early.pop(intent.ticket, None)
            inbox.put(NotTaken(intent.ticket, _why_not(answer, intent.hold)))
            return
        with self._lock:
            self._calls[intent.ticket] = answer.call
            early = self._early.pop(intent.ticket, [])
        inbox.put(Committed((intent.ticket,)))
        for record, its_inbox in early:
            self._advance(answer.call, record, its_inbox)

    def _answer(self, record: Answered, inbox: Inbox) -> None:
        with self._lock:
            if record.ticket not in self._calls:  # a local call's late answer
                return
            call = self._calls[record.ticket]
            if call is None:
                self._early.setdefault(record.ticket, []).append((record, inbox))
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
        case AlreadyOpen():
            return Problem(code="already_open", message="the same call is under way elsewhere")
        case Exception():
            return Problem(code="ledger", message=str(answer))
        case _:
            return Problem(code=BUG, message=f"the ledger answered {asdict(answer)}")


def _usd(nano: int) -> str:
    return amounts.written(amounts.usd(nano)) or ""
