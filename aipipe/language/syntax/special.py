"""Characters that mean something to YAML where they were meant as text."""

import re
from typing import Final

from aipipe.language.source import Mark
from aipipe.language.syntax.stumble import Stumble, Verdict, cut

_STRAY: Final = re.compile("node content|mapping keys are not allowed|unexpected ':'")
_QUOTE: Final = "a text with special characters must be quoted"


def first_character(s: Stumble) -> Verdict | None:
    """`@…`, `%…`, `*…`, `&…` unquoted."""
    if "cannot start any token" in s.problem:
        place = s.at
    elif s.context.startswith(("while scanning an alias", "while scanning an anchor")):
        place = s.begun or s.at
    else:
        return None
    text = s.text_from(place)
    message = f"a text that begins with '{text[:1]}' must be quoted"
    hint = f'quote it: "{cut(text)}"'
    return Verdict("special_character", message, place, (hint,), len(text))


def tag(s: Stumble) -> Verdict | None:
    """`!…` that is not even a tag."""
    if "tag" not in s.problem and "tag" not in s.context:
        return None
    place = s.begun or s.at
    return Verdict(
        "tag",
        "a text that begins with '!' must be quoted",
        place,
        ("unquoted, it is a tag, and tags are not allowed",),
        len(s.text_from(place).split(" ")[0]),
    )


def block_text(s: Stumble) -> Verdict | None:
    """`| text` on one line."""
    if "block scalar" not in s.context or "comment or line break" not in s.problem:
        return None
    return Verdict(
        "block_text",
        "a text behind '|' or '>' begins on the next line",
        s.at,
        ("begin a new line, indented; or quote a text that begins with '|' or '>'",),
        len(s.rest.rstrip()),
    )


def directive(s: Stumble) -> Verdict | None:
    """A line that begins with `%`."""
    if not s.line.startswith("%"):
        return None
    at = Mark(s.at.line, 0)
    message = "this line is no part of a pipeline"
    return Verdict("directive", message, at, ("remove it",), len(s.line))


def behind_the_end(s: Stumble) -> Verdict | None:
    """Something below `...`."""
    if "expected <document start>" not in s.problem:
        return None
    hint = "remove the '...' above it"
    length = len(s.rest.rstrip())
    return Verdict("unexpected", "the pipeline has ended before this", s.at, (hint,), length)


def stray(s: Stumble) -> Verdict | None:
    """A closing bracket, a comma, a colon or a question mark alone."""
    if not _STRAY.search(s.problem) and "block node" not in s.context:
        return None
    return Verdict("unexpected", f"'{s.rest.strip()[:1]}' can't stand here", s.at, (_QUOTE,))
