"""From a condition's text to its tree: recursive descent, no deeper than 32."""

from decimal import Decimal
from typing import Final, cast

from aipipe.language.conditions.tokens import END, Token, tokens
from aipipe.language.conditions.tree import (
    And,
    Comparison,
    Condition,
    ConditionError,
    Constant,
    Name,
    Node,
    Not,
    Operator,
    Or,
    Place,
    Plain,
    Row,
)

_DEEPEST: Final = 32
_WORDS: Final[dict[str, Plain]] = {"true": True, "false": False, "null": None}
_COMPARING: Final = frozenset({"==", "!=", "<", "<=", ">", ">=", "in"})
_MEANT: Final = {
    "is": "==",
    "equals": "==",
    "eq": "==",
    "AND": "and",
    "OR": "or",
    "NOT": "not",
    "True": "true",
    "False": "false",
    "None": "null",
}


def parsed(text: str) -> Condition:
    """The condition of a text.

    Raises:
        ConditionError: it is none.
    """
    return Condition(text.strip(), _Parser(list(tokens(text))).whole())


class _Parser:
    def __init__(self, found: list[Token]) -> None:
        self._found = found
        self._next = 0
        self._depth = 0

    def whole(self) -> Node:
        if self._kind == END:
            raise ConditionError(
                "a condition is empty", self._found[0].at, "such as  vars.NAME == 'value'"
            )
        node = self._either()
        if self._kind != END:
            raise self._misplaced()
        return node

    @property
    def _kind(self) -> str:
        return self._found[self._next].kind

    def _take(self) -> Token:
        self._next += 1
        return self._found[self._next - 1]

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            at = self._found[self._next].at
            raise ConditionError(f"a condition is nested more than {_DEEPEST} deep", at)

    def _either(self) -> Node:
        parts = [self._both()]
        while self._kind == "or":
            self._take()
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Or(tuple(parts), _around(parts[0], parts[-1]))

    def _both(self) -> Node:
        parts = [self._negated()]
        while self._kind == "and":
            self._take()
            parts.append(self._negated())
        return parts[0] if len(parts) == 1 else And(tuple(parts), _around(parts[0], parts[-1]))

    def _negated(self) -> Node:
        if self._kind != "not":
            return self._compared()
        self._deeper()
        word = self._take()
        part = self._negated()
        self._depth -= 1
        return Not(part, Place(word.at.start, part.at.end))

    def _compared(self) -> Node:
        left = self._operand()
        operator = self._operator()
        if operator is None:
            return left
        right = self._operand()
        if self._kind in _COMPARING:
            raise ConditionError(
                f"'{self._kind}' follows a comparison",
                self._found[self._next].at,
                "compare two at a time:  a < b and b < c",
            )
        return Comparison(operator, left, right, _around(left, right))

    def _operator(self) -> Operator | None:
        if self._kind == "not" and self._found[self._next + 1].kind == "in":
            self._take()
            self._take()
            return "not in"
        return cast("Operator", self._take().kind) if self._kind in _COMPARING else None

    def _operand(self) -> Node:
        match self._kind:
            case "(":
                return self._bracketed()
            case "[":
                return self._row()
            case "name":
                token = self._take()
                return Name(tuple(token.text.split(".")), token.at)
            case "text" | "number" | "true" | "false" | "null":
                token = self._take()
                return Constant(_constant(token), token.at)
            case _:
                raise self._misplaced()

    def _bracketed(self) -> Node:
        self._deeper()
        opening = self._take()
        node = self._either()
        self._close(")", opening)
        self._depth -= 1
        return node

    def _row(self) -> Node:
        self._deeper()
        opening = self._take()
        parts: list[Node] = []
        while self._kind != "]":
            parts.append(self._operand())
            if self._kind != ",":
                break
            self._take()
        end = self._close("]", opening)
        self._depth -= 1
        return Row(tuple(parts), Place(opening.at.start, end))

    def _close(self, sign: str, opening: Token) -> int:
        if self._kind == sign:
            return self._take().at.end
        if self._kind == END:
            said = f"'{opening.text}' is never closed: '{sign}' is missing"
            raise ConditionError(said, opening.at)
        raise self._misplaced()

    def _misplaced(self) -> ConditionError:
        token = self._found[self._next]
        if token.kind == END:
            before = self._found[self._next - 1]
            return ConditionError(f"something is missing after '{before.text}'", before.at)
        before_text = self._found[self._next - 1].text if self._next else ""
        where = f" after '{before_text}'" if before_text else " at the beginning"
        return ConditionError(f"'{token.text}' can't stand{where}", token.at, *_hints(token))


def _hints(token: Token) -> tuple[str, ...]:
    meant = _MEANT.get(token.text)
    if meant is not None:
        return (f"did you mean '{meant}'?",)
    return ("put a text into quotes",) if token.kind == "name" else ()


def _around(first: Node, last: Node) -> Place:
    return Place(first.at.start, last.at.end)


def _constant(token: Token) -> Plain:
    match token.kind:
        case "text":
            quote = token.text[0]
            return token.text[1:-1].replace(quote * 2, quote)
        case "number":
            return int(token.text) if token.text.lstrip("-").isdigit() else Decimal(token.text)
        case word:
            return _WORDS[word]
