"""The words of a condition, each with its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from aipipe.language.conditions.tree import ConditionError, Place

KEYWORDS: Final = frozenset({"and", "or", "not", "in", "true", "false", "null"})
END: Final = "end"
_TOKEN: Final = re.compile(
    r"""(?P<space>\s+)
    |(?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*")
    |(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.]))
    |(?P<name>[^\W\d][\w-]*(?:\.\w[\w-]*)*)
    |(?P<sign>==|!=|<=|>=|<(?!>)|>|\(|\)|\[|\]|,)""",
    re.VERBOSE,
)
_FOREIGN: Final = {
    "===": "==",
    "=": "==",
    "&&": "and",
    "||": "or",
    "!": "not",
    "<>": "!=",
}
_MISTAKE: Final = re.compile(r"===|=|&&|\|\||<>|!|\d[\w.]*|\S")


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is `text`, `number`, `name`, `end`; a keyword and a sign are their own kind."""

    kind: str
    text: str
    at: Place


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a condition, the last being its end.

    Raises:
        ConditionError: a character begins none.
    """
    place = 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            raise _stranger(text, place)
        if found.lastgroup != "space":
            yield Token(_kind(found), found[0], Place(found.start(), found.end()))
        place = found.end()
    yield Token(END, "", Place(place, place))


def _kind(found: re.Match[str]) -> str:
    is_word = found.lastgroup == "sign" or found[0] in KEYWORDS
    return found[0] if is_word else str(found.lastgroup)


def _stranger(text: str, place: int) -> ConditionError:
    if text.startswith("${{", place):
        end = text.find("}}", place)
        inside = text[place + 3 : end if end >= 0 else len(text)].strip()
        behind = end + 2 if end >= 0 else len(text)
        return ConditionError(
            "a condition names things without '${{ }}'",
            Place(place, behind),
            f"write it plainly:  {inside}",
        )
    if text[place] in "'\"":
        return ConditionError(
            f"a text is never closed: {text[place]} is missing", Place(place, len(text))
        )
    found = _MISTAKE.match(text, place)
    word = text[place] if found is None else found[0]
    meant = _FOREIGN.get(word)
    hints = (f"did you mean '{meant}'?",) if meant else ()
    return ConditionError(
        f"'{word}' has no meaning in a condition", Place(place, place + len(word)), *hints
    )
