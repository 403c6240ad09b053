"""How a call can end, and what a remote job can answer."""

from dataclasses import dataclass
from typing import TypeAlias

from aipipe.contracts.call import Job, Produced, Receipt
from aipipe.contracts.limits import LimitsTold
from aipipe.errors import StepError


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The call is done and its outputs are in the store."""

    produced: Produced


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A remote job has begun."""

    job: Job
    poll_after: float | None = None
    """Seconds to wait before the first poll; None: as seems best, by `Provider.poll_every`."""
    limits: LimitsTold | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The provider is done: what is left costs nothing, and may be tried as often as need be."""

    result: Job
    """Where it lies: `data` has the addresses to download from, or the file of a raw answer."""
    receipt: Receipt | None = None
    limits: LimitsTold | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A remote job goes on."""

    fraction: float | None = None
    queue_position: int | None = None
    """Its place in the provider's queue: 1 is next. Providers that count from 0 are translated."""
    poll_after: float | None = None
    """Seconds to wait before the next poll; None: as seems best, by the job's age."""


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
    billed_nano_usd: int | None = 0
    """None: it may be billed, and nobody tells how much; then it counts by the price list."""
    refused: bool = False
    """Moderation said no: the same again would be refused again, and perhaps billed again."""
    cancelled: bool = False
    """The provider says that it has cancelled the job, as it was asked to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """It was accepted and may be billed, and its result can't be had any more."""

    problem: Problem
    receipt: Receipt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """An answer about a job, or its result, can't be used: the job stays known, the task fails."""

    problem: Problem


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
    refused: bool = False
    """Moderation said no."""
    limits: LimitsTold | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unconfirmed:
    """The call may have been accepted: never sent again by itself."""

    problem: Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """The call was cancelled before it finished."""


SubmitOutcome: TypeAlias = (
    Finished | Accepted | Made | Failed | Lost | NotSent | Rejected | Unconfirmed | Stopped
)
PollOutcome: TypeAlias = Pending | Finished | Made | Failed | Lost | Unreadable | NotSent | Stopped
FetchOutcome: TypeAlias = Finished | Lost | Unreadable | NotSent | Stopped
"""`NotSent`: it did not get through, and is tried again."""
