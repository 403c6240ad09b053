"""A text and its lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipipe.language.diagnostics import Diagnostic, Severity
from aipipe.language.source import Mark, Source

TEXTS = st.text(st.sampled_from("ab \n\r\x85\u2028\u2029é日"))


@given(TEXTS)
def test_lines_and_their_ends_are_the_whole_text(text: str) -> None:
    source = Source("a.yaml", text)
    starts = [n for n in range(len(text) + 1) if n == 0 or source.mark_of(n).column == 0]
    lines = [source.line(number) for number in range(len(starts))]

    assert all(text.startswith(line, start) for line, start in zip(lines, starts, strict=True))
    assert "".join(lines) == "".join(c for c in text if c not in "\n\r\x85\u2028\u2029")


@given(TEXTS, st.data())
def test_a_mark_is_a_line_and_a_column_of_the_text(text: str, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(text)))
    source = Source("a.yaml", text)
    mark = source.mark_of(index)
    line = source.line(mark.line)

    assert line[mark.column : mark.column + 1] in {text[index : index + 1], ""}


@pytest.mark.parametrize("number", [-1, 2, 100])
def test_there_is_nothing_on_a_line_outside_the_text(number: int) -> None:
    assert Source("a.yaml", "one\ntwo").line(number) == ""


def test_a_carriage_return_with_a_line_feed_is_one_end() -> None:
    source = Source("a.yaml", "one\r\ntwo\rthree\n")

    assert [source.line(n) for n in range(4)] == ["one", "two", "three", ""]


def placed(text: str, mark: Mark, length: int = 1) -> Diagnostic:
    return Source("a.yaml", text).diagnostic("code", "message", mark, "hint", length=length)


def test_a_fault_shows_the_line_on_which_it_stands() -> None:
    assert placed("one\n  two: three\n", Mark(1, 7), 5) == Diagnostic(
        severity=Severity.ERROR,
        code="code",
        message="message",
        file="a.yaml",
        line=2,
        column=8,
        length=5,
        source="  two: three",
        hints=("hint",),
    )


@pytest.mark.parametrize("mark", [Mark(2, 0), Mark(3, 1), Mark(4, 0), Mark(9, 5)])
def test_a_fault_behind_the_text_stands_at_its_end(mark: Mark) -> None:
    fault = placed("one\ntwo \n\n  \n", mark)

    assert (fault.line, fault.column, fault.length, fault.source) == (2, 4, 1, "two ")


def test_a_fault_in_an_empty_text_stands_at_its_start() -> None:
    fault = placed("", Mark(0, 3))

    assert (fault.line, fault.column, fault.length, fault.source) == (1, 1, 1, "")


def test_a_fault_is_no_longer_than_its_line() -> None:
    fault = placed("one two", Mark(0, 4), 100)

    assert (fault.column, fault.length) == (5, 3)


def test_a_fault_is_at_least_one_character_long() -> None:
    assert placed("one", Mark(0, 0), -3).length == 1
