"""How a step may have ended, in the words of a condition: no other word is ever true."""

from collections.abc import Iterator
from typing import Final

from aipipe.contracts.status import Status
from aipipe.language.conditions.tree import (
    And,
    Comparison,
    ConditionError,
    Constant,
    Name,
    Node,
    Not,
    Or,
    Row,
)
from aipipe.language.suggestions import did_you_mean, one_of

ENDINGS: Final = tuple(each.value for each in Status if each is not Status.REUSED)
"""An earlier result counts as done."""
_STEPS_STATUS: Final = 3


def check_endings(node: Node) -> None:
    """Every word that a status is compared with is one that a step may end with.

    Raises:
        ConditionError: one is not.
    """
    for comparison in _comparisons(node):
        sides = (comparison.left, comparison.right)
        if any(_is_status(side) for side in sides):
            for side in sides:
                _check(side)


def _check(side: Node) -> None:
    match side:
        case Row(parts):
            for part in parts:
                _check(part)
        case Constant(str() as word) if word not in ENDINGS:
            more = (f"there are: {one_of(ENDINGS)}",)
            known = ("an earlier result counts as 'done'",) if word == Status.REUSED else ()
            hints = known or did_you_mean(word, ENDINGS) or more
            raise ConditionError(f"no step ends as '{word}'", side.at, *hints)
        case _:
            return


def _is_status(node: Node) -> bool:
    if not isinstance(node, Name) or len(node.path) != _STEPS_STATUS:
        return False
    return node.path[0] == "steps" and node.path[2] == "status"


def _comparisons(node: Node) -> Iterator[Comparison]:
    match node:
        case Comparison():
            yield node
        case Not(part):
            yield from _comparisons(part)
        case And(parts) | Or(parts):
            for each in parts:
                yield from _comparisons(each)
        case _:
            return
