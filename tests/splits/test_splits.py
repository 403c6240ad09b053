"""Splits cut a text where they say, and lose nothing but the space between."""

import json
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from aipipe.contracts.split import SplitMode
from aipipe.splits import chunks, lines, paragraphs, rows, sentences

LETTERS = "aB. ,!?\n\r\t…。！「」\"”)'3éß漢\u2028\u00a0"  # noqa: RUF001 - stops of other scripts
PROSE = st.text(alphabet=st.sampled_from(LETTERS), max_size=200)


def parts(mode: SplitMode, text: str, **params: str | int) -> list[object]:
    assert mode.text is not None
    return list(mode.text(text, params))


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("mode", [lines.SPLIT, paragraphs.SPLIT, sentences.SPLIT])
@given(text=PROSE)
def test_all_that_is_no_space_survives_in_order(mode: SplitMode, text: str) -> None:
    found = [str(part) for part in parts(mode, text)]

    assert bare("".join(found)) == bare(text)
    assert all(part == part.strip() != "" for part in found)


@given(text=PROSE, size=st.integers(min_value=1, max_value=40))
def test_chunks_are_short_enough_and_lose_nothing(text: str, size: int) -> None:
    assume(all(len(word) <= size for word in text.split()))

    found = [str(part) for part in parts(chunks.SPLIT, text, size=size)]

    assert bare("".join(found)) == bare(text)
    assert all(0 < len(part) <= size for part in found)


@given(words=st.lists(st.text(alphabet="abc.", min_size=1, max_size=8)), size=st.integers(8, 30))
def test_chunks_cut_no_word_that_fits(words: list[str], size: int) -> None:
    found = parts(chunks.SPLIT, " ".join(words), size=size)

    assert [word for part in found for word in str(part).split()] == words


def test_chunks_end_with_sentences_where_they_can() -> None:
    text = "One two. Three four five. Six seven eight nine ten eleven."

    assert parts(chunks.SPLIT, text, size=26) == [
        "One two. Three four five.",
        "Six seven eight nine ten",
        "eleven.",
    ]


def test_a_word_that_fits_into_no_chunk_is_told() -> None:
    with pytest.raises(ValueError, match=r"^the word 'bbbbbbb' has 7 characters, and 'size' is 4$"):
        parts(chunks.SPLIT, "aa bbbbbbb cc", size=4)


@pytest.mark.parametrize(
    ("text", "size", "expected"),
    [
        ("今日は雨ですね", 4, ["今日は雨", "ですね"]),
        ("ที่นี่มีฝน", 4, ["ที่", "นี่", "มีฝน"]),
        ("か\u3099か\u3099", 3, ["か\u3099", "か\u3099"]),
        ("see 今日は", 5, ["see 今", "日は"]),
    ],
)
def test_chunks_cut_scripts_without_spaces_between_letters(
    text: str, size: int, expected: list[str]
) -> None:
    assert parts(chunks.SPLIT, text, size=size) == expected


@pytest.mark.parametrize("size", [0, -1, "many"])
def test_chunks_of_no_size_are_refused(size: int | str) -> None:
    with pytest.raises(ValueError, match="'size' is"):
        parts(chunks.SPLIT, "text", size=size)


def test_lines_end_as_any_system_ends_them() -> None:
    assert parts(lines.SPLIT, "one\r\n two \r\rthree\n\n") == ["one", "two", "three"]


def test_paragraphs_are_parted_by_empty_lines() -> None:
    assert parts(paragraphs.SPLIT, "a\nb\n\n c\r\n \r\nd\n\n\n") == ["a\nb", "c", "d"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rains. Does it? Yes!", ["It rains.", "Does it?", "Yes!"]),
        ("Dr. Who paid 3.50 e.g. today. J. R. Smith did.", 2),
        ("He said “Go.” Then he went.", ["He said “Go.”", "Then he went."]),
        ("Wait... what? I see.", ["Wait... what?", "I see."]),
        ("今日は。雨です！「本当？」はい。", ["今日は。", "雨です！", "「本当？」", "はい。"]),  # noqa: RUF001
        ("A heading\n\nA text\non two lines.", ["A heading", "A text\non two lines."]),
        ("no stop at all", ["no stop at all"]),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_says(text: str, expected: list[str] | int) -> None:
    found = parts(sentences.SPLIT, text)

    assert (len(found) if isinstance(expected, int) else found) == expected


def test_sentences_of_a_hundred_thousand_stops_are_found_at_once() -> None:
    assert len(parts(sentences.SPLIT, "." * 100_000 + "x" + "?!" * 50_000)) == 1


COLUMNS = st.lists(
    st.text(alphabet="abcdefg", min_size=1, max_size=4), min_size=1, max_size=4, unique=True
)


@given(columns=COLUMNS, cells=st.data())
def test_rows_of_objects_come_back_as_they_were(columns: list[str], cells: st.DataObject) -> None:
    row = st.fixed_dictionaries({name: st.text(max_size=5) | st.integers() for name in columns})
    table = cells.draw(st.lists(row, max_size=4))
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in table)

    assert parts(rows.SPLIT, text) == table


def test_rows_of_csv_are_texts_by_column() -> None:
    text = '\ufeffid,text\r\na,"one, ""two""\nthree"\r\n\r\nb,\r\n'

    assert parts(rows.SPLIT, text) == [
        {"id": "a", "text": 'one, "two"\nthree'},
        {"id": "b", "text": ""},
    ]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_first_line_tells_the_delimiter(mark: str) -> None:
    assert parts(rows.SPLIT, f"a{mark}b\n1{mark}2") == [{"a": "1", "b": "2"}]


def test_a_delimiter_may_be_said() -> None:
    assert parts(rows.SPLIT, "a,b:c\n1,2:3", delimiter=":") == [{"a,b": "1,2", "c": "3"}]


@pytest.mark.parametrize("text", ["", "\n \n", "a,b\n"])
def test_a_table_without_rows_is_empty(text: str) -> None:
    assert parts(rows.SPLIT, text) == []


@pytest.mark.parametrize(
    ("text", "params", "message"),
    [
        ("a,b\n1,2,3", {}, "line 2 has 3 values for 2 columns"),
        ("a,b\n1", {}, "line 2 has 1 values for 2 columns"),
        ("a,a\n1,2", {}, "two columns are named 'a'"),
        ("a,,c\n1,2,3", {}, "column 2 has no name in the first line"),
        ('a\n"open', {}, "line 2: unexpected end of data"),
        ('{"a": 1}\n[2]', {}, "line 2 is no JSON object"),
        ('{"a": NaN}', {}, "line 1 is no JSON: 'NaN' is no JSON number"),
        ("a\n1", {"format": "xml"}, "'format' is 'xml', it must be one of auto, csv, json, jsonl"),
        ("a\n1", {"delimiter": "::"}, "'delimiter' is '::', it must be one character"),
    ],
)
def test_a_table_that_is_no_table_says_where(
    text: str, params: dict[str, str | int], message: str
) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        parts(rows.SPLIT, text, **params)


def test_rows_may_stand_in_a_json_list() -> None:
    text = '\ufeff[{"id": "a", "n": 1}, {"id": "b", "n": [2]}]'

    assert parts(rows.SPLIT, text) == [{"id": "a", "n": 1}, {"id": "b", "n": [2]}]
    assert parts(rows.SPLIT, text, format="json") == parts(rows.SPLIT, text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[{"a": 1}, 2]', "entry 2 is no JSON object"),
        ('[{"a": NaN}]', "'NaN' is no JSON number"),
        ('{"a": 1}', "this is no JSON list"),
        ('[{"a": 1}', "this is no JSON: "),
        ("[" * 100_000, "this is nested too deeply"),
    ],
)
def test_a_json_list_that_is_no_table_is_told(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        parts(rows.SPLIT, text, format="json")
