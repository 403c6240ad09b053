"""Faults of a file as the user reads them: message, place, line with a caret, hints."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from aipipe.cli.paint import Paint, uncoloured
from aipipe.cli.text import clean, clipped, count, expanded, width, wrapped
from aipipe.language.diagnostics import Diagnostic, Severity

LONGEST = 2_000
"""Columns of source shown where nothing else limits them: a minified file has one line."""

_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How to draw: `columns` is the terminal's width, or None where there is no terminal."""

    paint: Paint = uncoloured
    columns: int | None = None


def render(found: Sequence[Diagnostic], look: Look) -> str:
    """All of them, most of them several lines long, with a blank line between such."""
    blocks = [_block(list(same), look) for _, same in groupby(found, key=_place_and_hints)]
    tall = any("\n" in block for block in blocks[:-1])
    return ("\n\n" if tall else "\n").join(blocks)


def closing(found: Iterable[Diagnostic], *, strict: bool = False) -> str:
    """`1 error · nothing ran, nothing spent · exit 2`."""
    severities = [each.severity for each in found]
    parts = [count(severities.count(Severity.ERROR), "error")]
    warnings = severities.count(Severity.WARNING)
    if strict and warnings:
        parts.append(f"{count(warnings, 'warning')} (--strict)")
    kept = [part for part in parts if not part.startswith("0 ")]
    return f"{', '.join(kept)} · nothing ran, nothing spent · exit 2"


def _place_and_hints(found: Diagnostic) -> Hashable:
    """What faults of one place share, which is shown once: forty files that one glob named."""
    return found.severity, found.file, found.line, found.column, found.length, found.hints


def _block(same: Sequence[Diagnostic], look: Look) -> str:
    found = same[0]
    style = _STYLES[found.severity]
    word = f"{found.severity.value}:"
    head = look.paint(f"bold {style}", word)
    if found.severity is Severity.NOTE:  # something to know, nothing to mend
        return "\n".join(f"{head} {clean(each.message)}" for each in same)
    taken = len(word) + 1
    messages = [wrapped(clean(each.message), look.columns, taken=taken) for each in same]
    lines = [f"{head} {look.paint('bold', message)}" for message in messages]
    lines.extend(_place(found, look, style))
    lines.extend(f"  {wrapped(clean(hint), look.columns, taken=2)}" for hint in found.hints)
    return "\n".join(lines)


def _place(found: Diagnostic, look: Look, style: str) -> list[str]:
    if found.message.startswith("--input:"):  # it stands on the command line, not in the file
        return []
    where = look.paint("dim", "-->")
    if found.line is None:
        return [] if found.file in found.message else [f"  {where} {clean(found.file)}"]
    lines = [f"  {where} {clean(found.file)}:{found.line}:{found.column or 1}"]
    if found.source is not None:
        lines.extend(_snippet(found, found.source, look, style))
    return lines


def _snippet(found: Diagnostic, source: str, look: Look, style: str) -> list[str]:
    gutter = f"{found.line} | "
    start = min(max((found.column or 1) - 1, 0), len(source))
    end = min(start + max(found.length, 1), max(len(source), start + 1))
    before, under = expanded(source[:start]), expanded(source[start:end])
    room = (look.columns or LONGEST) - len(gutter)
    shown, offset = clipped(
        before + under + expanded(source[end:]), width(before), width(under), room
    )
    carets = "^" * max(1, min(width(under), room - offset))
    number = look.paint("dim", gutter.rstrip())
    return [
        f"{number} {shown.rstrip()}".rstrip(),
        " " * (len(gutter) + offset) + look.paint(style, carets),
    ]
