"""What came of a call, as the steps that it takes in the ledger."""

from dataclasses import asdict
from typing import assert_never

from aipipe.contracts.artefact import Json
from aipipe.contracts.call import Job, Produced
from aipipe.contracts.outcome import (
    Accepted,
    Failed,
    Finished,
    NotSent,
    Pending,
    Problem,
    Rejected,
    Stopped,
    Unconfirmed,
)
from aipipe.memory.ledger.steps import (
    Accept,
    Answer,
    Doubt,
    Fail,
    Finish,
    FinishRemotely,
    Free,
    Keep,
    Reject,
    Settle,
    Transition,
)
from aipipe.running.instructions import Answered


def steps_of(  # noqa: C901, PLR0911 (a case for each outcome)
    record: Answered, *, had_job: bool
) -> tuple[Transition, ...]:
    """The steps, in order; `had_job` says that the call had been accepted before."""
    match record.outcome:
        case Accepted(job=job):
            return (Accept(remote_id=job.id, job=_job(job)),)
        case Finished(produced=produced):
            return (*_finished(produced, had_job=had_job), *_settled(record))
        case Failed(problem=problem):
            return (Fail(error=_error(problem)), *_settled(record))
        case NotSent(problem=problem):
            return (Reject(error=_error(problem)), Free(evidence="it was never sent"))
        case Rejected(problem=problem):
            evidence = f"refused before it was accepted: {problem.code}"
            return (Reject(error=_error(problem)), Free(evidence=evidence))
        case Unconfirmed(problem=problem):
            return (Doubt(error=_error(problem)),)
        case Stopped():
            return () if had_job else (Doubt(error={"code": "stopped"}),)
        case Pending():
            return ()
        case _:
            assert_never(record.outcome)


def _finished(produced: Produced, *, had_job: bool) -> tuple[Transition, ...]:
    remote = (FinishRemotely(job=None),) if had_job else ()
    outputs: list[Json] = [asdict(artefact) for artefact in produced.artefacts]
    return (
        *remote,
        Answer(answer_path="", answer_sha256=""),
        Keep(outputs=outputs),
        Finish(),
    )


def _settled(record: Answered) -> tuple[Transition, ...]:
    """The end of its hold, where what it cost is known."""
    if record.spent is None:
        return ()
    if record.spent == 0 and isinstance(record.outcome, Failed):
        return (Free(evidence=f"not billed: {record.outcome.problem.code}"),)
    return (Settle(billed=record.spent, computed=record.computed),)


def _job(job: Job) -> Json:
    return {"provider": job.provider, "id": job.id, "data": dict(job.data)}


def _error(problem: Problem) -> Json:
    return {"code": problem.code, "message": problem.message, "hint": problem.hint}
