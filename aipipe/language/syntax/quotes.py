"""Mistakes with quotes."""

from itertools import takewhile

from aipipe.language.events import Event, kind, start
from aipipe.language.source import Mark
from aipipe.language.syntax.stumble import Stumble, Verdict

_MAY_FOLLOW = ("", ":", "#", "}", "]", ",")


def never_closed(s: Stumble) -> Verdict | None:
    """A quote that takes in all the rest of the file."""
    if "quoted scalar" not in s.context or s.begun is None:
        return None
    if "end of stream" not in s.problem and "document" not in s.problem:
        return None
    quote = s.text_from(s.begun)[:1]
    return Verdict("open_quote", f"this {quote} is never closed", s.begun, (_close_it(quote),))


def closed_elsewhere(s: Stumble) -> Verdict | None:
    """A quote that was not closed takes in all up to the next one."""
    last = s.last
    if last is None or kind(last) != "ScalarEvent" or last.style not in {"'", '"'}:
        return None
    if last.end_mark.line != s.at.line or not s.problem.startswith(
        ("did not find expected", "expected")
    ):
        return None
    if last.start_mark.line < last.end_mark.line:
        return _closed_below(last, last.style)
    if s.rest.lstrip()[:1] in _MAY_FOLLOW:
        return None
    hint = "quote all of it, or nothing of it"
    hints = (hint, _close_it("'")) if last.style == "'" else (hint,)
    text = "text goes on behind the closing quote"
    return Verdict("text_after_quote", text, s.at, hints, len(s.rest.rstrip()))


def _closed_below(last: Event, quote: str) -> Verdict:
    return Verdict(
        "open_quote",
        f"this {quote} is closed only at line {last.end_mark.line + 1}",
        start(last),
        (_close_it(quote),),
    )


def _close_it(quote: str) -> str:
    if quote == "'":
        return "close it; a single quote inside single quotes is written twice: 'it''s'"
    return 'close it; a double quote inside double quotes is written \\"'


def escape(s: Stumble) -> Verdict | None:
    r"""`"C:\Users"`: the parser stops at the backslash, or at the digits that it lacks."""
    if "escape" not in s.problem and "hexdecimal" not in s.problem:
        return None
    backslash = s.line.rfind("\\", 0, s.at.column + 1)
    written, rest = s.line[backslash : backslash + 2], s.line[backslash + 2 :]
    if "unknown" not in s.problem:
        written += "".join(takewhile(str.isalnum, rest))
    return Verdict(
        "escape",
        f"'{written}' is no escape that double quotes know",
        Mark(s.at.line, backslash),
        ("use single quotes, or write \\\\ for a backslash",),
        len(written),
    )
