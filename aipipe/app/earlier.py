"""What earlier calls mean for a new one: a result to reuse, a job to go on with, or a doubt."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from aipipe.backends.execution import ArtefactStore, read_in
from aipipe.contracts.artefact import ArtefactRef
from aipipe.contracts.call import Call, Job, Produced
from aipipe.contracts.outcome import Problem
from aipipe.errors import StepError
from aipipe.memory.keys import Keys, of_call
from aipipe.memory.ledger.past import Call as PastCall
from aipipe.memory.ledger.reading import Reader
from aipipe.memory.ledger.states import Work
from aipipe.memory.store import Store
from aipipe.running import amounts, policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What an earlier call made. `cost` is what it was billed, in nano-dollars."""

    produced: Produced
    cost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The calls of this ledger so far. Questions may come from any thread."""

    reader: Reader
    files: ArtefactStore
    store: Store
    revision_of: Callable[[str], int]
    """Of a provider, by name."""
    is_alive: Callable[[str], bool]
    """Whether some process carries out a run."""
    generation: str
    """Empty, or what tells new results apart (`--fresh`)."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keys(self, call: Call) -> Keys:
        """What a call is known by; its files enter the store.

        Raises:
            StepError: a file can't be read.
        """
        stored = replace(call, inputs=read_in(call.inputs, self.files))
        revision = self.revision_of(call.provenance.provider)
        return of_call(stored, revision=revision, generation=self.generation)

    def result(self, key: str) -> Result | None:
        """What an earlier call with this key made; None: there is none.

        Raises:
            StepError: `store.missing`, where it was made and is gone.
        """
        with self._lock:
            found = self.reader.newest_done(key) if key else None
        if found is None:
            return None
        outputs = tuple(ArtefactRef(**each) for each in _rows(found.outputs))
        for artefact in outputs:
            self._expect(artefact, found)
        return Result(produced=Produced(artefacts=outputs), cost=found.billed or 0)

    def _expect(self, artefact: ArtefactRef, made_by: PastCall) -> None:
        try:
            self.store.use(artefact)
        except StepError as error:
            message = f"its result of run {made_by.run} is no longer in the store"
            hint = "--fresh  makes everything anew, and pays for it"
            raise StepError(error.code, message, hint=hint) from error

    def open_call(self, number: int) -> PastCall | None:
        """A call that had not ended."""
        with self._lock:
            return self.reader.call(number)


def job_of(call: PastCall) -> Job | None:
    """The remote job of a call that was accepted and not finished; None: it has none."""
    kept: Any = call.job
    if call.state.work is not Work.SUBMITTED or not isinstance(kept, dict):
        return None
    return Job(provider=kept["provider"], id=kept["id"], data=kept["data"])


def doubt_of(call: PastCall) -> Problem:
    """Why a call is not sent again that may have been accepted."""
    at_stake = amounts.written(amounts.usd(call.held))
    return Problem(
        code=policy.UNCONFIRMED,
        message=f"run {call.run} may have paid for it (up to ${at_stake}), and nobody knows",
        hint="--unconfirmed retry  sends it again",
    )


def _rows(outputs: object) -> list[dict[str, Any]]:
    return outputs if isinstance(outputs, list) else []
