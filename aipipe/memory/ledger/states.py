"""Where a paid call can stand: its work and its money, apart."""

from dataclasses import dataclass
from enum import StrEnum


class Work(StrEnum):
    """How far a call has come."""

    PLANNED = "planned"
    INTENT = "intent"
    SUBMITTED = "submitted"
    REMOTE_DONE = "remote_done"
    ANSWERED = "answered"
    STORED = "stored"
    DONE = "done"
    REJECTED = "rejected"
    FAILED = "failed"
    REFUSED = "refused"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    UNCONFIRMED = "unconfirmed"
    ABANDONED = "abandoned"


class Money(StrEnum):
    """What is known of a call's cost."""

    HELD = "held"
    BILLED = "billed"
    FREE = "free"


TERMINAL = frozenset(
    {
        Work.DONE,
        Work.REJECTED,
        Work.FAILED,
        Work.REFUSED,
        Work.CANCELLED,
        Work.EXPIRED,
        Work.ABANDONED,
    }
)
IN_FLIGHT = frozenset(
    {
        Work.INTENT,
        Work.SUBMITTED,
        Work.REMOTE_DONE,
        Work.ANSWERED,
        Work.STORED,
        Work.CANCELLING,
    }
)
"""Work that ends by itself, so its hold will be settled: it can be waited for."""

OPEN = IN_FLIGHT | {Work.UNCONFIRMED}
"""Work that has begun and not ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallState:
    """Where a call stands. `money` is None until its intent."""

    work: Work = Work.PLANNED
    money: Money | None = None
    computed: bool = False
    """What is billed comes from the price list; a reported figure may still replace it."""
