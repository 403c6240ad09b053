"""The one thread of a process that writes to the ledger, and groups whatever is queued."""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Self, TypeAlias

from aipipe.memory.ledger import ballast, faults, opening
from aipipe.memory.ledger.answers import Answer
from aipipe.memory.ledger.checkpoint import checkpoint
from aipipe.memory.ledger.connecting import Place
from aipipe.memory.ledger.faults import FullError, LedgerError
from aipipe.memory.ledger.inbox import Inbox
from aipipe.memory.ledger.intents import World
from aipipe.memory.ledger.records import Record
from aipipe.memory.ledger.writing import write

Reply: TypeAlias = tuple[Answer, ...] | Exception
"""An answer for each record, or why none was kept: a LedgerError, else a bug."""

Callback: TypeAlias = Callable[[Reply], None]

CHANGES_PER_CHECKPOINT = 2_000
"""Rows written between two checkpoints: bounds the log, and the time to read it after a crash."""


@dataclass(frozen=True, slots=True)
class _Request:
    records: tuple[Record, ...]
    reply: Callback


class Writer:
    """Takes records from any thread and answers, in its own thread, once they are on disk.

    As a context manager it is closed at the end, when all that was put is answered.
    """

    def __init__(self, place: Place, world: World) -> None:
        """Opens the ledger.

        Raises:
            LedgerError: the ledger can't be used.
        """
        self._place = place
        self._world = world
        self._connection = opening.open_ledger(place)
        self._keep_ballast()
        self._commits = 0
        self._inbox: Inbox[_Request] = Inbox()
        self._bug: Exception | None = None
        self._checkpointed = 0
        self._thread = threading.Thread(target=self._work, name="ledger-writer")
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def full(self) -> bool:
        """True once the disk was full: what is under way is recorded, no intent is taken."""
        return not ballast.is_kept(self._place.home)

    @property
    def commits(self) -> int:
        """Transactions so far: each is one wait for the disk, however many records it holds."""
        return self._commits

    def put(self, records: Sequence[Record], reply: Callback) -> None:
        """Ask for records to be kept in one transaction; `reply` is called in the writer's thread.

        A record that is refused or forbidden changes nothing and does not undo the others.
        """
        self._inbox.put(_Request(tuple(records), reply))

    def close(self) -> None:
        """Answer all that was put, bring the log into the database, and end the thread.

        Raises whatever a callback raised: a bug.
        """
        self._inbox.close()
        self._thread.join()
        if self._bug is not None:
            raise self._bug

    def _keep_ballast(self) -> None:
        """Behind the ledger's own lock: two processes that begin at one time would both write it.

        Whoever can't have the lock goes on with what the others have set aside.
        """
        if ballast.is_kept(self._place.home):
            return
        with suppress(LedgerError), faults.told(self._place.file):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                ballast.keep(self._place.home)
            finally:
                self._connection.execute("ROLLBACK")

    def _work(self) -> None:
        ended = False
        while not ended:
            requests, ended = self._inbox.group()
            self._serve(requests)
            if ended or self.full or self._changes() >= CHANGES_PER_CHECKPOINT:
                self._checkpoint()
        self._connection.close()

    def _serve(self, requests: Sequence[_Request]) -> None:
        """Keep a group in one transaction; a bug in one request is that request's alone."""
        if not requests:
            return
        try:
            answers = iter(self._kept([r for request in requests for r in request.records]))
        except LedgerError as error:
            self._reply(requests, (error for _ in requests))
        except Exception as error:  # noqa: BLE001 - a bug goes to whoever asked
            if len(requests) == 1:
                self._reply(requests, (error,))
                return
            for request in requests:
                self._serve((request,))
        else:
            self._reply(requests, (tuple(islice(answers, len(r.records))) for r in requests))

    def _kept(self, records: Sequence[Record]) -> tuple[Answer, ...]:
        """The answers, once on disk; on a full disk the ballast makes room for what must be.

        From then on the log is emptied after each transaction, so that its room serves again.
        """
        with suppress(FullError):
            return self._written(records)
        ballast.release(self._place.home)
        self._checkpoint()
        return self._written(records)

    def _written(self, records: Sequence[Record]) -> tuple[Answer, ...]:
        with faults.told(self._place.file):
            answers = write(self._connection, records, self._world, full=self.full)
        self._commits += 1
        return answers

    def _reply(self, requests: Sequence[_Request], replies: Iterable[Reply]) -> None:
        for request, reply in zip(requests, replies, strict=True):
            try:
                request.reply(reply)
            except Exception as error:  # noqa: BLE001 - others still wait for their answers
                self._bug = error

    def _changes(self) -> int:
        return self._connection.total_changes - self._checkpointed

    def _checkpoint(self) -> None:
        """Nothing is lost where it fails: the log stays beside the database."""
        self._checkpointed = self._connection.total_changes
        with suppress(sqlite3.Error, LedgerError):
            checkpoint(self._connection, self._place)
