"""A process that goes on with calls that runs left behind: alive as a run is, yet no run."""

import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from queue import SimpleQueue

from aipipe.app.job_calls import answered
from aipipe.app.keeping import Keeper
from aipipe.contracts.outcome import FetchOutcome, PollOutcome
from aipipe.memory.answers import RawAnswers
from aipipe.memory.ledger.answers import Answer, Forbidden, Kept
from aipipe.memory.ledger.connecting import Place
from aipipe.memory.ledger.faults import LedgerError
from aipipe.memory.ledger.intents import World
from aipipe.memory.ledger.liveness import is_alive, living
from aipipe.memory.ledger.past import Call
from aipipe.memory.ledger.reading import Reader, reading
from aipipe.memory.ledger.records import Advance, Claim, Record
from aipipe.memory.ledger.steps import Transition
from aipipe.memory.ledger.transitions import TransitionError
from aipipe.memory.ledger.writer import Reply, Writer
from aipipe.running.loop import Inbox


class MovedError(Exception):
    """Another process has taken the call elsewhere meanwhile: nothing more was done to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """The ledger as one command knows it that goes on with calls. Safe to use from any thread."""

    name: str
    """What stands as the owner of its calls, in the place of a run's."""
    reader: Reader
    writer: Writer
    answers: RawAnswers
    """Where providers' answers lie, and are removed when their outputs are in the store."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def claim(self, number: int) -> Call | None:
        """The call, which nobody else goes on with from here; None: a living run does."""
        answer = self._ask(Claim(call=number, run=self.name))[0]
        return self.read(number) if isinstance(answer, Kept) else None

    def read(self, number: int) -> Call:
        """The call as it is on disk."""
        with self._lock:
            found = self.reader.call(number)
        if found is None:
            raise TypeError(f"call {number} is gone from the ledger")
        return found

    def pipeline_of(self, call: Call) -> str:
        """The pipeline that the call's run was of."""
        with self._lock:
            found = self.reader.run(call.run)
        return "" if found is None else found[0].pipeline

    def take(self, call: Call, steps: Sequence[Transition]) -> Call:
        """The call after these steps, once they are on disk.

        Raises:
            MovedError: one is not allowed any more.
            LedgerError: they can't be kept.
        """
        told = self._ask(*(Advance(call=call.id, transition=step) for step in steps))
        if any(isinstance(each, Forbidden) for each in told):
            raise MovedError
        return self.read(call.id)

    def keep(self, call: Call, outcome: PollOutcome | FetchOutcome) -> Call:
        """The call after what came of it, kept as a run keeps it, once that is on disk.

        Raises:
            MovedError: it stands elsewhere by now.
            LedgerError: it can't be kept.
        """
        keeper = Keeper(self.writer, self.answers.remove)
        keeper.go_on(call.id, call, call.state)
        nobody: Inbox = SimpleQueue()
        keeper.answered(answered(call, outcome), nobody)
        self._ask()  # answered after what was put before it
        if isinstance(keeper.trouble, TransitionError | KeyError):
            raise MovedError
        if keeper.trouble is not None:
            raise keeper.trouble
        return self.read(call.id)

    def _ask(self, *records: Record) -> tuple[Answer, ...]:
        reply: Future[Reply] = Future()
        self.writer.put(records, reply.set_result)
        told = reply.result()
        if isinstance(told, Exception):
            raise told
        return told


@contextmanager
def carrying(home: Path) -> Iterator[Carrier]:
    """A carrier that is alive for as long as this lasts. There must be a ledger.

    Raises:
        LedgerError: the ledger can't be used.
    """
    place = Place(home=home)
    name = f"jobs-{secrets.token_hex(4)}"
    world = World(now=time.time, is_alive=partial(is_alive, home))
    with living(home, name), Writer(place, world) as writer, reading(place) as reader:
        if reader is None:
            raise LedgerError(f"the ledger '{place.file}' is gone")
        answers = RawAnswers(home / "answers")
        yield Carrier(name=name, reader=reader, writer=writer, answers=answers)
