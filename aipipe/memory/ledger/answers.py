"""What a writer answers to a record."""

from dataclasses import dataclass
from typing import TypeAlias

from aipipe.memory.ledger.transitions import TransitionError


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The intent is kept, under this number."""

    call: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AlreadyOpen:
    """A call with the same open key has begun and not ended: share it, or settle it first."""

    call: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AlreadyFinal:
    """A call with the same key has come to an end meanwhile that makes this one needless."""

    call: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """What is spent, and held by calls that nobody will settle, leaves no room."""

    scope: str
    left: int
    """Nano-dollars."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MustWait:
    """Only calls in flight are in the way: there may be room when one of them ends."""

    scope: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoRoomOnDisk:
    """The disk is full: what is under way is recorded, and nothing new begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The record is on disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forbidden:
    """The call stands elsewhere, so the step was not taken: a bug of whoever asked for it."""

    error: TransitionError | KeyError


Answer: TypeAlias = (
    Taken | AlreadyOpen | AlreadyFinal | Refused | MustWait | NoRoomOnDisk | Kept | Forbidden
)
