"""Faults of a file as the user reads them."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from support.golden import golden

from aipipe.cli import annotations
from aipipe.cli.diagnostics import Look, closing, render
from aipipe.cli.paint import coloured
from aipipe.cli.text import width
from aipipe.language.diagnostics import Diagnostic, Severity

GOLDEN = Path(__file__).parent / "golden"
ERROR = Diagnostic(
    severity=Severity.ERROR,
    code="unknown_model",
    message="unknown text_to_speech model 'elevenlab'",
    file="1_parallel_tts.yaml",
    line=13,
    column=16,
    length=11,
    source='        model: "elevenlab"',
    hints=(
        "did you mean 'elevenlabs' ($0.08 per 1,000 characters)?",
        "all of them: aipipe models --type text_to_speech",
    ),
)
WARNING = Diagnostic(
    severity=Severity.WARNING,
    code="retired_model",
    message="model 'imagen4' was shut down on 2026-08-17; 'nano_banana_2' takes its place",
    file="4_multi_model_image.yaml",
    line=6,
    column=16,
    length=9,
    source='        model: "imagen4"',
)
NOTE = Diagnostic(severity=Severity.NOTE, code="note", message="a note", file="a.yaml")


def at(source: str, column: int, length: int = 1) -> Diagnostic:
    return Diagnostic(
        severity=Severity.ERROR,
        code="x",
        message="here",
        file="a.yaml",
        line=7,
        column=column,
        length=length,
        source=source,
    )


def caret_and_source(found: Diagnostic, columns: int | None = None) -> tuple[str, str]:
    _, _, source, caret = render([found], Look(columns=columns)).split("\n")
    return source, caret


def test_an_error_shows_its_line_a_caret_and_hints() -> None:
    golden(GOLDEN / "error.txt", render([ERROR], Look()) + "\n" + closing([ERROR]) + "\n")


def test_several_are_set_apart_by_blank_lines() -> None:
    later = replace(ERROR, line=20)

    golden(GOLDEN / "several.txt", render([NOTE, WARNING, ERROR, later], Look()) + "\n")


def test_faults_of_one_place_show_it_once() -> None:
    first, second, third = (
        replace(ERROR, message=f"'{name}.txt' is not UTF-8", hints=()) for name in "abc"
    )
    elsewhere = replace(third, line=20)

    assert render([first, second, elsewhere], Look()) == (
        "error: 'a.txt' is not UTF-8\n"
        "error: 'b.txt' is not UTF-8\n"
        "  --> 1_parallel_tts.yaml:13:16\n"
        '13 |         model: "elevenlab"\n'
        "                    ^^^^^^^^^^^\n"
        "\n"
        "error: 'c.txt' is not UTF-8\n"
        "  --> 1_parallel_tts.yaml:20:16\n"
        '20 |         model: "elevenlab"\n'
        "                    ^^^^^^^^^^^"
    )


def test_a_fault_of_the_command_line_points_at_no_line_of_the_file() -> None:
    found = replace(ERROR, message="--input: no file 'a.png'", hints=("looked in /tmp",))

    assert render([found], Look()) == "error: --input: no file 'a.png'\n  looked in /tmp"


def test_colours_add_nothing_but_escape_codes() -> None:
    golden(GOLDEN / "coloured.txt", render([ERROR, WARNING], Look(paint=coloured)) + "\n")


def test_notes_without_a_place_are_one_line_each() -> None:
    found = Diagnostic(severity=Severity.NOTE, code="n", message="'a.yaml' is fine", file="a.yaml")

    assert render([found, found], Look()) == "note: 'a.yaml' is fine\nnote: 'a.yaml' is fine"


@pytest.mark.parametrize(
    ("source", "column", "length", "before"),
    [
        ("a: b", 4, 1, "a: "),
        ("\ta: b", 2, 1, "    "),
        ("日本: b", 5, 1, "日本: "),
        ("e\N{COMBINING ACUTE ACCENT}: b", 5, 1, "e: "),
        ("a:", 3, 1, "a:"),
    ],
)
def test_the_caret_stands_under_its_column_however_wide_what_comes_before(
    source: str, column: int, length: int, before: str
) -> None:
    _, caret = caret_and_source(at(source, column, length))

    assert caret == " " * (len("7 | ") + width(before)) + "^"


def test_carets_are_as_wide_as_what_they_mark() -> None:
    source, caret = caret_and_source(at("name: 日本語", 7, 3))

    assert (source, caret) == ("7 | name: 日本語", "          ^^^^^^")


@pytest.mark.parametrize("column", [1, 50, 199, 300, 396])
def test_a_long_line_is_cut_to_the_terminal_around_the_caret(column: int) -> None:
    text = "".join(chr(ord("a") + n % 26) for n in range(400))
    source, caret = caret_and_source(at(text, column, 4), columns=60)

    assert width(source) <= 60
    assert source[caret.index("^") :].startswith(text[column - 1 : column + 3])
    assert caret.count("^") == 4


def test_without_a_terminal_a_long_line_is_whole() -> None:
    source, _ = caret_and_source(at("x" * 1_000, 900))

    assert source == "7 | " + "x" * 1_000


def test_what_a_file_says_can_not_steer_the_terminal() -> None:
    found = Diagnostic(
        severity=Severity.ERROR,
        code="x",
        message="unknown '\x1b[2J\u202e'",
        file="a\x07.yaml",
        line=1,
        column=1,
        source="\x1b[2J\x9b",
        hints=("\x1b]0;title",),
    )

    shown = render([found], Look())

    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(shown)


def test_the_closing_line_counts_errors_and_with_strict_warnings_too() -> None:
    found = [ERROR, ERROR, WARNING, NOTE]

    assert closing(found) == "2 errors · nothing ran, nothing spent · exit 2"
    assert (
        closing(found, strict=True)
        == "2 errors, 1 warning (--strict) · nothing ran, nothing spent · exit 2"
    )
    assert (
        closing([WARNING], strict=True)
        == "1 warning (--strict) · nothing ran, nothing spent · exit 2"
    )


def test_github_annotations_escape_what_would_end_them() -> None:
    found = Diagnostic(
        severity=Severity.ERROR,
        code="x",
        message="100% of\r\n'a,b: c'",
        file="a,b:c%.yaml",
        line=3,
        column=5,
        hints=("try this",),
    )

    assert list(annotations.github([found, NOTE])) == [
        "::error file=a%2Cb%3Ac%25.yaml,line=3,col=5,title=x::100%25 of%0D%0A'a,b: c'%0Atry this",
        "::notice file=a.yaml,title=note::a note",
    ]


def test_github_keeps_ten_of_a_kind_so_the_rest_is_counted() -> None:
    lines = list(annotations.github([WARNING] * 12 + [ERROR] * 10))

    assert [line.split(" ")[0] for line in lines] == ["::warning"] * 10 + ["::error"] * 10 + ["and"]
    assert lines[-1] == "and 2 more of kind warning: aipipe validate shows all"


def test_json_holds_every_fact() -> None:
    assert json.loads(json.dumps(annotations.as_json(ERROR))) == {
        "severity": "error",
        "code": "unknown_model",
        "message": "unknown text_to_speech model 'elevenlab'",
        "file": "1_parallel_tts.yaml",
        "line": 13,
        "column": 16,
        "length": 11,
        "source": '        model: "elevenlab"',
        "hints": [
            "did you mean 'elevenlabs' ($0.08 per 1,000 characters)?",
            "all of them: aipipe models --type text_to_speech",
        ],
    }
