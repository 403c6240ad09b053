"""How a call can end, and what a remote job can answer."""

from dataclasses import dataclass
from typing import TypeAlias

from aipipe.contracts.call import Job, Produced
from aipipe.errors import StepError


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The call is done and its outputs are in the store."""

    produced: Produced


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A remote job has begun."""

    job: Job
    poll_after: float = 1.0
    """Seconds to wait before the first poll."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A remote job goes on."""

    fraction: float | None = None
    queue_position: int | None = None
    poll_after: float = 1.0
    """Seconds to wait before the next poll."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a call did not finish, in words for the user."""

    code: str
    message: str
    hint: str | None = None


def problem_of(error: StepError) -> Problem:
    """What an error of a plug-in tells the user."""
    return Problem(code=error.code, message=error.message, hint=error.hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The call ended without its outputs. Sending it again is a new, separate call."""

    problem: Problem
    retryable: bool = False
    billed_nano_usd: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSent:
    """Nothing reached the provider (DNS, connect, TLS): safe to send again."""

    problem: Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """The provider refused before accepting: safe to send again where `retryable`.

    `throttled` says that a limit was hit (429, overload): it uses up no attempt and the
    provider's lane waits out `retry_after` seconds.
    """

    problem: Problem
    retryable: bool = False
    throttled: bool = False
    retry_after: float | None = None
    closes_provider: bool = False
    """An account-wide error (bad key, out of credit): no further call can succeed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unconfirmed:
    """The call may have been accepted: never sent again by itself."""

    problem: Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """The call was cancelled before it finished."""


SubmitOutcome: TypeAlias = Finished | Accepted | Failed | NotSent | Rejected | Unconfirmed | Stopped
PollOutcome: TypeAlias = Pending | Finished | Failed | NotSent | Stopped
