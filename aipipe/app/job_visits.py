"""One visit to an open call: its job asked for, its result fetched, or its doubt looked into.

A visit acts by where the ledger has the call, and keeps what came of it before it goes on.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias, assert_never

from aipipe.app import not_taken
from aipipe.app.earlier import Earlier, is_cut_off, job_of, result_of
from aipipe.app.job_calls import rebuilt
from aipipe.app.job_carrying import Carrier, MovedError
from aipipe.app.ledger_steps import accepted
from aipipe.app.meeting import LOST, doubted, unsettled
from aipipe.app.reach import has_key
from aipipe.backends import execution
from aipipe.backends.execution import Workshop
from aipipe.contracts.artefact import ArtefactRef
from aipipe.contracts.call import Call, Job
from aipipe.contracts.outcome import (
    Failed,
    Finished,
    Lost,
    Made,
    NotSent,
    Pending,
    PollOutcome,
    Problem,
    Stopped,
    Unreadable,
)
from aipipe.contracts.provider import Provider
from aipipe.memory.ledger.past import Call as PastCall
from aipipe.memory.ledger.states import TERMINAL, Work
from aipipe.memory.ledger.steps import Expire, Finish
from aipipe.running import pauses, problems
from aipipe.running.instructions import Fetch, Poll


class Result(StrEnum):
    """What became of a call that was asked for."""

    HOME = "home"
    """Its outputs are in the store, and the ledger knows it."""
    FAILED = "failed"
    """It failed for good, or could not be asked or fetched now."""
    UNCONFIRMED = "unconfirmed"
    GOING_ON = "going_on"
    LEFT = "left"
    """A run that is alive carries it out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A call that was asked for, as it stands now."""

    call: PastCall
    result: Result
    outputs: tuple[ArtefactRef, ...] = ()
    paths: tuple[str, ...] = ()
    """Where each output lies."""
    problem: Problem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """A call to visit."""

    number: int
    job_id: str | None = None
    """Which job of its provider's it is, as the user knows."""
    fetches: int = 0
    """How often its result was fetched in vain."""
    waited: float = 0.0
    """Seconds since it was visited first."""
    is_claimed: bool = False
    """It was visited before, so nobody else goes on with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """It should be visited again, after some seconds; `otherwise` nobody waits for it."""

    after: float
    otherwise: Brought
    fetches: int = 0


Visited: TypeAlias = Brought | Again

_UNSURE = frozenset({Work.INTENT, Work.UNCONFIRMED})
_MOVED = Problem(
    code="moved", message="another process has gone on with it meanwhile", hint="look again"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Visits calls, from any thread."""

    carrier: Carrier
    earlier: Earlier
    shop: Workshop
    pipelines: Mapping[int, str]
    """Of which pipeline each call was, by its number."""
    halted: Callable[[], bool]
    random: Callable[[], float]
    """From 0 to 1, for the jitter of polls."""
    _adopting: threading.Lock = field(default_factory=threading.Lock)
    """Held from looking for a job until it is known to be a call's, so that it is no other's."""

    def visit(self, errand: Errand) -> Visited:
        """What came of a visit.

        Raises:
            LedgerError: it can't be kept.
        """
        number, carrier = errand.number, self.carrier
        seen = carrier.read(number)
        if seen.state.work in TERMINAL:
            return self._ended(seen)
        call = seen if errand.is_claimed else carrier.claim(number)
        if call is None:
            return Brought(call=seen, result=Result.LEFT)
        try:
            return self._go_on(call, errand)
        except MovedError:
            return _failed(carrier.read(number), _MOVED)

    def _go_on(self, call: PastCall, errand: Errand) -> Visited:
        if call.state.work is Work.STORED:
            call = self.carrier.take(call, (*unsettled(call), Finish()))
        if call.state.work in TERMINAL:
            return self._ended(call)
        provider = self.shop.registry.providers.get(call.provider)
        if provider is None or not has_key(provider, self.shop.secret):
            return _not_reached(call, provider)
        return self._ask(call, provider, errand)

    def _ask(self, call: PastCall, provider: Provider, errand: Errand) -> Visited:
        """Whatever its provider, or its raw answer here, can say of a call that has not ended."""
        if (job := job_of(call)) is not None and provider.poll is not None:
            return self._polled(call, self._poll(call, job), errand)
        if (result := result_of(call)) is not None:
            return self._fetch(call, result, errand)
        if errand.job_id is not None:
            return self._named(call, errand.job_id, errand)
        return self._search(call, provider, errand)

    # --- its job

    def _poll(self, call: PastCall, job: Job) -> PollOutcome:
        work = Poll(call.id, self._rebuilt(call), job, 0.0)
        return execution.poll(work, self.shop, _unheard, self.halted)

    def _polled(self, call: PastCall, outcome: PollOutcome, errand: Errand) -> Visited:
        match outcome:
            case Pending(poll_after=said):
                after = self._pause(call, errand) if said is None else said
                return Again(after=after, otherwise=_goes_on(call))
            case NotSent(problem=problem):
                after = max(pauses.after_vain(1, 1.0), self._every(call))
                return Again(after=after, otherwise=_failed(call, problem))
            case Unreadable(problem=problem):
                return _failed(call, problem)
            case Stopped():
                return _goes_on(call)
            case Made(result=result):
                return self._fetch(self.carrier.keep(call, outcome), result, errand)
            case Finished() | Failed() | Lost():
                return self._ended(self.carrier.keep(call, outcome))
            case _:
                assert_never(outcome)

    def _pause(self, call: PastCall, errand: Errand) -> float:
        return pauses.of_age(errand.waited, self._every(call), 1, self.random())

    def _every(self, call: PastCall) -> float:
        return self.shop.registry.providers[call.provider].poll_every

    # --- its result

    def _fetch(self, call: PastCall, result: Job, errand: Errand) -> Visited:
        if self.shop.registry.providers[result.provider].fetch is None:
            message = f"provider '{result.provider}' can't fetch what it has made"
            return _failed(call, Problem(code="not_connected", message=message))
        work = Fetch(call.id, self._rebuilt(call), result, 0.0)
        outcome = execution.fetch(work, self.shop, _unheard, self.halted)
        match outcome:
            case Finished() | Lost():
                return self._ended(self.carrier.keep(call, outcome))
            case Unreadable(problem=problem):
                return _failed(call, problem)
            case NotSent(problem=problem):
                return _fetch_again(call, problem, errand.fetches + 1)
            case Stopped():
                return _goes_on(call)
            case _:
                assert_never(outcome)

    def _ended(self, call: PastCall) -> Brought:
        """A call that has ended, with its outputs."""
        if call.state.work is not Work.DONE:
            return _failed(call, _end_of(call))
        produced = self.earlier.produced(call)
        if produced is None:
            return _failed(call, not_taken.missing(call))
        paths = tuple(str(self.earlier.store.path_of(each)) for each in produced.artefacts)
        return Brought(call=call, result=Result.HOME, outputs=produced.artefacts, paths=paths)

    # --- its doubt

    def _named(self, call: PastCall, job_id: str, errand: Errand) -> Visited:
        """It is the job that the user names, if its provider knows that job."""
        job = Job(provider=call.provider, id=job_id)
        outcome = self._poll(call, job)
        if isinstance(outcome, NotSent | Unreadable):
            return Brought(call=call, result=Result.UNCONFIRMED, problem=outcome.problem)
        if isinstance(outcome, Stopped):
            return Brought(call=call, result=Result.UNCONFIRMED)
        return self._polled(self.carrier.take(call, (accepted(job),)), outcome, errand)

    def _search(self, call: PastCall, provider: Provider, errand: Errand) -> Visited:
        """Its answer never came: look for its job at the provider, else it stays in doubt."""
        adopted = self._adopted(call, provider)
        if adopted is not None:
            return self._ask(adopted, provider, errand)
        if is_cut_off(call):
            steps = (*unsettled(call), Expire(error=LOST))
            return self._ended(self.carrier.take(call, steps))
        if steps := doubted(call):
            call = self.carrier.take(call, steps)
        return Brought(call=call, result=Result.UNCONFIRMED, problem=_in_doubt(call))

    def _adopted(self, call: PastCall, provider: Provider) -> PastCall | None:
        """The call with the one job that must be it; None: there is none, or several."""
        if call.state.work not in _UNSURE or provider.poll is None:
            return None
        with self._adopting:
            job = self.earlier.found(self._rebuilt(call), call)
            return None if job is None else self.carrier.take(call, (accepted(job),))

    def _rebuilt(self, call: PastCall) -> Call:
        return rebuilt(call, self.pipelines.get(call.id, ""), self.shop.registry)


def _unheard(_fraction: float, _phase: str) -> None:
    """Nobody looks."""


def _failed(call: PastCall, problem: Problem) -> Brought:
    return Brought(call=call, result=Result.FAILED, problem=problem)


def _end_of(call: PastCall) -> Problem:
    """Why a call has ended without its outputs."""
    if call.state.work is Work.ABANDONED:
        return Problem(code="abandoned", message="it was given up, and is never fetched")
    if call.error is None:
        code = "cancelled" if call.state.work is Work.CANCELLED else "unknown"
        return Problem(code=code, message=f"it has ended: {call.state.work}")
    return not_taken.error_of(call.error)


def _goes_on(call: PastCall) -> Brought:
    return Brought(call=call, result=Result.GOING_ON)


def _fetch_again(call: PastCall, problem: Problem, fetches: int) -> Visited:
    given_up = _failed(call, problems.not_fetched(problem))
    if fetches >= pauses.MOST_FETCHES:
        return given_up
    return Again(after=pauses.after_vain(fetches, 1.0), otherwise=given_up, fetches=fetches)


def _not_reached(call: PastCall, provider: Provider | None) -> Brought:
    """A call whose provider can't be asked from here; a doubt stays one."""
    result = Result.UNCONFIRMED if call.state.work in _UNSURE else Result.FAILED
    if provider is None:
        message = f"provider '{call.provider}' is not installed"
        hint = "install its plug-in again"
        problem = Problem(code="not_connected", message=message, hint=hint)
        return Brought(call=call, result=result, problem=problem)
    message = f"no key for {provider.title}: set {' or '.join(provider.keys)}"
    hint = "aipipe doctor  shows where keys are looked for, and which are set"
    problem = Problem(code="missing_key", message=message, hint=hint)
    return Brought(call=call, result=result, problem=problem)


def _in_doubt(call: PastCall) -> Problem:
    told = not_taken.error_of(call.error)
    message = f"it may have been paid for, and nobody knows: {told.message}"
    hint = f"aipipe jobs fetch {call.id} --job-id ID  if {call.provider} shows a job for it"
    return Problem(code=told.code, message=message, hint=hint)
