"""Numbers that are known to lie somewhere: at least, likely, at most."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from math import ceil
from typing import Self


@dataclass(frozen=True, slots=True)
class Span:
    """A number that is not negative: `low <= likely <= most`; None: there is no telling."""

    low: Decimal | None
    likely: Decimal | None
    most: Decimal | None

    @classmethod
    def exactly(cls, number: Decimal) -> Self:
        """A number that is known."""
        return cls(number, number, number)

    def __mul__(self, other: "Span") -> "Span":
        return Span(
            _product(self.low, other.low),
            _product(self.likely, other.likely),
            _product(self.most, other.most),
        )

    def __add__(self, other: "Span") -> "Span":
        return Span(
            _sum(self.low, other.low),
            _sum(self.likely, other.likely),
            _sum(self.most, other.most),
        )

    def __truediv__(self, number: int) -> "Span":
        return Span(*(None if each is None else each / number for each in self.ends))

    @property
    def ends(self) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
        """At least, likely, at most."""
        return self.low, self.likely, self.most

    @property
    def known(self) -> bool:
        """Whether it is one number."""
        return self.low is not None and self.low == self.likely == self.most

    def rounded_up(self) -> "Span":
        """Each to the next whole number, and to 1 at least."""
        return Span(*(None if each is None else Decimal(max(1, ceil(each))) for each in self.ends))


ONE = Span.exactly(Decimal(1))
NOTHING = Span.exactly(Decimal(0))
UNTOLD = Span(None, None, None)


def total(spans: Iterable[Span]) -> Span:
    """The sum."""
    return reduce(Span.__add__, spans, NOTHING)


def _product(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one * other


def _sum(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one + other
