"""A condition as a tree. Places count characters of its text, from 0."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, TypeAlias

Operator: TypeAlias = Literal["==", "!=", "<", "<=", ">", ">=", "in", "not in"]
Plain: TypeAlias = "bool | int | Decimal | str | tuple[Plain, ...] | None"
"""What a condition compares."""


@dataclass(frozen=True, slots=True)
class Place:
    """From the first character to the one behind the last."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a text, true, false or null."""

    value: Plain
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """`steps.check.output` is `Name(("steps", "check", "output"))`."""

    path: tuple[str, ...]
    at: Place = field(compare=False)

    @property
    def text(self) -> str:
        """As it is written."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Row:
    """`[a, b]`."""

    parts: "tuple[Node, ...]"
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """True where its part is false."""

    part: "Node"
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """True where every part is."""

    parts: "tuple[Node, ...]"
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    """True where one part is."""

    parts: "tuple[Node, ...]"
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two values and what is asked of them."""

    operator: Operator
    left: "Node"
    right: "Node"
    at: Place = field(compare=False)


Node: TypeAlias = Constant | Name | Row | Not | And | Or | Comparison


@dataclass(frozen=True, slots=True)
class Condition:
    """What `when:` says, and the tree of it."""

    text: str
    tree: Node


class ConditionError(Exception):
    """What is wrong with a part of a condition."""

    def __init__(self, message: str, at: Place, *hints: str) -> None:
        super().__init__(message)
        self.message = message
        self.at = at
        self.hints = hints


def names_in(node: Node) -> Iterator[Name]:
    """Every name in a condition, in the order written."""
    match node:
        case Name():
            yield node
        case Constant():
            return
        case Not(part):
            yield from names_in(part)
        case Row(parts) | And(parts) | Or(parts):
            for each in parts:
                yield from names_in(each)
        case Comparison(_, left, right):
            yield from names_in(left)
            yield from names_in(right)
