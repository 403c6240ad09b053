"""A run's paid calls in the ledger: each intent before its call, each answer as it comes."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial

from aipipe.app.ledger_steps import ANSWER, accepted, receipt, steps_of
from aipipe.contracts.call import Job, Receipt
from aipipe.contracts.outcome import Accepted, Finished, Made
from aipipe.memory.ledger.answers import Forbidden
from aipipe.memory.ledger.past import Call as PastCall
from aipipe.memory.ledger.records import Advance
from aipipe.memory.ledger.records import Record as LedgerRecord
from aipipe.memory.ledger.states import TERMINAL, CallState, Money, Work
from aipipe.memory.ledger.steps import Intend, RequestCancel, Settle, Transition
from aipipe.memory.ledger.transitions import TransitionError, advance
from aipipe.memory.ledger.writer import Reply, Writer
from aipipe.running.instructions import Answered, Committed
from aipipe.running.loop import Inbox


@dataclass(slots=True)
class Carried:
    """A call that this process carries out, as the ledger has it (or is about to have it)."""

    number: int
    state: CallState
    likely: int | None
    answer: str = ""
    """The file of its raw answer; empty: none."""
    unkept: tuple[Advance, ...] = ()
    """Steps that the ledger could not keep: they are asked for again, before the next ones."""
    why: Exception | None = None
    """Why they could not be kept."""


@dataclass(slots=True)
class Ticket:
    """A task's call; `carried` None: its intent is asked for."""

    carried: Carried | None = None
    waiting: list[tuple[Answered, Inbox]] = field(default_factory=list)
    """What came of it before its number was known."""


class Keeper:
    """Keeps what comes of a run's paid calls. Safe to use from any thread."""

    def __init__(self, writer: Writer, remove_answer: Callable[[str], None]) -> None:
        self._writer = writer
        self._remove_answer = remove_answer
        self._lock = threading.Lock()
        self._tickets: dict[int, Ticket] = {}
        self._numbers: set[int] = set()
        self._unkept: dict[int, Carried] = {}
        self._bug: TransitionError | None = None

    @property
    def trouble(self) -> Exception | None:
        """Why something of a call could not be kept; None: everything was."""
        with self._lock:
            return next((each.why for each in self._unkept.values()), self._bug)

    def ask(self, records: Sequence[LedgerRecord], reply: Callable[[Reply], None]) -> None:
        """Have records kept in one transaction."""
        self._writer.put(records, reply)

    def expect(self, ticket: int) -> None:
        """A call's intent is about to be asked for."""
        with self._lock:
            self._tickets[ticket] = Ticket()

    def forget(self, ticket: int) -> None:
        """No call is made, or nobody attends to it here any more."""
        with self._lock:
            known = self._tickets.pop(ticket, None)
            if known is not None and known.carried is not None:
                self._numbers.discard(known.carried.number)

    def carries(self, number: int) -> bool:
        """Whether this process carries out a call."""
        return number in self._numbers

    @property
    def is_busy(self) -> bool:
        """Whether it carries out any call."""
        return bool(self._numbers)

    def begin(self, ticket: int, number: int, likely: int | None, inbox: Inbox) -> None:
        """An intent is kept, under this number: the call may be sent."""
        state = advance(CallState(), Intend())
        with self._lock:
            self._numbers.add(number)
        waiting = self._carry(ticket, Carried(number, state, likely))
        inbox.put(Committed((ticket,)))
        for record, its_inbox in waiting:
            self.answered(record, its_inbox)

    def take_over(self, number: int) -> bool:
        """Whether this process may go on with a call; not if some ticket does so already."""
        with self._lock:
            is_free = number not in self._numbers
            self._numbers.add(number)
            return is_free

    def give_back(self, number: int) -> None:
        """This process does not go on with a call after all."""
        with self._lock:
            self._numbers.discard(number)

    def go_on(self, ticket: int, call: PastCall, state: CallState) -> None:
        """A call that was taken over is this ticket's, as it has come to stand."""
        self._carry(ticket, Carried(call.id, state, call.likely, call.answer_path or ""))

    def _carry(self, ticket: int, carried: Carried) -> list[tuple[Answered, Inbox]]:
        with self._lock:
            known = self._tickets.setdefault(ticket, Ticket())
            known.carried = carried
            waiting, known.waiting = known.waiting, []
            return waiting

    def accepted(self, ticket: int, job: Job, told: Receipt | None) -> None:
        """A synchronous call was accepted; returns once that is on disk.

        Raises:
            Exception: it can't be kept.
        """
        with self._lock:
            known = self._tickets.get(ticket)
            if known is None or known.carried is None:
                return
            carried = known.carried
            asked = self._advances(carried, (accepted(job), *receipt(told)))
        reply: Future[Reply] = Future()
        self._put(carried, asked, reply.set_result)
        answers = reply.result()
        if isinstance(answers, Exception):
            raise answers

    def cancelling(self, ticket: int) -> None:
        """Keep that a job's cancel is about to be asked for."""
        with self._lock:
            known = self._tickets.get(ticket)
            if known is None or known.carried is None or known.carried.state.work is not _ASKED:
                return
            carried = known.carried
            asked = self._advances(carried, (RequestCancel(),))
        self._put(carried, asked, lambda _reply: None)

    def try_again(self) -> None:
        """Ask once more for all that could not be kept; returns when that is answered."""
        with self._lock:
            unkept = tuple(self._unkept.values())
        for carried in unkept:
            reply: Future[Reply] = Future()
            self._put(carried, (), reply.set_result)
            reply.result()

    def _put(
        self, carried: Carried, asked: Sequence[Advance], then: Callable[[Reply], None]
    ) -> None:
        """Have steps of a call kept, after those that could not be kept before."""
        with self._lock:
            steps, carried.unkept = (*carried.unkept, *asked), ()
        self._writer.put(steps, partial(self._noted, carried, steps, then))

    def _noted(
        self,
        carried: Carried,
        steps: Sequence[Advance],
        then: Callable[[Reply], None],
        reply: Reply,
    ) -> None:
        """Remember what was not kept of these steps; answers come in the order of the steps."""
        with self._lock:
            carried.unkept += _not_kept(steps, reply)
            carried.why = _trouble(reply) or carried.why
            if carried.unkept:
                self._unkept[carried.number] = carried
            else:
                self._unkept.pop(carried.number, None)
        then(reply)

    def answered(self, record: Answered, inbox: Inbox) -> None:
        """Keep what came of a call; `Committed` follows where that is waited for."""
        with self._lock:
            known = self._tickets.get(record.ticket)
            if known is not None and known.carried is None:
                known.waiting.append((record, inbox))
                return
            carried = None if known is None else known.carried
            asked = () if carried is None else self._asked(carried, record)
        if carried is not None and asked:
            self._put(carried, asked, partial(self._advanced, record, carried, inbox))
        elif isinstance(record.outcome, Made | Accepted):
            inbox.put(Committed((record.ticket,)))

    def _asked(self, carried: Carried, record: Answered) -> tuple[Advance, ...]:
        if isinstance(record.outcome, Made):
            carried.answer = str(record.outcome.result.data.get(ANSWER, ""))
        try:
            asked = self._advances(carried, steps_of(record, carried.state.work))
        except TransitionError as error:  # a bug: the hold stays, and the user is told
            self._bug = error
            return ()
        unsettled = isinstance(record.outcome, Finished) and carried.state.money is Money.HELD
        if unsettled and carried.likely is not None:
            computed = Settle(billed=carried.likely, computed=True)
            return (*asked, *self._advances(carried, (computed,)))
        return asked

    def _advances(self, carried: Carried, steps: Sequence[Transition]) -> tuple[Advance, ...]:
        """The records of these steps, without a receipt that says what is known."""
        found: list[Advance] = []
        for step in steps:
            if not (isinstance(step, Settle) and is_settled(carried.state, step)):
                carried.state = advance(carried.state, step)
                found.append(Advance(call=carried.number, transition=step))
        return tuple(found)

    def _advanced(self, record: Answered, carried: Carried, inbox: Inbox, _reply: Reply) -> None:
        """The writer has answered; what is made is fetched even if that could not be kept."""
        if isinstance(record.outcome, Accepted | Made):
            inbox.put(Committed((record.ticket,)))
        elif carried.state.work in _OVER:
            self._end(record.ticket, carried)
            if carried.state.work is Work.DONE and carried.answer and not carried.unkept:
                self._remove_answer(carried.answer)

    def _end(self, ticket: int, carried: Carried) -> None:
        """Nobody need attend to it any more; its task may have begun another call by now."""
        with self._lock:
            self._numbers.discard(carried.number)
            known = self._tickets.get(ticket)
            if known is not None and known.carried is carried:
                del self._tickets[ticket]


_ASKED = Work.SUBMITTED
_OVER = TERMINAL | {Work.UNCONFIRMED}


def is_settled(state: CallState, told: Settle) -> bool:
    """Whether a receipt adds nothing to what is known."""
    return state.money is Money.BILLED and (told.computed or not state.computed)


def _trouble(reply: Reply) -> Exception | None:
    if isinstance(reply, Exception):
        return reply
    return next((each.error for each in reply if isinstance(each, Forbidden)), None)


def _not_kept(steps: Sequence[Advance], reply: Reply) -> tuple[Advance, ...]:
    if isinstance(reply, Exception):
        return tuple(steps)
    answers = zip(steps, reply, strict=True)
    return tuple(step for step, answer in answers if isinstance(answer, Forbidden))
