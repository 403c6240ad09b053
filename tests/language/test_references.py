"""References, and the texts around them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipipe.contracts.artefact import Json
from aipipe.language.diagnostics import Fault
from aipipe.language.references import Expression, Interpolated, Reference, expression

HERO = Reference(("steps", "hero", "output"))
STYLE = Reference(("vars", "style"))
NO_MORE = "a reference is a path and nothing more, such as ${{ steps.hero.output }}"


def taken_apart(value: Json) -> Expression:
    faults: list[Fault] = []
    found = expression(value, ("a",), faults)
    assert faults == []
    return found


def told(value: Json) -> list[Fault]:
    faults: list[Fault] = []
    expression(value, ("a",), faults)
    return faults


def joined(*parts: str | Reference) -> Interpolated:
    return Interpolated(parts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("fog", "fog"),
        ("${{ vars.style }}", STYLE),
        ("${{vars.style}}", STYLE),
        ("${{\n vars . style \n}}", STYLE),
        ("${{ prompt }}", Reference(("prompt",))),
        ("${{ vars.list.2.first-name }}", Reference(("vars", "list", "2", "first-name"))),
        ("${{ steps.hero.output }}", HERO),
        (" ${{ vars.style }}", joined(" ", STYLE)),
        ("${{ vars.style }}.png", joined(STYLE, ".png")),
        ("a ${{ vars.style }} b ${{ vars.style }} c", joined("a ", STYLE, " b ", STYLE, " c")),
        ("${{ vars.style }}${{ steps.hero.output }}", joined(STYLE, HERO)),
        ("$${{ vars.style }}", "${{ vars.style }}"),
        ("$$${{ x }}", "$${{ x }}"),
        ("$${{ x }} is ${{ vars.style }}", joined("${{ x }} is ", STYLE)),
        ("a $${{ b", "a ${{ b"),
        ("$ {{ x }} {{ x }} }} ${", "$ {{ x }} {{ x }} }} ${"),
    ],
)
def test_a_text_is_taken_apart_at_its_references(text: str, expected: Expression) -> None:
    assert taken_apart(text) == expected


@pytest.mark.parametrize("value", [None, True, 7, 2.5])
def test_other_values_stand_for_themselves(value: Json) -> None:
    assert taken_apart(value) is value


def test_lists_and_mappings_are_taken_apart_inside() -> None:
    value: Json = {"a": ["${{ vars.style }}", {"b": "x ${{ vars.style }}"}, 7], "c": {}}

    assert taken_apart(value) == {"a": (STYLE, {"b": joined("x ", STYLE)}, 7), "c": {}}


def test_a_fault_inside_tells_its_own_place() -> None:
    assert [fault.at for fault in told({"b": ["fog", {"c": "${{ }}"}], "d": "${{ }}"})] == [
        ("a", "b", 1, "c"),
        ("a", "d"),
    ]


@given(st.text())
def test_a_text_with_its_references_escaped_comes_back(text: str) -> None:
    assert taken_apart(text.replace("$", "").replace("|", "$${{")) == text.replace("$", "").replace(
        "|", "${{"
    )


@given(st.lists(st.sampled_from(["${{ vars.style }}", "fog", "$${{", " ", "}}"]), max_size=8))
def test_parts_come_in_turn_and_lose_nothing(parts: list[str]) -> None:
    found = taken_apart("".join(parts))
    inside = found.parts if isinstance(found, Interpolated) else (found,)

    assert "".join("${{ vars.style }}" if p == STYLE else str(p) for p in inside) == "".join(
        parts
    ).replace("$${{", "${{")
    assert not any(isinstance(a, str) and isinstance(b, str) for a, b in pairwise(inside))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("${{ }}", "a reference is empty"),
        ("${{}}", "a reference is empty"),
        *(
            (f"a ${{{{ {inside} }}}} b", f"'{inside}' is more than a reference")
            for inside in (
                "a + b",
                "a - b",
                "a | upper",
                "a or b",
                "len(a)",
                "a[0]",
                "a == 'b'",
                "a, b",
                "a ? b",
                "{ a",
            )
        ),
        *(
            (f"${{{{ {inside} }}}}", f"'{inside}' is no path of names")
            for inside in ("a..b", ".a", "a.", "a b", "a.-b", "a.b$", "-é")
        ),
    ],
)
def test_what_is_no_path_is_told(text: str, message: str) -> None:
    assert told(text) == [
        Fault(code="reference_syntax", message=message, at=("a",), hints=(NO_MORE,))
    ]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("${{ vars.style", "vars.style"),
        ("${{ vars.style }", "vars.style"),
        ("${{ vars.style} fog", "vars.style"),
        ("${{", "vars.name"),
        ("${{ vars.style and ${{ vars.style }}", "vars.style"),
    ],
)
def test_a_reference_that_is_never_closed_is_told(text: str, written: str) -> None:
    hint = f"write ${{{{ {written} }}}}; for the characters themselves, $${{{{"

    assert told(text) == [
        Fault(
            code="reference_syntax",
            message="a reference is never closed: '}}' is missing",
            at=("a",),
            hints=(hint,),
        )
    ]


def test_all_faults_of_a_text_are_told() -> None:
    text = "${{ a b }} ${{ vars.style }} ${{ }} ${{ c"

    assert [fault.message for fault in told(text)] == [
        "'a b' is no path of names",
        "a reference is empty",
        "a reference is never closed: '}}' is missing",
    ]
