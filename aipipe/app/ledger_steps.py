"""What came of a call, as the steps that it takes in the ledger."""

from typing import assert_never

from aipipe.contracts.artefact import Json, plain
from aipipe.contracts.call import Job, Produced, Receipt
from aipipe.contracts.outcome import (
    Accepted,
    Failed,
    Finished,
    Lost,
    Made,
    NotSent,
    Pending,
    Problem,
    Rejected,
    Stopped,
    Unconfirmed,
    Unreadable,
)
from aipipe.memory.ledger.states import Work
from aipipe.memory.ledger.steps import (
    Accept,
    Answer,
    Cancel,
    Doubt,
    Expire,
    Fail,
    Finish,
    FinishRemotely,
    Free,
    Keep,
    Refuse,
    Reject,
    Settle,
    Transition,
)
from aipipe.running.instructions import Answered

ANSWER, SHA256 = "answer", "sha256"
"""Where the `data` of a result names the file of a raw answer."""


def steps_of(  # noqa: C901, PLR0911 (a case for each outcome)
    record: Answered, work: Work
) -> tuple[Transition, ...]:
    """The steps, in order, of a call whose work stands at `work`."""
    match record.outcome:
        case Accepted(job=job):
            return (accepted(job),)
        case Made(result=result):
            return (*_made(result, work), *_settled(record))
        case Finished(produced=produced):
            return (*_finished(produced, work), *_settled(record))
        case Lost(problem=problem):
            known = (accepted(None),) if work is Work.INTENT else ()
            return (*known, *_settled(record), Expire(error=_error(problem)))
        case Failed() as failed:
            return (_failed(failed, work), *_settled(record))
        case NotSent(problem=problem):
            return (Reject(error=_error(problem)), Free(evidence="it was never sent"))
        case Rejected(problem=problem, refused=refused):
            evidence = f"refused before it was accepted: {problem.code}"
            said_no = Refuse if refused else Reject
            return (said_no(error=_error(problem)), Free(evidence=evidence))
        case Unconfirmed(problem=problem):
            return (Doubt(error=_error(problem)),)
        case Stopped():
            return (Doubt(error={"code": "stopped"}),) if work is Work.INTENT else ()
        case Pending() | Unreadable():
            return ()
        case _:
            assert_never(record.outcome)


def accepted(job: Job | None) -> Accept:
    """The step of a call that a provider has taken, as this job."""
    if job is None:
        return Accept(remote_id="", job=None)
    path = job.data.get(ANSWER)
    where = None if path is None else str(path)
    return Accept(remote_id=job.id, job=_job(job), answer_path=where)


def receipt(told: Receipt | None) -> tuple[Settle, ...]:
    """The step of a receipt."""
    return () if told is None else (Settle(billed=told.nano_usd, computed=told.computed),)


def job_in(kept: Json) -> Job | None:
    """The job that the ledger kept; None: it kept none."""
    match kept:
        case {"provider": str(provider), "id": str(name), "data": dict(data)}:
            return Job(provider=provider, id=name, data=data)
        case _:
            return None


def _failed(failed: Failed, work: Work) -> Transition:
    if work is Work.CANCELLING and failed.cancelled:
        return Cancel()
    error = _error(failed.problem)
    return Refuse(error=error) if failed.refused else Fail(error=error)


def _made(result: Job, work: Work) -> tuple[Transition, ...]:
    """The end of the provider's work: its result lies there, or its raw answer here."""
    known = (accepted(result),) if work is Work.INTENT else ()
    remote = (*known, FinishRemotely(job=_job(result)))
    answer = result.data.get(ANSWER)
    if answer is None:
        return remote
    sha256 = str(result.data.get(SHA256, ""))
    return (*remote, Answer(answer_path=str(answer), answer_sha256=sha256))


def _finished(produced: Produced, work: Work) -> tuple[Transition, ...]:
    remote = (FinishRemotely(job=None),) if work in {Work.SUBMITTED, Work.CANCELLING} else ()
    answered = () if work is Work.ANSWERED else (Answer(answer_path="", answer_sha256=""),)
    outputs: list[Json] = [plain(artefact) for artefact in produced.artefacts]
    return (*remote, *answered, Keep(outputs=outputs), Finish())


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
