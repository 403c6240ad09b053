"""Mistakes with colons."""

import re
from typing import Final

from aipipe.language.source import Mark
from aipipe.language.syntax.stumble import Stumble, Verdict, cut, indent_of

_WITHOUT_SPACE: Final = re.compile(r"^\s*(?:-\s+)*([A-Za-z_][\w-]*):(?=\S)")
_KEY_AND_TEXT: Final = re.compile(r"\s*(?:-\s+)*[\w-]+:\s+(\S.*)")
_MAY_END_ABOVE: Final = re.compile(r":|^\s*[-#]")


def without_space(s: Stumble) -> Verdict | None:
    """`key:value`, which is one word."""
    if _key_without_colon(s) and s.begun is not None:
        lines = [s.begun.line]
    elif _second_colon(s):
        lines = [s.at.line - 1, s.at.line]
    else:
        return None
    found = ((line, _WITHOUT_SPACE.match(s.source.line(line))) for line in lines)
    return next((_space_behind(s, line, key) for line, key in found if key), None)


def _space_behind(s: Stumble, line: int, key: "re.Match[str]") -> Verdict:
    value = s.source.line(line)[key.end() :].strip()
    return Verdict(
        "no_space",
        "a space is missing behind the colon",
        Mark(line, key.end() - 1),
        (f"write '{cut(key[1])}: {cut(value)}'",),
    )


def inside_text(s: Stumble) -> Verdict | None:
    """`title: one: two`, or a key under a key that has its value already."""
    if not _second_colon(s):
        return None
    text = _KEY_AND_TEXT.match(s.before)
    if text:
        quoted = s.line[text.start(1) :].rstrip().replace('"', '\\"')
        hint = f'quote it: "{quoted}"' if cut(quoted) == quoted else 'quote it: key: "…: …"'
        return Verdict("colon_in_text", "a text with ': ' in it must be quoted", s.at, (hint,))
    above = s.source.line(s.at.line - 1)
    if above.strip() and not _MAY_END_ABOVE.search(above):
        return _colon_behind(s, Mark(s.at.line - 1, len(indent_of(above))))
    return Verdict(
        "indentation",
        "this line is indented deeper than the one above lets it be",
        Mark(s.at.line, len(indent_of(s.before))),
        ("a key with a value on its own line can't have keys under it",),
        len(s.before.strip()),
    )


def missing(s: Stumble) -> Verdict | None:
    """A word alone among keys."""
    return _colon_behind(s, s.begun) if _key_without_colon(s) and s.begun is not None else None


def _colon_behind(s: Stumble, at: Mark) -> Verdict:
    text = s.text_from(at)
    return Verdict(
        "no_colon",
        f"a colon is missing behind '{cut(text)}'",
        at,
        ("write 'key: value', and '- ' before each entry of a list",),
        len(text),
    )


def _key_without_colon(s: Stumble) -> bool:
    return "could not find expected ':'" in s.problem


def _second_colon(s: Stumble) -> bool:
    return "mapping values are not allowed" in s.problem
