"""A text made fit to be drawn: on one line, and without letters that no font here has."""

from collections.abc import Iterator
from itertools import groupby

from aipipe.media import typefaces
from aipipe.media.typefaces import Choice

LONGEST = 1500
"""Letters that are looked at; no picture shows more of them readably."""
ELLIPSIS = "…"


def drawable(text: str) -> tuple[str, Choice]:
    """The text, and the fonts for it.

    Letters that no font here has become an ellipsis, and their number is told at the end;
    signs that none has, such as some emoji, are left out.
    """
    plain = _on_one_line(text[: 4 * LONGEST])[:LONGEST]
    choice = typefaces.choice_for(plain)
    left_out = sum(letter in choice.lacking for letter in plain if letter.isalnum())
    note = f" [no font here has {left_out} of its letters]" if left_out else ""
    return _on_one_line("".join(_without(choice.lacking, plain))) + note, choice


def _on_one_line(text: str) -> str:
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(shown.split())


def _without(lacking: frozenset[str], text: str) -> Iterator[str]:
    for missing, letters in groupby(text, key=lacking.__contains__):
        run = "".join(letters)
        if not missing:
            yield run
        elif any(letter.isalnum() for letter in run):
            yield ELLIPSIS
