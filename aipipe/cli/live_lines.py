"""A view of a run as lines of styled text, for any width."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from aipipe.cli.progress import ShownRow, ShownSection, View
from aipipe.cli.tables_grid import shortened
from aipipe.cli.text import clean, padded, width
from aipipe.cli.words import STYLES, clock, seconds
from aipipe.running.groups import GOOD

Span: TypeAlias = tuple[str, str]
"""A style, as in `Paint`, and a text."""
Line: TypeAlias = tuple[Span, ...]

BAR = 20
_SHORT_BAR = 10
_LABEL, _MODEL, _PHASE, _NOTE = 24, 20, 14, 10
_TITLE = 8
"""What stays of a title, however narrow."""
_SOON = 0.5
"""Seconds; so little time left is not worth a word."""
_WANDERER = 7
_PERCENT = 4
_TIME = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyphs:
    """The signs that a terminal's encoding has."""

    spinner: str
    good: str
    bad: str
    full: str
    half: str
    left: str
    """The left end of a bar that only says that it moves."""
    cut: str


UNICODE = Glyphs(spinner="⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏", good="✓", bad="✗", full="━", half="╸", left="╺", cut="…")
ASCII = Glyphs(spinner="|/-\\", good="+", bad="x", full="=", half="-", left="<", cut="~")


def lines(view: View, columns: int, glyphs: Glyphs = UNICODE) -> list[Line]:
    """The lines, none of them wider than `columns`."""
    drawn = [_whole(view, columns), *_body(view, columns, glyphs), *_tail(view)]
    return [_clipped(line, columns, glyphs) for line in drawn]


def _body(view: View, columns: int, glyphs: Glyphs) -> Iterator[Line]:
    shape = _shape(view.rows, columns)
    rows = {row: _row(row, shape, view.elapsed, glyphs) for row in view.rows}
    if not view.sections:
        yield from rows.values()
        return
    heads = _heads(view.sections, columns)
    shown = {each.section for each in view.sections}
    for section, head in zip(view.sections, heads, strict=True):
        yield head
        yield from (line for row, line in rows.items() if row.section == section.section)
    yield from (line for row, line in rows.items() if row.section not in shown)


def _whole(view: View, columns: int) -> Line:
    """`generate_voices  1/3        $0.100 of $0.300    0:06, about 0:02 left`."""
    name, *counts = _head(view.whole)
    money = f"    {view.whole.money}" if view.whole.money else ""
    times, left = f"    {clock(view.elapsed)}", ""
    if view.left is not None and view.left >= _SOON:
        left = f", about {clock(view.left)} left"
    if sum(width(text) for _, text in counts) + width(money + times) + _TITLE > columns:
        money = ""
    facts = [*counts, ("", money), ("", times)]
    used = sum(width(text) for _, text in facts)
    title = min(width(name[1]), max(_TITLE, columns - used))
    if used + title + width(left) <= columns:
        facts.append(("dim", left))
    return ((name[0], shortened(name[1], title)), *facts)


def _heads(sections: Sequence[ShownSection], columns: int) -> list[Line]:
    heads = [_head(each) for each in sections]
    widths = [[width(text) for _, text in head] for head in heads]
    title = min(max(each[0] for each in widths), max(8, columns // 2))
    counts = max(sum(each[1:]) for each in widths)
    return [
        (
            (name[0], padded(shortened(name[1], title), title)),
            *rest,
            ("", " " * (counts - sum(width(text) for _, text in rest))),
            ("", f"   {section.money}" if section.money else ""),
        )
        for section, (name, *rest) in zip(sections, heads, strict=True)
    ]


def _head(section: ShownSection) -> Line:
    """Its title, and how far it is."""
    total = "?" if section.total is None else f"{section.total:,}"
    over = section.done == section.total
    failed = f"  {section.failed:,} failed" if section.failed else ""
    others = f"  {section.others:,} skipped" if section.others else ""
    return (
        ("bold", clean(section.title)),
        ("green" if over else "", f"  {section.done:,}/{total}"),
        ("red", failed),
        ("yellow", others),
    )


def _tail(view: View) -> Iterator[Line]:
    """`+143 running, 12 queued`."""
    parts = []
    if view.hidden:
        parts.append(f"+{view.hidden:,} running")
    if view.queued:
        parts.append(f"{view.queued:,} queued")
    if view.hidden_sections:
        noun = "group" if view.hidden_sections == 1 else "groups"
        parts.append(f"{view.hidden_sections:,} more {noun}")
    if parts:
        yield (("dim", "  " + ", ".join(parts)),)


# --- rows


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """The widths of a row's parts; 0: it is left out."""

    label: int
    model: int
    phase: int
    bar: int
    note: int


def _shape(rows: Sequence[ShownRow], columns: int) -> _Shape:
    label = _widest((row.label for row in rows), _LABEL)
    model = _widest((row.model for row in rows), _MODEL)
    phase = max(8, _widest((row.phase for row in rows), _PHASE))
    longest = _widest((row.note for row in rows), columns)
    mark, gap = 4, 3
    fixed = mark + label + gap + phase + gap + _TIME
    of_bar = gap + 2 + _PERCENT
    for models, bar in ((model, BAR), (model, _SHORT_BAR), (0, _SHORT_BAR), (0, 0)):
        used = fixed + (models + gap if models else 0) + (bar + of_bar if bar else 0)
        room = columns - used - gap
        if room >= min(longest, _NOTE) or (used <= columns and not bar):
            return _Shape(label=label, model=models, phase=phase, bar=bar, note=max(0, room))
    return _Shape(label=max(6, columns - fixed + label), model=0, phase=phase, bar=0, note=0)


def _widest(texts: Iterator[str], most: int) -> int:
    return min(most, max((width(clean(text)) for text in texts), default=0))


def _row(row: ShownRow, shape: _Shape, now: float, glyphs: Glyphs) -> Line:
    style = STYLES[row.status]
    spans: list[Span] = [_mark(row, now, glyphs), ("", f" {_cell(row.label, shape.label)}   ")]
    if shape.model:
        spans.append(("dim", f"{_cell(row.model, shape.model)}   "))
    spans.append((style, f"{_cell(row.phase, shape.phase)}   "))
    if shape.bar:
        spans += _bar(row, shape.bar, now, glyphs)
    spans.append(("", f"{seconds(row.seconds):>{_TIME}}"))
    if shape.note and row.note:
        note = shortened(clean(row.note), shape.note)
        spans.append(("dim" if row.status in GOOD else style or "yellow", f"   {note}"))
    return tuple(spans)


def _cell(text: str, room: int) -> str:
    return padded(shortened(clean(text), room), room)


def _mark(row: ShownRow, now: float, glyphs: Glyphs) -> Span:
    if row.status is None:
        turn = int(now * 8) % len(glyphs.spinner)
        return "cyan", f"  {glyphs.spinner[turn]}"
    sign = glyphs.good if row.status in GOOD else glyphs.bad
    return STYLES[row.status], f"  {sign}"


def _bar(row: ShownRow, size: int, now: float, glyphs: Glyphs) -> list[Span]:
    """The bar and its percentage, nine columns wider than the bar."""
    fraction = 1.0 if row.status in GOOD else row.fraction
    if fraction is None and row.status is None:
        return [("cyan", _wanderer(size, now, glyphs)), ("", " " * (_PERCENT + 5))]
    share = min(max(fraction or 0.0, 0.0), 1.0)
    percent = f"{int(share * 100)}%" if fraction is not None else ""
    style = STYLES[row.status] or "cyan"
    return [(style, _filled(size, share, glyphs)), ("", f"  {percent:>{_PERCENT}}   ")]


def _filled(size: int, share: float, glyphs: Glyphs) -> str:
    halves = round(share * size * 2)
    drawn = glyphs.full * (halves // 2) + glyphs.half * (halves % 2)
    return drawn.ljust(size)


def _wanderer(size: int, now: float, glyphs: Glyphs) -> str:
    """A piece that goes to and fro, once in four seconds."""
    way = size - _WANDERER
    at = int(now * way / 2) % (2 * way)
    start = at if at <= way else 2 * way - at
    right = glyphs.half if glyphs is UNICODE else ">"
    piece = glyphs.left + glyphs.full * (_WANDERER - 2) + right
    return (" " * start + piece).ljust(size)


def _clipped(line: Line, columns: int, glyphs: Glyphs) -> Line:
    if sum(width(text) for _, text in line) <= columns:
        return line
    kept: list[Span] = []
    room = columns - 1
    for style, text in line:
        while text and width(text) > room:
            text = text[:-1]  # noqa: PLW2901 (shortened until it fits)
        kept.append((style, text))
        room -= width(text)
    return (*kept, ("dim", glyphs.cut))
