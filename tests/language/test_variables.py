"""Variables of the file, and what the command line gives for them."""

from collections.abc import Mapping

import pytest

from aipipe.contracts.artefact import Json
from aipipe.language.diagnostics import Fault
from aipipe.language.spec import Var
from aipipe.language.variables import variables


def values(written: Json, **given: str) -> Mapping[str, Json]:
    faults: list[Fault] = []
    found = variables(written, given, faults)
    assert faults == []
    return {name: var.value for name, var in found.items()}


def told(written: Json, **given: str) -> tuple[Mapping[str, Json], list[Fault]]:
    faults: list[Fault] = []
    found = variables(written, given, faults)
    return {name: var.value for name, var in found.items()}, faults


def test_a_variable_has_its_name_type_value_and_place() -> None:
    written: Json = {"style": {"type": "string", "default": "noir", "description": "of film"}}

    assert variables(written, {}, []) == {
        "style": Var(name="style", type="string", value="noir", at=("vars", "style"))
    }


@pytest.mark.parametrize("value", ["noir", 7, 2.5, True, ["a", "b"]])
def test_a_value_alone_is_the_default(value: Json) -> None:
    assert values({"style": value}) == {"style": value}


@pytest.mark.parametrize(
    "written", [{"type": "string"}, {"type": "integer", "default": None}, {"default": None}, {}]
)
def test_without_a_default_there_is_no_value(written: Json) -> None:
    assert values({"style": written}) == {"style": None}


@pytest.mark.parametrize("written", [None, {}, [], "noir"])
def test_a_file_may_have_none(written: Json) -> None:
    assert values(written) == {}


def test_notes_are_no_variables() -> None:
    assert values({"x-note": "fog", "style": "noir"}) == {"style": "noir"}


@pytest.mark.parametrize(
    ("type_", "given", "value"),
    [
        ("string", "7", "7"),
        ("string", "", ""),
        ("integer", "7", 7),
        ("integer", "-7", -7),
        ("number", "7", 7),
        ("number", "0.5", 0.5),
        ("number", "1e3", 1000.0),
        ("boolean", "true", True),
        ("boolean", "Yes", True),
        ("boolean", "1", True),
        ("boolean", "FALSE", False),
        ("boolean", "no", False),
        ("boolean", "0", False),
        ("list", "a, b,c", ["a", "b", "c"]),
        ("list", "a", ["a"]),
        ("list", " ", []),
    ],
)
def test_what_the_command_line_gives_is_read_as_the_declared_type(
    type_: str, given: str, value: Json
) -> None:
    found = values({"x": {"type": type_, "default": None}}, x=given)

    assert [(type(each), each) for each in found.values()] == [(type(value), value)]


@pytest.mark.parametrize(
    ("default", "given", "value"),
    [
        (7, "8", 8),
        (7, "0.5", 0.5),
        (0.5, "8", 8),
        (True, "no", False),
        (["a"], "b,c", ["b", "c"]),
        ("a", "8", "8"),
        (None, "8", "8"),
    ],
)
def test_without_a_declared_type_it_is_read_as_the_default_is(
    default: Json, given: str, value: Json
) -> None:
    assert values({"x": {"default": default}}, x=given) == {"x": value}


@pytest.mark.parametrize(
    ("type_", "given", "takes"),
    [
        ("integer", "ten", "a whole number such as 7"),
        ("integer", "7.5", "a whole number such as 7"),
        ("integer", "7.0", "a whole number such as 7"),
        ("integer", "1_000", "a whole number such as 7"),
        ("integer", "", "a whole number such as 7"),
        ("integer", "true", "a whole number such as 7"),
        ("number", "nan", "a number such as 0.5"),
        ("number", "inf", "a number such as 0.5"),
        ("number", "1e999", "a number such as 0.5"),
        ("number", "false", "a number such as 0.5"),
        ("boolean", "maybe", "true or false"),
        ("boolean", "", "true or false"),
    ],
)
def test_what_is_not_of_the_type_is_told_at_the_variable(
    type_: str, given: str, takes: str
) -> None:
    assert told({"x": {"type": type_, "default": 1}}, x=given) == (
        {"x": None},
        [
            Fault(
                code="wrong_type",
                message=f"--var x={given}: '{given}' is no {type_}",
                at=("vars", "x"),
                on_key=True,
                hints=(f"variable 'x' takes {takes}",),
            )
        ],
    )


@pytest.mark.parametrize(
    ("type_", "default"),
    [
        ("string", 7),
        ("integer", 2.5),
        ("integer", True),
        ("number", "7"),
        ("number", False),
        ("boolean", 1),
        ("boolean", "yes"),
        ("list", "a,b"),
    ],
)
def test_a_default_of_another_type_is_told_unless_another_value_is_given(
    type_: str, default: Json
) -> None:
    written: Json = {"x": {"type": type_, "default": default}}

    assert told(written)[1] == [
        Fault(
            code="wrong_type",
            message=f"the default of variable 'x' is no {type_}",
            at=("vars", "x", "default"),
        )
    ]
    assert told(written, x="1")[1] == []


@pytest.mark.parametrize("type_", ["text", 7, ["string"], None])
def test_a_type_that_there_is_not_is_left_to_the_check(type_: Json) -> None:
    assert values({"x": {"type": type_, "default": 7}}) == {"x": 7}


def test_a_variable_that_the_file_has_not_is_told() -> None:
    assert told({"style": "noir", "count": 3}, stile="pop") == (
        {"style": "noir", "count": 3},
        [
            Fault(
                code="unknown_variable",
                message="--var stile: the file has no variable 'stile'",
                at=("vars",),
                on_key=True,
                hints=("did you mean 'style'?", "it has: style, count"),
            )
        ],
    )


def test_in_a_file_without_variables_it_is_told_how_to_declare_one() -> None:
    assert told(None, style="pop") == (
        {},
        [
            Fault(
                code="unknown_variable",
                message="--var style: the file has no variable 'style'",
                at=(),
                hints=("declare it:  vars: {style: …}",),
            )
        ],
    )


@pytest.mark.parametrize("choices", [["calm", "wild"], [1, 2]])
def test_a_value_is_one_of_the_choices(choices: Json) -> None:
    assert isinstance(choices, list)
    written: Json = {"x": {"choices": choices, "default": choices[0]}}

    assert told(written)[1] == []
    assert told(written, x=str(choices[1]))[1] == []


def test_a_value_that_is_no_choice_is_told_where_it_is_given() -> None:
    written: Json = {"x": {"choices": ["calm", "wild"], "default": "clam"}}
    hints = ("did you mean 'calm'?", "it may be: calm, wild")

    assert told(written)[1] == [
        Fault(
            code="not_a_choice",
            message="the default of variable 'x' is none of its choices: 'clam'",
            at=("vars", "x", "default"),
            hints=hints,
        )
    ]
    assert told(written, x="clam")[1] == [
        Fault(
            code="not_a_choice",
            message="--var x=clam is none of its choices: 'clam'",
            at=("vars", "x"),
            on_key=True,
            hints=hints,
        )
    ]


def test_a_required_variable_is_given_or_has_a_default() -> None:
    assert told({"x": {"required": True}}, x="1")[1] == []
    assert told({"x": {"required": True, "default": 1}})[1] == []
    assert told({"x": {"required": True}})[1] == [
        Fault(
            code="var_not_given",
            message="variable 'x' has no value",
            at=("vars", "x"),
            on_key=True,
            hints=("--var x=…",),
        )
    ]
