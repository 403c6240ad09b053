"""What the YAML parser stumbled over, in words that say what to write instead."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aipipe.language.diagnostics import Diagnostic
from aipipe.language.events import Event, kind
from aipipe.language.source import Mark, Source

if TYPE_CHECKING:
    from yaml import YAMLError


@dataclass(frozen=True, slots=True, kw_only=True)
class Stumble:
    """Where the parser stopped, why, and what it was reading (`begun`)."""

    problem: str
    context: str
    at: Mark
    begun: Mark | None
    last: Event | None
    source: Source

    @property
    def line(self) -> str:
        """The line at which it stopped."""
        return self.source.line(self.at.line)

    @property
    def rest(self) -> str:
        """What stands from there to the end of the line."""
        return self.line[self.at.column :]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to tell, and where."""

    code: str
    message: str
    at: Mark
    hints: tuple[str, ...] = ()
    length: int = 1


Judge = Callable[[Stumble], Verdict | None]
_SHOWN: Final = 40
_KEY_WITHOUT_SPACE: Final = re.compile(r"^\s*(?:-\s+)*([A-Za-z_][\w-]*):(?=\S)")


def diagnose(error: "YAMLError", last: Event | None, source: Source) -> Diagnostic:
    """The one thing that is wrong with a text that is no YAML."""
    stumble = _stumble(error, last, source)
    verdict = next(v for judge in _JUDGES if (v := judge(stumble)) is not None)
    return source.diagnostic(
        verdict.code, verdict.message, verdict.at, *verdict.hints, length=verdict.length
    )


def _stumble(error: "YAMLError", last: Event | None, source: Source) -> Stumble:
    place = getattr(error, "problem_mark", None)
    begun = getattr(error, "context_mark", None)
    return Stumble(
        problem=getattr(error, "problem", None) or str(error).partition("\n")[0],
        context=getattr(error, "context", None) or "",
        at=Mark(place.line, place.column) if place else Mark(0, 0),
        begun=Mark(begun.line, begun.column) if begun else None,
        last=last,
        source=source,
    )


def _tab(s: Stumble) -> Verdict | None:
    indent = s.line[: len(s.line) - len(s.line.lstrip())]
    if "\t" not in indent or s.at.column > len(indent):
        return None
    place = Mark(s.at.line, indent.index("\t"))
    return Verdict("tab", "a tab can't indent", place, ("use spaces: two for each level",))


def _brace(s: Stumble) -> Verdict | None:
    """`{prompt: ${{ vars.x }}}`: inside `{}` or `[]` a brace ends the text before it."""
    if not s.context.startswith("while parsing a flow"):
        return None
    found = re.search(r"\$?\{\{[^{}\n]*(\}\})?", s.line)
    if found is None or abs(found.start() - s.at.column) > len(found[0]):
        return None
    inside = f'"{found[0]}"' if found[0].endswith("}}") else '"${{ … }}"'
    return Verdict(
        "quote_it",
        "a reference inside '{…}' or '[…]' must be quoted",
        Mark(s.at.line, found.start()),
        (f"quote it: {inside}",),
        len(found[0]),
    )


def _open_quote(s: Stumble) -> Verdict | None:
    if "quoted scalar" not in s.context or s.begun is None or "escape" in s.problem:
        return None
    if "end of stream" not in s.problem and "document" not in s.problem:
        return None
    mark = s.source.line(s.begun.line)[s.begun.column : s.begun.column + 1]
    return Verdict("open_quote", f"this {mark} is never closed", s.begun, (_close_it(mark),))


def _close_it(mark: str) -> str:
    if mark == "'":
        return "close it; a single quote inside single quotes is written twice: 'it''s'"
    return 'close it; a double quote inside double quotes is written \\"'


def _swallowed(s: Stumble) -> Verdict | None:
    """A quote that was not closed takes in all up to the next one."""
    last = s.last
    if last is None or kind(last) != "ScalarEvent" or last.style not in {"'", '"'}:
        return None
    end, start = last.end_mark, last.start_mark
    if end.line != s.at.line or not s.problem.startswith(("did not find expected", "expected")):
        return None
    begun = Mark(start.line, start.column)
    if start.line < end.line:
        return Verdict(
            "open_quote",
            f"this {last.style} is closed only at line {end.line + 1}",
            begun,
            (_close_it(last.style),),
        )
    if s.rest.lstrip()[:1] in {"", ":", "#", "}", "]", ","}:
        return None
    hint = "quote all of it, or nothing of it"
    hints = (hint, _close_it("'")) if last.style == "'" else (hint,)
    return Verdict(
        "text_after_quote",
        "text goes on behind the closing quote",
        s.at,
        hints,
        len(s.rest.rstrip()),
    )


def _no_space(s: Stumble) -> Verdict | None:
    if "could not find expected ':'" in s.problem and s.begun is not None:
        places = (s.begun.line,)
    elif "mapping values are not allowed" in s.problem:
        places = (s.at.line - 1, s.at.line)
    else:
        return None
    for number in places:
        text = s.source.line(number)
        found = _KEY_WITHOUT_SPACE.match(text)
        if found:
            key, value = found[1], text[found.end() :].strip()[:_SHOWN]
            return Verdict(
                "no_space",
                "a space is missing behind the colon",
                Mark(number, found.end() - 1),
                (f"write '{key}: {value}'",),
            )
    return None


def _colon(s: Stumble) -> Verdict | None:
    if "mapping values are not allowed" not in s.problem:
        return None
    before = s.line[: s.at.column]
    inner = re.match(r"\s*(?:-\s+)*[\w-]+:\s+(\S.*)", before)
    if inner:
        start = inner.start(1)
        text = s.line[start:].rstrip()
        quoted = text.replace('"', '\\"')
        shown = f'"{quoted}"' if len(quoted) <= _SHOWN else 'key: "…: …"'
        return Verdict(
            "colon_in_text",
            "a text with ': ' in it must be quoted",
            s.at,
            (f"quote it: {shown}",),
        )
    above = s.source.line(s.at.line - 1)
    if above.strip() and not re.search(r":|^\s*[-#]", above):
        return _colon_behind(Mark(s.at.line - 1, len(above) - len(above.lstrip())), s)
    word = len(before) - len(before.lstrip())
    return Verdict(
        "indentation",
        "this line is indented deeper than the one above lets it be",
        Mark(s.at.line, word),
        ("a key with a value on its own line can't have keys under it",),
        len(before.strip()),
    )


def _no_colon(s: Stumble) -> Verdict | None:
    if "could not find expected ':'" not in s.problem or s.begun is None:
        return None
    return _colon_behind(s.begun, s)


def _colon_behind(at: Mark, s: Stumble) -> Verdict:
    text = s.source.line(at.line)[at.column :].rstrip()
    return Verdict(
        "no_colon",
        f"a colon is missing behind '{text[:_SHOWN]}'",
        at,
        ("write 'key: value', and '- ' before each entry of a list",),
        len(text),
    )


def _indentation(s: Stumble) -> Verdict | None:
    wanted = ("did not find expected key", "did not find expected '-'", "expected <block end>")
    if not s.problem.startswith(wanted) or s.begun is None:
        return None
    if s.line[: s.at.column].strip(" -"):
        return Verdict(
            "unexpected",
            f"'{s.rest.strip()[:_SHOWN]}' can't stand here",
            s.at,
            ("a text with special characters must be quoted",),
            len(s.rest.rstrip()),
        )
    if s.begun.column == s.at.column:
        return _mixed(s)
    hint = f"line it up with line {s.begun.line + 1} ({_spaces(s.begun.column)}), or with a line below it"
    return Verdict(
        "indentation",
        "the indentation of this line fits no line above it",
        s.at,
        (hint,),
        len(s.rest.rstrip()),
    )


def _spaces(count: int) -> str:
    return {0: "no spaces", 1: "1 space"}.get(count, f"{count} spaces")


def _mixed(s: Stumble) -> Verdict:
    """A list's entry among a mapping's keys, or a key among a list's entries."""
    is_entry = s.rest.startswith("- ") or s.rest == "-"
    message = (
        "an entry of a list can't stand among keys"
        if is_entry
        else "a key can't stand among the entries of a list"
    )
    hint = "indent the entries of a list under its key" if is_entry else "begin each entry with '- '"
    return Verdict("indentation", message, s.at, (hint,), len(s.rest.rstrip()))


def _open_bracket(s: Stumble) -> Verdict | None:
    if not s.context.startswith("while parsing a flow") or s.begun is None:
        return None
    opened = s.source.line(s.begun.line)[s.begun.column : s.begun.column + 1]
    closes = "}" if opened == "{" else "]"
    if s.at.line >= s.source.text.count("\n") and not s.rest.strip():
        return Verdict("open_bracket", f"this '{opened}' is never closed", s.begun, (f"close it with '{closes}'",))
    at = s.at
    if s.begun.line < at.line and not s.line[: at.column].count(","):
        at = Mark(at.line, len(s.line) - len(s.line.lstrip()))
    return Verdict(
        "open_bracket",
        f"a ',' or '{closes}' is missing before this",
        at,
        (f"the '{opened}' stands at line {s.begun.line + 1}",),
    )


def _special(s: Stumble) -> Verdict | None:
    first = s.line[s.begun.column : s.begun.column + 1] if s.begun is not None else ""
    if "cannot start any token" in s.problem:
        first, place = s.rest[:1], s.at
    elif s.context.startswith(("while scanning an alias", "while scanning an anchor")):
        place = s.begun or s.at
    else:
        return None
    text = s.source.line(place.line)[place.column :].rstrip()
    return Verdict(
        "special_character",
        f"a text that begins with '{first}' must be quoted",
        place,
        (f'quote it: "{text[:_SHOWN]}"',),
        len(text),
    )


def _escape(s: Stumble) -> Verdict | None:
    if "escape" not in s.problem and "hexdecimal" not in s.problem:
        return None
    return Verdict(
        "escape",
        f"'{s.rest[:2]}' is no escape that double quotes know",
        s.at,
        ("use single quotes, or write \\\\ for a backslash",),
        2,
    )


def _tag(s: Stumble) -> Verdict | None:
    if "tag" not in s.problem and "tag" not in s.context:
        return None
    place = s.begun or s.at
    return Verdict(
        "tag",
        "a text that begins with '!' must be quoted",
        place,
        ("unquoted, it is a tag, and tags are not allowed",),
        len(s.source.line(place.line)[place.column :].split(" ")[0]),
    )


def _block_text(s: Stumble) -> Verdict | None:
    if "block scalar" not in s.context or "comment or line break" not in s.problem:
        return None
    return Verdict(
        "block_text",
        "a text behind '|' or '>' begins on the next line",
        s.at,
        ("begin a new line, indented; or quote a text that begins with '|' or '>'",),
        len(s.rest.rstrip()),
    )


def _stray(s: Stumble) -> Verdict | None:
    if "node content" not in s.problem and "block node" not in s.context:
        return None
    return Verdict(
        "unexpected",
        f"'{s.rest.strip()[:1]}' can't stand here",
        s.at,
        ("a text with special characters must be quoted",),
    )


def _directive(s: Stumble) -> Verdict | None:
    if not s.line.startswith("%"):
        return None
    return Verdict(
        "directive", "this line is no part of a pipeline", s.at, ("remove it",), len(s.line)
    )


def _other(s: Stumble) -> Verdict:
    return Verdict("yaml", f"this is no YAML: {s.problem}", s.at)


_JUDGES: Final[tuple[Judge, ...]] = (
    _tab,
    _directive,
    _brace,
    _open_quote,
    _swallowed,
    _no_space,
    _colon,
    _no_colon,
    _indentation,
    _open_bracket,
    _escape,
    _special,
    _tag,
    _block_text,
    _stray,
    _other,
)
