"""Text as it stands on a screen."""

from hypothesis import given
from hypothesis import strategies as st

from aipipe.cli.text import clean, clipped, count, expanded, padded, width, wrapped


@given(st.text(), st.integers(0, 50), st.integers(1, 20), st.integers(10, 120))
def test_a_window_never_is_wider_than_its_room(
    text: str, start: int, length: int, room: int
) -> None:
    shown = expanded(text)
    start = min(start, width(shown))

    window, _ = clipped(shown, start, length, room)

    assert width(window) <= max(room, 0)


@given(st.text())
def test_nothing_that_steers_a_terminal_survives(text: str) -> None:
    assert all(
        character.isprintable() or character in " \u00ad\u200b" or ord(character) > 0x9F
        for character in clean(text)
    )


@given(st.text(max_size=20), st.integers(0, 40), st.booleans())
def test_padding_reaches_the_width_asked_for(text: str, columns: int, right: bool) -> None:  # noqa: FBT001 (drawn)
    shown = expanded(text)

    assert width(padded(shown, columns, right=right)) == max(columns, width(shown))


def test_wide_characters_take_two_columns_and_combining_ones_none() -> None:
    assert [width(text) for text in ("ab", "日本", "e\N{COMBINING ACUTE ACCENT}", "…")] == [
        2,
        4,
        1,
        1,
    ]


def test_counts_are_words() -> None:
    assert [count(0, "error"), count(1, "error"), count(1200, "branch", "branches")] == [
        "0 errors",
        "1 error",
        "1,200 branches",
    ]


def test_a_text_that_is_too_long_is_broken_between_words() -> None:
    text = "no file 'a-long-name.png' in any of the folders"

    assert wrapped(text, None) == wrapped(text, 47) == text
    assert wrapped(text, 30, taken=7) == ("no file\n  'a-long-name.png' in any of\n  the folders")
