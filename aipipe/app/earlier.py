"""What earlier calls mean for a new one: a result to reuse, a job to go on with, or a doubt."""

import hashlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from aipipe.app.ledger_steps import ANSWER, SHA256, job_in
from aipipe.backends.execution import ArtefactStore, read_in
from aipipe.contracts.artefact import ArtefactRef, Json
from aipipe.contracts.call import Call, Job, Produced
from aipipe.contracts.provider import Candidate, Provider
from aipipe.errors import StepError
from aipipe.memory.keys import Keys, of_call
from aipipe.memory.ledger.past import Call as PastCall
from aipipe.memory.ledger.reading import Reader
from aipipe.memory.ledger.states import TERMINAL, Money, Work
from aipipe.memory.store import Store

_SKEW = 5.0
"""Seconds that a provider's clock may be behind ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The calls of this ledger so far. Questions may come from any thread."""

    run: str
    reader: Reader
    files: ArtefactStore
    store: Store
    providers: Callable[[str], Provider]
    is_alive: Callable[[str], bool]
    """Whether some process carries out a run."""
    use: Callable[[ArtefactRef], object]
    """Raises StepError where an artefact is not in the store; a run marks it as used."""
    find: Callable[[Call, float], Sequence[Candidate]]
    """A provider's jobs with a call's endpoint and body since a time."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keys(self, call: Call) -> Keys:
        """What a call is known by; its files enter the store.

        Raises:
            StepError: a file can't be read.
        """
        stored = replace(call, inputs=read_in(call.inputs, self.files))
        revision = self.providers(call.provenance.provider).revision
        return of_call(stored, revision=revision, generation=self.run if call.anew else "")

    def final(self, key: str, call: Call) -> PastCall | None:
        """The earlier call that stands in for this one, whatever came of it; None: there is none.

        It is done, or it was paid for and its result is gone, or moderation refused it.
        """
        if not key:
            return None
        with self._lock:
            return self.reader.newest_final(key, run=self.run if call.anew else None)

    def produced(self, call: PastCall) -> Produced | None:
        """What a finished call made; None: it is no longer in the store."""
        outputs = tuple(ArtefactRef(**each) for each in _rows(call.outputs))
        try:
            for artefact in outputs:
                self.use(artefact)
        except StepError:
            return None
        return Produced(artefacts=outputs)

    def open_call(self, number: int) -> PastCall | None:
        """A call that had not ended; None: by now it has."""
        with self._lock:
            call = self.reader.call(number)
        return None if call is None or call.state.work in TERMINAL else call

    def begun(self, open_key: str) -> PastCall | None:
        """The newest call with an open key that has not ended."""
        with self._lock:
            return self.reader.newest_open(open_key) if open_key else None

    def is_doubtful(self, call: PastCall) -> bool:
        """Whether nobody knows if an open call was accepted, and nobody will tell."""
        if call.state.work is Work.UNCONFIRMED:
            return True
        return call.state.work is Work.INTENT and not self.is_alive(call.carrier)

    def last_of(self, task: str, file: str) -> PastCall | None:
        """The newest call that a task of this pipeline's file has made."""
        with self._lock:
            return self.reader.newest_of_task(task, file)

    def found(self, call: Call, past: PastCall) -> Job | None:
        """The one job at its provider that must be this call; None: there is none, or several.

        One that was created before the intent, or is known to be another call, is not it.
        """
        candidates = [
            each for each in self.find(call, past.created - _SKEW) if not self._is_claimed(each.job)
        ]
        return candidates[0].job if len(candidates) == 1 else None

    def _is_claimed(self, job: Job) -> bool:
        with self._lock:
            return self.reader.is_claimed(job.provider, job.id)

    def can_be_asked(self, call: PastCall) -> bool:
        """Whether a provider can be asked what became of a call that it has accepted."""
        return self.providers(call.provider).poll is not None


def job_of(call: PastCall) -> Job | None:
    """The remote job of a call that was accepted and not finished; None: it has none."""
    is_remote = call.state.work in {Work.SUBMITTED, Work.CANCELLING} and not call.answer_path
    return job_in(call.job) if is_remote else None


def is_cut_off(call: PastCall) -> bool:
    """Whether a call was accepted whose answer never came whole, and can't be asked for."""
    is_billed = call.state.money is Money.BILLED
    return call.state.work is Work.SUBMITTED and (is_billed or bool(call.answer_path))


def result_of(call: PastCall) -> Job | None:
    """Where the result of a call lies that its provider has made; None: nobody knows."""
    if call.state.work is Work.SUBMITTED and call.answer_path:
        return _answer_of(call, Path(call.answer_path))
    if call.state.work not in {Work.REMOTE_DONE, Work.ANSWERED, Work.DONE}:
        return None
    result = job_in(call.job)
    if result is None and call.state.work is Work.ANSWERED and call.answer_path:
        data: dict[str, Json] = {ANSWER: call.answer_path, SHA256: call.answer_sha256 or ""}
        return Job(provider=call.provider, id=call.remote_id or "", data=data)
    is_read = call.state.work is Work.DONE and result is not None and ANSWER in result.data
    return None if is_read else result


def _answer_of(call: PastCall, path: Path) -> Job | None:
    """The raw answer that was on disk before the ledger knew of it; None: it is not."""
    job = job_in(call.job)
    if job is None:
        return None
    try:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
    return replace(job, data={**job.data, SHA256: sha256})


def _rows(outputs: object) -> list[dict[str, Any]]:
    return outputs if isinstance(outputs, list) else []
