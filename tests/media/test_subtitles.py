"""Subtitles show the whole text, in order, for the whole time, in lines that fit."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from aipipe.media.subtitles import LINES, cues_of, srt, vtt

PARTS = st.lists(
    st.text(alphabet="abc <&漢 ", min_size=1, max_size=120).filter(str.strip),
    min_size=1,
    max_size=5,
)


@given(parts=PARTS, seconds=st.floats(min_value=0.5, max_value=7200))
def test_cues_fill_the_time_without_overlap(parts: list[str], seconds: float) -> None:
    cues = cues_of(tuple(parts), seconds, line_length=42)

    assert cues[0].start == 0
    assert abs(cues[-1].end - seconds) < 0.001
    assert all(cue.start < cue.end for cue in cues)
    assert all(a.end <= b.start for a, b in itertools.pairwise(cues))


@given(parts=PARTS, line_length=st.integers(min_value=10, max_value=60))
def test_cues_show_every_word_in_lines_that_fit(parts: list[str], line_length: int) -> None:
    cues = cues_of(tuple(parts), 10, line_length=line_length)

    shown = "".join(line for cue in cues for line in cue.lines)
    assert shown.replace(" ", "") == "".join(parts).replace(" ", "")
    assert all(0 < len(line) <= line_length for cue in cues for line in cue.lines)
    assert all(len(cue.lines) <= LINES for cue in cues)


def test_wide_scripts_get_half_as_many_characters() -> None:
    cues = cues_of(("漢" * 30,), 10, line_length=20)

    assert [cue.lines for cue in cues] == [("漢" * 10, "漢" * 10), ("漢" * 10,)]


def test_long_times_have_hours() -> None:
    cues = cues_of(("The end.",), 3723.5, line_length=42)

    assert srt(cues) == "1\n00:00:00,000 --> 01:02:03,500\nThe end.\n"
    assert vtt(cues) == "WEBVTT\n\n00:00:00.000 --> 01:02:03.500\nThe end.\n"


def test_an_arrow_in_the_text_is_no_time_line() -> None:
    assert "a → b" in srt(cues_of(("a --> b",), 2, line_length=42))
