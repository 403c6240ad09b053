"""Faults of the data, told with their places in the text."""

from pathlib import Path

import pytest
from support.golden import golden

from aipipe.cli.diagnostics import Look, render
from aipipe.language.diagnostics import Diagnostic, Fault, Severity
from aipipe.language.reader import read_text

GOLDEN = Path(__file__).parent / "golden" / "places"
TEXT = """\
x-base: &base   # shared
  model: local
  params: {voice: drew}
steps:
  - type: text_to_speech
    model:
    params:   # where the text is
      text: |
        fog
        rain
  - *base
  - {<<: *base, id: hero}
"""


def told(*faults: Fault) -> tuple[Diagnostic, ...]:
    return read_text(TEXT, "a.yaml").locate(faults)


def fault(
    *at: str | int, on_key: bool = False, other: tuple[str | int, ...] | None = None
) -> Fault:
    return Fault(code="x", message="here", at=at, hints=("hint",), on_key=on_key, other=other)


def test_without_faults_nothing_is_told() -> None:
    assert told() == ()


def test_a_fault_keeps_all_that_it_says() -> None:
    (found,) = told(
        Fault(
            severity=Severity.WARNING,
            code="retired_model",
            message="'local' is old",
            at=("x-base", "model"),
            hints=("one", "two"),
        )
    )

    assert found == Diagnostic(
        severity=Severity.WARNING,
        code="retired_model",
        message="'local' is old",
        file="a.yaml",
        line=2,
        column=10,
        length=5,
        source="  model: local",
        hints=("one", "two"),
    )


def test_faults_are_told_in_the_order_of_the_text() -> None:
    found = told(fault("steps", 2), fault("x-base"), fault("steps", 0, "type"), fault("steps", 1))

    assert [(each.line, each.column) for each in found] == [(1, 9), (5, 11), (11, 5), (12, 5)]


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("value", fault("steps", 0, "type")),
        ("key", fault("steps", 0, "type", on_key=True)),
        ("value_that_is_not_written", fault("steps", 0, "model")),
        ("value_of_several_lines", fault("steps", 0, "params")),
        ("text_of_several_lines", fault("steps", 0, "params", "text")),
        ("whole", fault()),
        ("whole_has_no_key", fault(on_key=True)),
        ("behind_an_alias", fault("steps", 1, "params", "voice")),
        ("key_behind_an_alias", fault("steps", 1, "params", "voice", on_key=True)),
        ("behind_a_merge", fault("steps", 2, "params", "voice")),
        ("two_places", fault("steps", 2, "id", other=("steps", 0, "type"))),
    ],
)
def test_a_fault_shows_its_place(name: str, given: Fault) -> None:
    golden(GOLDEN / f"{name}.txt", render(told(given), Look()) + "\n")
