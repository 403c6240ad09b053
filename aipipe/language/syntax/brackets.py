"""Mistakes with `{…}` and `[…]`."""

import re
from typing import Final

from aipipe.language.source import Mark
from aipipe.language.syntax.stumble import Stumble, Verdict, indent_of

_BRACES: Final = re.compile(r"\$?\{\{[^{}\n]*(\}\})?")
_OPENERS: Final = re.compile(r"[\[{]+")
DEEPEST: Final = 64
"""Lists and mappings inside each other."""
_CLOSING: Final = {"{": "}", "[": "]"}


def too_deep(s: Stumble) -> Verdict | None:
    """`[[[[…`: newer parsers give up on them before they tell of the first."""
    if "nesting depth" not in s.problem:
        return None
    openers = _OPENERS.finditer(s.before)
    deep = next((found for found in openers if len(found[0]) > DEEPEST), None)
    at = s.at
    if deep is not None:
        around = [m for m in s.open if (m.line, m.column) < (s.at.line, deep.start())]
        at = Mark(s.at.line, deep.start() + DEEPEST - len(around))
    return Verdict("too_deep", f"more than {DEEPEST} levels deep", at)


def reference(s: Stumble) -> Verdict | None:
    """`{prompt: ${{ vars.x }}}`: inside `{}` or `[]` a brace ends the text before it."""
    if not s.context.startswith("while parsing a flow"):
        return None
    found = _BRACES.search(s.line)
    if found is None or abs(found.start() - s.at.column) > len(found[0]):
        return None
    inside = f'"{found[0]}"' if found[1] else '"${{ … }}"'
    return Verdict(
        "quote_it",
        "a reference inside '{…}' or '[…]' must be quoted",
        Mark(s.at.line, found.start()),
        (f"quote it: {inside}",),
        len(found[0]),
    )


def never_closed(s: Stumble) -> Verdict | None:
    """A bracket without its partner, or two entries without a comma."""
    if not s.context.startswith("while parsing a flow"):
        return None
    opened = _opened(s)
    bracket = s.text_from(opened)[:1]
    closing = _CLOSING.get(bracket, "]")
    if not s.rest and s.at.line >= s.source.text.count("\n"):
        hint = f"close it with '{closing}'"
        return Verdict("open_bracket", f"this '{bracket}' is never closed", opened, (hint,))
    return Verdict(
        "open_bracket",
        f"a ',' or '{closing}' is missing before this",
        _first_that_fits_not(s, opened),
        (f"the '{bracket}' stands at line {opened.line + 1}",),
    )


def _opened(s: Stumble) -> Mark:
    """The innermost bracket; the parser names it, or names only what it did not find."""
    places = [*s.open, *([s.begun] if s.begun is not None else [])]
    brackets = [place for place in places if s.text_from(place)[:1] in _CLOSING]
    return brackets[-1] if brackets else s.at


def _first_that_fits_not(s: Stumble, opened: Mark) -> Mark:
    """The first word of a line below the bracket: that line is most often not meant to be in it."""
    if opened.line < s.at.line and "," not in s.before:
        return Mark(s.at.line, len(indent_of(s.line)))
    return s.at
