"""Where a part of a scalar stands: its characters counted in the text of the file."""

from aipipe.language.source import Mark, Source
from aipipe.language.spans import Found, Span


def narrowed(span: Span, within: tuple[int, int], found: Found, source: Source) -> Span:
    """The place of some characters of a value; of all of it, where that can't be told."""
    is_here = found.anchor is None and span.start.line == span.end.line
    written = source.line(span.start.line)[span.start.column : span.end.column]
    if not is_here or written[:1] in {"|", ">", "&", "!", "*"}:
        return span
    start, end = (_column(written, index) for index in within)
    if start is None or end is None:
        return span
    line, before = span.start.line, span.start.column
    return Span(Mark(line, before + start), Mark(line, before + max(end, start + 1)))


def _column(written: str, index: int) -> int | None:
    """Where a value's character stands in how it is written; None: that can't be told."""
    quote = written[:1]
    if quote not in {"'", '"'}:
        return min(index, len(written))
    place = 1
    for _ in range(index):
        pair = written[place : place + 2]
        if quote == '"' and pair[:1] == "\\" and pair[1:] not in {'"', "\\", "/"}:
            return None
        is_pair = pair == "''" if quote == "'" else pair[:1] == "\\"
        place += 2 if is_pair else 1
    return min(place, len(written))
