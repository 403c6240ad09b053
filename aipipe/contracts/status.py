"""How a step stands, or has ended."""

from enum import StrEnum


class Status(StrEnum):
    """How a step ended."""

    DONE = "done"
    REUSED = "reused"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNCONFIRMED = "unconfirmed"
    REFUSED = "refused"
    WAITING = "waiting"
    CANCELLED = "cancelled"
