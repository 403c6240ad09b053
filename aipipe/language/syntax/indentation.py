"""Mistakes with where a line begins."""

from typing import Final

from aipipe.language.source import Mark
from aipipe.language.syntax.stumble import Stumble, Verdict, cut, indent_of

_WANTED: Final = (
    "did not find expected key",
    "did not find expected '-'",
    "expected <block end>",
)

_NO_KEY: Final = ("]", "}", ",")


def tab(s: Stumble) -> Verdict | None:
    """A tab before the first word."""
    indent = indent_of(s.line)
    if "\t" not in indent or s.at.column > len(indent):
        return None
    place = Mark(s.at.line, indent.index("\t"))
    return Verdict("tab", "a tab can't indent", place, ("use spaces: two for each level",))


def list_behind_key(s: Stumble) -> Verdict | None:
    """`steps: - type: …`."""
    if "block sequence entries are not allowed" not in s.problem:
        return None
    return Verdict(
        "indentation",
        "a list begins on a line of its own",
        s.at,
        ("begin a new line, or quote a text that begins with '- '",),
        len(s.rest.rstrip()),
    )


def unfit(s: Stumble) -> Verdict | None:
    """A line that continues nothing that was begun."""
    if not s.problem.startswith(_WANTED) or s.begun is None:
        return None
    if s.before.strip(" -") or s.rest.startswith(_NO_KEY):
        return _unexpected(s)
    if s.begun.column == s.at.column:
        return _mixed(s)
    spaces = _spaces(s.begun.column)
    return Verdict(
        "indentation",
        "the indentation of this line fits no line above it",
        s.at,
        (f"line it up with line {s.begun.line + 1} ({spaces}), or with a line below it",),
        len(s.rest.rstrip()),
    )


def _unexpected(s: Stumble) -> Verdict:
    return Verdict(
        "unexpected",
        f"'{cut(s.rest.strip())}' can't stand here",
        s.at,
        ("a text with special characters must be quoted",),
        len(s.rest.rstrip()),
    )


def _mixed(s: Stumble) -> Verdict:
    """A list's entry among a mapping's keys, or a key among a list's entries."""
    if s.rest.startswith("- ") or s.rest == "-":
        message = "an entry of a list can't stand among keys"
        hint = "indent the entries of a list under its key"
    else:
        message = "a key can't stand among the entries of a list"
        hint = "begin each entry with '- '"
    return Verdict("indentation", message, s.at, (hint,), len(s.rest.rstrip()))


def _spaces(count: int) -> str:
    return {0: "no spaces", 1: "1 space"}.get(count, f"{count} spaces")
