"""Money that is spent and money that is held, under a cap. All in nano-dollars."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto


class Room(Enum):
    """Whether a call may start."""

    ENOUGH = auto()
    LATER = auto()
    """Only calls in flight are in the way."""
    NEVER = auto()
    """What is spent, or may have been, leaves no room."""


@dataclass(slots=True)
class Purse:
    """One scope's money: the run's, or a group's. `cap` None: no cap."""

    cap: int | None = None
    path: str = ""
    """The group's; empty for the run's."""
    spent: int = 0
    """Billed, and held by calls that may have been accepted."""
    held: int = 0
    """By calls in flight, at their worst."""

    @property
    def left(self) -> int | None:
        """What a call could hold now; None: any amount."""
        return None if self.cap is None else max(0, self.cap - self.spent - self.held)


def room(purses: Sequence[Purse], amount: int | None) -> Room:
    """Whether all purses have room for a worst case; None, an unknown price, wants all there is."""
    answer = Room.ENOUGH
    for purse in purses:
        if purse.cap is None:
            continue
        if (purse.spent >= purse.cap) if amount is None else (purse.spent + amount > purse.cap):
            return Room.NEVER
        crowded = (
            purse.held > 0 if amount is None else purse.spent + purse.held + amount > purse.cap
        )
        if crowded:
            answer = Room.LATER
    return answer


def hold(purses: Sequence[Purse], amount: int | None) -> int:
    """Hold a worst case in every purse; gives the amount held."""
    if amount is None:
        lefts = [purse.left for purse in purses if purse.left is not None]
        amount = min(lefts, default=0)
    for purse in purses:
        purse.held += amount
    return amount


def settle(purses: Sequence[Purse], held: int, billed: int) -> None:
    """End a hold with what was billed."""
    for purse in purses:
        purse.held -= held
        purse.spent += billed
