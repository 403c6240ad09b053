"""Text as it stands on a screen: widths, tabs, control characters, windows."""

import textwrap
import unicodedata

_TAB = "    "
_CUT = "…"
_NARROWEST = 20
"""Columns below which text is left to the terminal."""


def width(text: str) -> int:
    """Columns that a text takes: two for wide characters, none for combining ones."""
    if text.isascii():
        return len(text)
    return sum(_cell(character) for character in text)


def _cell(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def clean(text: str) -> str:
    """The text with tabs and line ends as spaces and no control characters.

    What a file says may reach a terminal, so it must not be able to steer one.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_safe(character, " ") for character in text)


def expanded(text: str) -> str:
    """The text as `clean` gives it, with four columns for a tab."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_safe(character, _TAB) for character in text)


def _safe(character: str, blank: str) -> str:
    if character in "\t\n\r":
        return blank
    unsafe = unicodedata.category(character) in {"Cc", "Cs"} or character in _STEERING
    return "\N{REPLACEMENT CHARACTER}" if unsafe else character


_STEERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029")
"""Characters that turn the direction of what follows, or end a line."""


def clipped(text: str, start: int, length: int, room: int) -> tuple[str, int]:
    """A window of at most `room` columns around columns `start` to `start + length`.

    Gives the window, cut ends marked, and where `start` stands in it.
    """
    if width(text) <= room or room < 10:  # noqa: PLR2004 (nothing sensible fits)
        return text, start
    spare = max(0, room - length)
    fits = start + length < room
    left = 0 if fits else max(0, min(start - spare // 2, width(text) - room))
    inner = _columns(text, left, left + room)
    if left + room < width(text):
        inner = _columns(inner, 0, room - 1) + _CUT
    if left > 0:
        inner = _CUT + _columns(inner, 1, room)
    return inner, start - left


def _columns(text: str, first: int, last: int) -> str:
    """What stands in columns `first` to `last`; half of a wide character is a space."""
    shown: list[str] = []
    at = 0
    for character in text:
        cells = _cell(character)
        if at >= first and at + cells <= last:
            shown.append(character)
        elif at < last and at + cells > first and cells > 1:
            shown.append(" ")
        at += cells
        if at >= last:
            break
    return "".join(shown)


def wrapped(text: str, columns: int | None, *, taken: int = 0) -> str:
    """The text broken between words into lines of so many columns; None: as it is.

    `taken` columns of the first line are taken; later lines are indented by two.
    """
    if columns is None or taken + width(text) <= columns or columns < _NARROWEST:
        return text
    lines = textwrap.wrap(
        " " * taken + text,
        columns,
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines)[taken:]


def padded(text: str, columns: int, *, right: bool = False) -> str:
    """The text filled with spaces, on its left side if `right`."""
    fill = " " * max(0, columns - width(text))
    return fill + text if right else text + fill


def count(number: int, noun: str, plural: str | None = None) -> str:
    """`1 error`, `3 errors`, `1,200 calls`."""
    word = noun if number == 1 else plural or f"{noun}s"
    return f"{number:,} {word}"
