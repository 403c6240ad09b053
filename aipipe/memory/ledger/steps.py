"""Every step that a paid call can take, with what it tells of the call.

The fields of a step are columns of the ledger's table of calls.
"""

from dataclasses import dataclass
from typing import TypeAlias

from aipipe.contracts.artefact import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Intend:
    """The call will be sent; its worst case is held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept:
    """The provider has a job for it, now or (for an unconfirmed call) found again."""

    remote_id: str
    job: Json = None
    answer_path: str | None = None
    """Where the raw answer will lie that is about to be read; None: there is none yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishRemotely:
    """The provider is done; `job` says where the result lies."""

    job: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The raw answer is on disk, not yet parsed."""

    answer_path: str
    answer_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """The outputs decode and are in the store."""

    outputs: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish:
    """The step has what it wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """Nothing was sent, or the provider said no before it accepted."""

    error: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Fail:
    """The provider said that the call failed. A download or a poll that failed is no such thing."""

    error: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse:
    """Moderation said no."""

    error: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCancel:
    """A cancel is about to be asked for; a result may still come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """The provider confirmed the cancel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expire:
    """It was billed, and its result is gone."""

    error: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """It may have been accepted, and nobody knows."""

    error: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Abandon:
    """The user gave it up; what it may have cost stays held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle:
    """A receipt, in nano-dollars; `computed` where the price list said so, not the provider."""

    billed: int
    computed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Free:
    """Documented evidence that the call cost nothing: never empty."""

    evidence: str


WorkTransition: TypeAlias = (
    Intend
    | Accept
    | FinishRemotely
    | Answer
    | Keep
    | Finish
    | Reject
    | Fail
    | Refuse
    | RequestCancel
    | Cancel
    | Expire
    | Doubt
    | Abandon
)
Transition: TypeAlias = WorkTransition | Settle | Free
