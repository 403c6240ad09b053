"""Whether a condition is true: strict, so that a number and a text are never equal.

What is not known yet stays open, unless the rest decides it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, TypeAlias, assert_never

from aipipe.language.conditions.tree import (
    And,
    Comparison,
    ConditionError,
    Constant,
    Name,
    Node,
    Not,
    Or,
    Plain,
    Row,
)

Kind: TypeAlias = Literal["null", "truth", "number", "text", "list"]


@dataclass(frozen=True, slots=True)
class Open:
    """A value that only the run will tell; `kind` None: of what kind is open too."""

    kind: Kind | None = None


Found: TypeAlias = "Plain | Open"
Resolve: TypeAlias = Callable[[Name], Found]
OPEN: Final = Open()
_WORDS: Final[dict[Kind, str]] = {
    "null": "null",
    "truth": "true or false",
    "number": "a number",
    "text": "a text",
    "list": "a list",
}


def truth(node: Node, resolve: Resolve) -> bool | None:
    """Whether a condition is true; None: that is still open. `resolve` tells what names hold.

    Raises:
        ConditionError: things of unlike kinds are compared.
    """
    match node:
        case Not(part):
            inner = truth(part, resolve)
            return None if inner is None else not inner
        case And(parts):
            return _all(parts, resolve)
        case Or(parts):
            negated = _all(tuple(Not(part, part.at) for part in parts), resolve)
            return None if negated is None else not negated
        case Comparison():
            return _compared(node, resolve)
        case Constant() | Name() | Row():
            return _plainly(node, resolve)
        case _:
            assert_never(node)


def _all(parts: tuple[Node, ...], resolve: Resolve) -> bool | None:
    """Whether all are true; nothing behind the first false one is looked at."""
    is_open = False
    for part in parts:
        found = truth(part, resolve)
        if found is False:
            return False
        is_open = is_open or found is None
    return None if is_open else True


def _plainly(node: Constant | Name | Row, resolve: Resolve) -> bool | None:
    found = _value(node, resolve)
    if isinstance(found, bool):
        return found
    kind = kind_of(found)
    if isinstance(found, Open) and kind in {None, "truth"}:
        return None
    what = f"'{node.text}' is" if isinstance(node, Name) else "this is"
    word = "" if kind is None else _WORDS[kind]
    raise ConditionError(
        f"{what} {word}, and a condition is true or false", node.at, "compare it with something"
    )


def _value(node: Node, resolve: Resolve) -> Found:
    match node:
        case Constant(value):
            return value
        case Name():
            return resolve(node)
        case Row(parts):
            values = [_value(part, resolve) for part in parts]
            known = [each for each in values if not isinstance(each, Open)]
            return tuple(known) if len(known) == len(values) else Open("list")
        case _:
            found = truth(node, resolve)
            return Open("truth") if found is None else found


def _compared(node: Comparison, resolve: Resolve) -> bool | None:
    left, right = _value(node.left, resolve), _value(node.right, resolve)
    match node.operator:
        case "==":
            return _same(left, right)
        case "!=":
            same = _same(left, right)
            return None if same is None else not same
        case "in":
            return _is_in(left, right, node)
        case "not in":
            found = _is_in(left, right, node)
            return None if found is None else not found
        case "<" | "<=" | ">" | ">=":
            return _ordered(left, right, node)
        case _:
            assert_never(node.operator)


def _same(left: Found, right: Found) -> bool | None:
    if isinstance(left, Open) or isinstance(right, Open):
        return None
    if kind_of(left) != kind_of(right):
        return False
    if isinstance(left, tuple) and isinstance(right, tuple):
        pairs = zip(left, right, strict=False)
        return len(left) == len(right) and all(_same(a, b) for a, b in pairs)
    return left == right


def _is_in(left: Found, right: Found, node: Comparison) -> bool | None:
    """Whether a list has a value, or a text another."""
    kinds = kind_of(left), kind_of(right)
    if kinds[1] not in {None, "list"} and kinds not in {("text", "text"), (None, "text")}:
        raise _unlike(kinds[0], kinds[1], node)
    if isinstance(left, Open) or isinstance(right, Open):
        return None
    if isinstance(right, tuple):
        return any(_same(left, each) for each in right)
    return str(left) in str(right)


def _ordered(left: Found, right: Found, node: Comparison) -> bool | None:
    kinds = {kind for kind in (kind_of(left), kind_of(right)) if kind is not None}
    if len(kinds) > 1 or not kinds <= {"number", "text"}:
        raise _unlike(kind_of(left), kind_of(right), node)
    if isinstance(left, Open) or isinstance(right, Open):
        return None
    if isinstance(left, str) and isinstance(right, str):
        return _holds(node.operator, (left > right) - (left < right))
    first, second = _number(left), _number(right)
    if first.is_nan() or second.is_nan():
        return False
    return _holds(node.operator, (first > second) - (first < second))


def _holds(operator: str, order: int) -> bool:
    """Whether an order (-1, 0, 1) is the one that is asked for."""
    return order in {"<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1)}[operator]


def _number(value: Plain) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def kind_of(value: Found) -> Kind | None:
    """The kind of a value; None: not known."""
    match value:
        case Open(kind):
            return kind
        case None:
            return "null"
        case bool():
            return "truth"
        case int() | Decimal():
            return "number"
        case str():
            return "text"
        case tuple():
            return "list"


def _unlike(left: Kind | None, right: Kind | None, node: Comparison) -> ConditionError:
    one, other = (_WORDS[kind] if kind is not None else "something" for kind in (left, right))
    hints = () if "text" not in {left, right} else ("a text stays a text, also one of digits",)
    return ConditionError(f"'{node.operator}' can't compare {one} with {other}", node.at, *hints)
