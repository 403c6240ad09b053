"""YAML that a pipeline can't be written in, told in the user's words."""

import re
from collections.abc import Iterable
from typing import Final

from aipipe.language.diagnostics import Diagnostic
from aipipe.language.events import MERGE, Event, end, kind, start
from aipipe.language.source import Mark, Source
from aipipe.language.suggestions import did_you_mean

_BRACES: Final = re.compile(r"\{\{([^{}]*)\}\}")
_SHOWN: Final = 40


def too_deep(source: Source, event: Event, deepest: int) -> Diagnostic:
    """Too many lists and mappings inside each other."""
    return source.diagnostic("too_deep", f"more than {deepest} levels deep", start(event))


def too_many(source: Source, event: Event, most: int) -> Diagnostic:
    """More values than a pipeline can have."""
    return source.diagnostic(
        "too_many_values",
        f"more than {most:,} values",
        start(event),
        "put long lists into a .csv or .jsonl file and name it under 'inputs'",
    )


def alias_bomb(source: Source, event: Event, most: int) -> Diagnostic:
    """Aliases of aliases that stand for more than a machine can hold."""
    return source.diagnostic(
        "alias_bomb",
        f"the aliases up to here stand for more than {most:,} values",
        start(event),
        "an alias repeats all that its anchor holds, aliases inside it included",
    )


def alias_in_itself(source: Source, event: Event) -> Diagnostic:
    """A value that would hold itself."""
    name = f"*{event.anchor}"
    return source.diagnostic(
        "alias_in_itself",
        f"'{name}' stands inside what it stands for",
        start(event),
        length=len(name),
    )


def unknown_alias(source: Source, event: Event, known: Iterable[str]) -> Diagnostic:
    """An alias of nothing, or a text that begins with a star."""
    name = event.anchor or ""
    return source.diagnostic(
        "unknown_alias",
        f"no anchor '&{name}' stands before this",
        start(event),
        *did_you_mean(name, known),
        f"a text that begins with '*' must be quoted: '*{name}'",
        length=len(name) + 1,
    )


def several_documents(source: Source, event: Event) -> Diagnostic:
    """A second document."""
    return source.diagnostic(
        "several_documents",
        "a second document begins here",
        start(event),
        "a file holds one pipeline: move the rest into a file of its own, or remove the '---'",
        length=3,
    )


def tag(source: Source, event: Event, written: str) -> Diagnostic:
    """A tag that would make an object, or a value of another type."""
    return source.diagnostic(
        "tag",
        f"the tag '{written}' is not allowed",
        start(event),
        "a pipeline is plain data: remove the tag",
        length=len(written),
    )


def key(source: Source, event: Event) -> Diagnostic:
    """A key that is no text: most often the inner braces of `{{ x }}`."""
    at = start(event)
    braces = _BRACES.match(source.line(at.line), max(0, at.column - 1))
    if braces is None:
        what = "an alias" if kind(event) == "AliasEvent" else "a list or mapping"
        hint = "a key is one word: write 'key: value'"
        return source.diagnostic("key_not_text", f"{what} can't be a key", at, hint)
    return source.diagnostic(
        "quote_it",
        "a reference is written with a '$', and inside '{…}' or '[…]' in quotes",
        Mark(at.line, braces.start()),
        f'write "${{{{ {braces[1].strip()} }}}}"',
        length=len(braces[0]),
    )


def repeated_key(source: Source, event: Event, first: Mark) -> Diagnostic:
    """A key that a mapping has twice."""
    return source.diagnostic(
        "repeated_key",
        f"the key '{_short(event.value)}' stands here a second time",
        start(event),
        f"the first is at line {first.line + 1}: only one of them can count",
        length=_length(event),
    )


def merge(source: Source, at: Mark) -> Diagnostic:
    """Something under `<<` that has no entries."""
    return source.diagnostic(
        "merge_key",
        f"'{MERGE}' takes a mapping, or a list of mappings",
        at,
        f"it adds the entries of an anchored mapping:  {MERGE}: *base",
        length=len(MERGE),
    )


def number(source: Source, event: Event) -> Diagnostic:
    """A number that is too large for a computer's."""
    text = _short(event.value)
    return source.diagnostic(
        "no_such_number",
        f"'{text}' is too large for a number",
        start(event),
        "as a text, write it in quotes",
        length=_length(event),
    )


def _length(event: Event) -> int:
    first, last = start(event), end(event)
    return last.column - first.column if first.line == last.line else 1


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
