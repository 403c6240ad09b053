"""What of a plan would be bought, and what earlier results and jobs stand in for. Plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from aipipe.catalog.price import FREE, PriceEstimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A step that is new because something of it is not as it was: `prompt` of `hero`."""

    task: str
    parts: tuple[str, ...]


class HeldBack(StrEnum):
    """Why a call is not sent again by itself."""

    UNCONFIRMED = "unconfirmed"
    REFUSED = "refused by moderation"
    GONE = "paid for, and its result is gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The paid calls of one task template, by what becomes of them. Amounts in USD."""

    reused: int = 0
    attached: int = 0
    """Begun by an earlier run, and gone on with."""
    doubtful: int = 0
    """May have been paid for, or are not sent again for another reason."""
    new: int = 0
    low: Decimal | None = Decimal(0)
    likely: Decimal | None = Decimal(0)
    at_most: Decimal | None = Decimal(0)
    """Of the new ones; None: unknown."""
    runs: tuple[str, ...] = ()
    """Those whose results are reused, the newest first."""
    changed: tuple[str, ...] | None = None
    """The parts that make calls new; empty: only what they are made from; None: no earlier call."""
    held_back: tuple[HeldBack, ...] = ()
    under_way: PriceEstimate = FREE
    """Of those that are gone on with, together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What a run would find of earlier ones. `outlooks` by the number of the template."""

    outlooks: Mapping[int, Outlook] = field(default_factory=dict)
    runs: tuple[str, ...] = ()
    """Those whose results are reused, the newest first."""
    changed: tuple[Changed, ...] = ()
    """The first few."""
    changes: int = 0
    saved: Decimal = Decimal(0)
    """What the reused results had cost."""

    @property
    def reused(self) -> int:
        """Results that stand in for a call."""
        return sum(each.reused for each in self.outlooks.values())

    @property
    def attached(self) -> int:
        """Calls of earlier runs that are gone on with."""
        return sum(each.attached for each in self.outlooks.values())

    @property
    def doubtful(self) -> int:
        """Calls that are not sent again by themselves."""
        return sum(each.doubtful for each in self.outlooks.values())
