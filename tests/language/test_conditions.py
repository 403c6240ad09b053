"""What `when:` may say, and when it is true."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipipe.language.conditions.parsing import parsed
from aipipe.language.conditions.tree import (
    And,
    Comparison,
    ConditionError,
    Constant,
    Name,
    Node,
    Not,
    Or,
    Place,
    Plain,
    Row,
)
from aipipe.language.conditions.truth import Open, truth
from aipipe.language.conditions.writing import condition
from aipipe.language.diagnostics import Fault
from aipipe.language.reader import read_text

NOWHERE = Place(0, 0)
WORLD: Mapping[str, Plain] = {
    "vars.quality": "high",
    "vars.takes": 3,
    "vars.ratio": Decimal("0.5"),
    "vars.draft": False,
    "vars.none": None,
    "vars.langs": ("de", "en"),
    "steps.my-check.output": "yes",
}


def resolve(name: Name) -> Plain:
    return WORLD[name.text]


def judged(text: str) -> bool | None:
    return truth(parsed(text).tree, resolve)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("vars.quality == 'high' and steps.my-check.output in ['yes', 'ok']", True),
        ('vars.quality != "low"', True),
        ("not vars.draft", True),
        ("not (vars.draft or vars.takes > 2)", False),
        ("vars.takes >= 3 and vars.takes <= 3.0", True),
        ("vars.takes == 3.0 and vars.ratio == 5e-1", True),
        ("vars.takes == '3'", False),
        ("vars.takes == true", False),
        ("vars.none == null", True),
        ("'it''s' == \"it's\"", True),
        ("vars.quality not in vars.langs", True),
        ("'ig' in vars.quality", True),
        ("[1, [2]] == [1.0, [2]]", True),
        ("vars.draft and vars.none < 1", False),
        ("vars.takes > -1", True),
        ("'b' > 'a'", True),
        ("true or false and false", True),
        ("[] == []", True),
        ("false", False),
    ],
)
def test_a_condition_is_true_or_false(text: str, holds: bool) -> None:  # noqa: FBT001 (a case)
    assert judged(text) is holds


@pytest.mark.parametrize(
    ("text", "message", "under"),
    [
        ("", "a condition is empty", ""),
        ("vars.a ==", "something is missing after '=='", "=="),
        ("vars.a == 'x", "a text is never closed: ' is missing", "'x"),
        ("(vars.a", "'(' is never closed: ')' is missing", "("),
        ("vars.a in [1, 2", "'[' is never closed: ']' is missing", "["),
        ("vars.a = 1", "'=' has no meaning in a condition", "="),
        ("vars.a && vars.b", "'&&' has no meaning in a condition", "&&"),
        ("vars.a is 'x'", "'is' can't stand after 'vars.a'", "is"),
        ("1 < vars.a < 3", "'<' follows a comparison", "<"),
        ("and vars.a", "'and' can't stand at the beginning", "and"),
        ("vars.a == 12abc", "'12abc' has no meaning in a condition", "12abc"),
        ("${{ vars.a }} == 1", "a condition names things without '${{ }}'", "${{ vars.a }}"),
        ("vars.takes < 'x'", "'<' can't compare a number with a text", "vars.takes < 'x'"),
        ("vars.takes", "'vars.takes' is a number, and a condition is true or false", "vars.takes"),
        ("1 in vars.quality", "'in' can't compare a number with a text", "1 in vars.quality"),
        ("(" * 40 + "true" + ")" * 40, "a condition is nested more than 32 deep", "("),
        ("not " * 40 + "true", "a condition is nested more than 32 deep", "not"),
    ],
)
def test_a_fault_names_what_it_is_about(text: str, message: str, under: str) -> None:
    with pytest.raises(ConditionError) as caught:
        judged(text)

    place = caught.value.at
    assert (caught.value.message, text[place.start : place.end]) == (message, under)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("steps.a.output == 'yes'", None),
        ("steps.a.output == 'yes' and false", False),
        ("steps.a.output == 'yes' or true", True),
        ("not (steps.a.output == 'yes')", None),
        ("steps.a.output in [1, steps.b.output]", None),
    ],
)
def test_what_is_open_stays_open_unless_the_rest_decides_it(text: str, holds: bool | None) -> None:  # noqa: FBT001 (a case)
    assert truth(parsed(text).tree, lambda _name: Open("text")) is holds


@pytest.mark.parametrize(
    ("written", "caret"),
    [
        ("when: vars.a = 1", 14),
        ("when:   vars.a = 1", 16),
        ("when: 'vars.a = 1'", 15),
        ("when: 'vars.b == ''x'' and = 1'", 28),
        ('when: "vars.b == \\"x\\" and = 1"', 28),
        ('when: "\\u0041 = 1"', 7),
        ("when: |\n  vars.a = 1", 7),
    ],
)
def test_the_caret_stands_under_the_word_at_fault(written: str, caret: int) -> None:
    document = read_text(written, "p.yaml")
    assert isinstance(document.data, dict)
    faults: list[Fault] = []

    condition(document.data["when"], ("when",), faults)

    assert [each.column for each in document.locate(faults)] == [caret]


# --- random conditions against Python's own operators

plain = st.one_of(
    st.integers(-9, 9),
    st.decimals(-9, 9, places=2),
    st.text("ab'\" ", max_size=3),
    st.booleans(),
    st.none(),
)
constants = plain.map(lambda value: Constant(value, NOWHERE))
names = st.sampled_from(list(WORLD)).map(lambda name: Name(tuple(name.split(".")), NOWHERE))
operands = st.one_of(constants, names)
rows = st.lists(operands, max_size=3).map(lambda parts: Row(tuple(parts), NOWHERE))
comparisons = st.one_of(
    st.builds(
        lambda sign, left, right: Comparison(sign, left, right, NOWHERE),
        st.sampled_from(["==", "!=", "<", "<=", ">", ">="]),
        operands,
        operands,
    ),
    st.builds(
        lambda sign, left, right: Comparison(sign, left, right, NOWHERE),
        st.sampled_from(["in", "not in"]),
        operands,
        rows,
    ),
)


def combined(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        inner.map(lambda part: Not(part, NOWHERE)),
        several.map(lambda parts: And(parts, NOWHERE)),
        several.map(lambda parts: Or(parts, NOWHERE)),
    )


conditions: st.SearchStrategy[Node] = st.recursive(comparisons, combined, max_leaves=8)


def printed(node: Node) -> str:  # noqa: C901, PLR0911 (a case for each kind)
    match node:
        case Constant(str() as text):
            return "'" + text.replace("'", "''") + "'"
        case Constant(bool() | None as value):
            return {True: "true", False: "false", None: "null"}[value]
        case Constant(value):
            return format(value, "f") if isinstance(value, Decimal) else str(value)
        case Name():
            return node.text
        case Row(parts):
            return f"[{', '.join(map(printed, parts))}]"
        case Not(part):
            return f"not ({printed(part)})"
        case And(parts):
            return " and ".join(f"({printed(part)})" for part in parts)
        case Or(parts):
            return " or ".join(f"({printed(part)})" for part in parts)
        case Comparison(sign, left, right):
            return f"{printed(left)} {sign} {printed(right)}"


def typed(value: Any) -> Any:
    """A value beside its kind, so that Python's `==` is as strict as a condition's."""
    if isinstance(value, tuple):
        return ("list", [typed(each) for each in value])
    kind = "number" if isinstance(value, int | Decimal) and not isinstance(value, bool) else ""
    return (kind or type(value).__name__, value)


ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def reference(node: Node) -> Any:  # noqa: PLR0911 (a case for each kind)
    match node:
        case Constant(value):
            return value
        case Name():
            return WORLD[node.text]
        case Row(parts):
            return tuple(reference(part) for part in parts)
        case Not(part):
            return not reference(part)
        case And(parts):
            return all(reference(part) for part in parts)
        case Or(parts):
            return any(reference(part) for part in parts)
        case Comparison(sign, left, right):
            return compared(sign, reference(left), reference(right))


def compared(sign: str, left: Any, right: Any) -> bool:
    match sign:
        case "==" | "!=":
            return (typed(left) == typed(right)) is (sign == "==")
        case "in" | "not in":
            return (typed(left) in [typed(each) for each in right]) is (sign == "in")
    if typed(left)[0] != typed(right)[0] or typed(left)[0] not in {"number", "str"}:
        raise TypeError(sign)
    return ORDERS[sign](left, right)


def outcome(judge: Callable[[], Any]) -> Any:
    try:
        return judge()
    except (TypeError, ConditionError):
        return "unlike"


@given(conditions)
def test_a_printed_condition_is_read_as_the_same_tree(tree: Node) -> None:
    assert parsed(printed(tree)).tree == tree


@given(conditions)
def test_a_condition_holds_where_the_same_comparisons_hold_in_python(tree: Node) -> None:
    assert outcome(lambda: judged(printed(tree))) == outcome(lambda: reference(tree))


def place_of_fault(text: str) -> Place:
    try:
        parsed(text)
    except ConditionError as error:
        return error.at
    return Place(0, len(text))


@given(st.text(max_size=40))
def test_no_text_makes_anything_but_a_condition_or_a_fault_inside_it(text: str) -> None:
    place = place_of_fault(text)

    assert 0 <= place.start <= place.end <= len(text)
