"""What a split takes apart, a merge puts together again."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.sinks import call_of, tools_in

from aipipe.contracts.artefact import Json
from aipipe.contracts.split import SplitMode
from aipipe.merges import concat_text
from aipipe.splits import chunks, lines, paragraphs, sentences

WORD = st.text(alphabet="abäß漢,;-'", min_size=1, max_size=8)
SENTENCE = st.lists(WORD, min_size=1, max_size=6).map(lambda words: " ".join(words) + ".")
LINE = st.lists(SENTENCE, min_size=1, max_size=4).map(" ".join)
PARAGRAPH = st.lists(LINE, min_size=1, max_size=3).map("\n".join)


def again(text: str, mode: SplitMode, separator: str, **params: Json) -> str | None:
    """A text that was split and joined."""
    assert mode.text is not None
    assert concat_text.MERGE.run is not None
    parts = mode.text(text, params)
    call = call_of("merge:concat_text", inputs={"input": parts}, params={"separator": separator})
    with tempfile.TemporaryDirectory() as folder:
        return concat_text.MERGE.run(call, tools_in(Path(folder))).artefacts[0].text


@given(text=st.lists(LINE, min_size=1, max_size=5).map("\n".join))
def test_lines_come_back_whole(text: str) -> None:
    assert again(text, lines.SPLIT, "\n") == text


@given(text=st.lists(PARAGRAPH, min_size=1, max_size=4).map("\n\n".join))
def test_paragraphs_come_back_whole(text: str) -> None:
    assert again(text, paragraphs.SPLIT, "\n\n") == text


@given(text=LINE)
def test_sentences_come_back_whole(text: str) -> None:
    assert again(text, sentences.SPLIT, " ") == text


@given(text=st.lists(st.text("abäß,.!'", min_size=1, max_size=8), min_size=1).map(" ".join))
@pytest.mark.parametrize("size", [8, 13, 40])
def test_chunks_come_back_whole(text: str, size: int) -> None:
    assert again(text, chunks.SPLIT, " ", size=size) == text
