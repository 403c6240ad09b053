"""Colour as plain escape codes, so that a message needs no library to be drawn."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

Paint: TypeAlias = Callable[[str, str], str]
"""`paint("bold red", text)` is the text in that style, or as it is."""

_CODES = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "cyan": "36",
}


def uncoloured(style: str, text: str) -> str:
    """The text as it is."""
    del style
    return text


def coloured(style: str, text: str) -> str:
    """The text between escape codes."""
    codes = ";".join(_CODES[word] for word in style.split())
    return f"\x1b[{codes}m{text}\x1b[0m" if text else text


def wanted(choice: str, environment: Mapping[str, str], *, is_terminal: bool) -> bool:
    """Whether to colour. `choice` is `auto`, `always` or `never`; NO_COLOR is `never` for auto."""
    if choice != "auto":
        return choice == "always"
    if environment.get("NO_COLOR") or environment.get("TERM") == "dumb":
        return False
    return is_terminal


def paint_of(choice: str, environment: Mapping[str, str], *, is_terminal: bool) -> Paint:
    """The paint for a stream."""
    return coloured if wanted(choice, environment, is_terminal=is_terminal) else uncoloured
