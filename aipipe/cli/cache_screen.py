"""The store in words: what it holds, what goes, what it would cost to make that again."""

from collections.abc import Iterator, Mapping, Sequence

from aipipe.app.cache import Info, Pruning, Sum
from aipipe.cli.diagnostics import Look
from aipipe.cli.measures import written
from aipipe.cli.money import places_of, usd
from aipipe.cli.tables_grid import Cell, Column, drawn
from aipipe.cli.text import clean, count, padded, wrapped

_WIDTH = 8
_GAP = "   "
_MEDIA = {
    "medium": Column(),
    "files": Column(right=True),
    "size": Column(right=True),
    "paid": Column(right=True, gives=1),
    "to make again": Column(right=True, gives=2),
}
_MOST_STUCK = 5


def holds(found: Info, look: Look) -> str:
    """What the store holds: facts, then a line for each medium, then how to make room."""
    answers = count(found.answers.files, "raw answer")
    facts = [
        ("store", clean(str(found.folder))),
        ("holds", _size(found.all)),
        ("paid", _paid(found.paid) or "nothing"),
        ("unused", f"{_size(found.unused)} for 30 days" if found.unused.files else ""),
        ("answers", f"{answers}, {written(found.answers.bytes)}" if found.answers.files else ""),
    ]
    parts = ["\n".join(_lines(facts, look))]
    if found.all.files:
        parts.append("\n".join(_table(found.media, look)))
        room = ("room", "aipipe cache prune --older-than 30d --dry-run  says what would go")
        parts.append("\n".join(_lines([room], look)))
    return "\n\n".join(parts)


def pruned(found: Pruning, look: Look, *, dry_run: bool) -> str:
    """What goes or went, what stays and why."""
    return "\n".join(_lines(list(_facts(found, dry_run=dry_run)), look))


def _facts(found: Pruning, *, dry_run: bool) -> Iterator[tuple[str, str]]:
    removed, answers, spared = found.removed, found.removed_answers, found.spared
    yield ("to go" if dry_run else "removed"), _size(removed) if removed.files else "nothing"
    yield "paid", _paid(removed)
    if answers.files:
        words = count(answers.files, "raw answer")
        yield "answers", f"{words} too, {written(answers.bytes)}: no open call needs them"
    if spared.files:
        yield "needed", f"{_size(spared)}, kept for open runs (aipipe runs list)"
    above = ""
    if found.is_above and found.limits.most_bytes is not None:
        above = f", more than the {written(found.limits.most_bytes)} asked for"
    yield "left", f"{_size(found.left)}{above}"


def at_stake(found: Sum) -> str:
    """How many paid results would go, and what they would cost."""
    return f"{count(found.paid, 'paid result')} would go, {usd(found.cost)} to make again"


def complaints(found: Pruning) -> Iterator[str]:
    """What could not be removed, a line each; many are counted."""
    for path, why in list(found.stuck.items())[:_MOST_STUCK]:
        yield f"warning: can't remove '{clean(str(path))}': {why}"
    if len(found.stuck) > _MOST_STUCK:
        yield f"warning: nor {len(found.stuck) - _MOST_STUCK:,} more files"


def _paid(found: Sum) -> str:
    """What was paid for among some files; empty: nothing."""
    return f"{count(found.paid, 'result')}, {usd(found.cost)} to make again" if found.paid else ""


def _size(found: Sum) -> str:
    return f"{count(found.files, 'file')}, {written(found.bytes)}"


def _lines(facts: Sequence[tuple[str, str]], look: Look) -> Iterator[str]:
    """Titles and words, broken to fit, without those that have nothing to say."""
    indent = " " * (_WIDTH + len(_GAP))
    for title, words in facts:
        if words:
            room = None if look.columns is None else look.columns - len(indent)
            rows = [row.strip() for row in wrapped(words, room).split("\n")]
            yield look.paint("dim", padded(title, _WIDTH)) + _GAP + f"\n{indent}".join(rows)


def _table(media: Mapping[str, Sum], look: Look) -> list[str]:
    places = places_of([each.cost for each in media.values()])
    is_paid = any(each.paid for each in media.values())
    head = [Cell(name, "bold") for name in list(_MEDIA)[: 5 if is_paid else 3]]
    rows = [
        [
            Cell(medium),
            Cell(f"{each.files:,}"),
            Cell(written(each.bytes)),
            Cell((f"{each.paid:,}" if each.paid else "-") if is_paid else ""),
            Cell((usd(each.cost, places) if each.paid else "-") if is_paid else ""),
        ]
        for medium, each in media.items()
    ]
    return drawn(list(_MEDIA.values()), [head, *rows], look)
