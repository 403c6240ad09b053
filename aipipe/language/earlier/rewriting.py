"""Changes made in a document's own text, so that comments, order and quoting stay."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from aipipe.contracts.artefact import Json
from aipipe.language.document import Document
from aipipe.language.earlier.changes import Add, Change, Drop, Move, Rename, Replace
from aipipe.language.earlier.entries import Entries, Entry, node_at
from aipipe.language.source import BREAK
from aipipe.language.spans import tree

_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
"""What needs no quotes, but for the few words that are no texts."""
_NO_TEXTS: Final = frozenset({"true", "false", "null"})


@dataclass(frozen=True, slots=True)
class _Edit:
    """Characters that others take the place of."""

    start: int
    end: int
    text: str = ""
    depth: int = 0
    """Of what is put in at one place, the deepest comes first: it belongs to what is above."""


def rewritten(document: Document, changes: Sequence[Change]) -> str:
    """The text after what can be done at once: all changes in place, else the first move.

    Raises:
        HiddenError: something stands behind an alias.
    """
    writing = _Writing(Entries(document.source, tree(document.source.text)))
    in_place = [each for each in changes if not isinstance(each, Move)]
    moves = [each for each in changes if isinstance(each, Move)]
    emptied = {each.at[:-1] for each in moves}
    now = [each for each in in_place if not (isinstance(each, Drop) and each.at in emptied)]
    edits = [edit for each in now for edit in writing.edits(each)]
    if not now:
        edits = writing.moved(moves[0])
    return _applied(document.source.text, edits)


class _Writing:
    def __init__(self, entries: Entries) -> None:
        self._in = entries
        found = BREAK.search(entries.text)
        self._break = found[0] if found else "\n"

    def edits(self, change: Change) -> list[_Edit]:
        match change:
            case Drop():
                return [self._removed(change.at)]
            case Rename():
                entry = self._in.entry(change.at)
                return [_Edit(entry.key, entry.key_end, change.key)]
            case Replace():
                return [self._replaced(change)]
            case Add():
                return [self._added(change)]
            case Move():
                return self.moved(change)

    def _removed(self, at: tuple[str | int, ...]) -> _Edit:
        entry = self._in.entry(at)
        before, behind = self._in.siblings(at)
        if entry.in_flow and behind is None and before is not None:
            return _Edit(before.end, entry.end)
        if entry.in_flow or not self._in.begins_line(entry.key):
            return _Edit(entry.key, entry.end if behind is None else behind.key)
        start, end = self._in.line_of(entry.key), self._in.behind_line(entry.end)
        comment = self._in.text[entry.end : end].strip()
        kept = f"{self._in.text[start : entry.key]}{comment}{self._break}" if comment else ""
        return _Edit(start, end, kept)

    def _replaced(self, change: Replace) -> _Edit:
        node = node_at(self._in.root, change.at)
        start, end = self._in.index(node.span), self._in.source.index_of(node.span.end)
        raw = self._in.text[start:end]
        if change.parts:
            for old, new in change.parts:
                raw = raw.replace(old, new)
            return _Edit(start, end, raw)
        behind = raw[len(raw.rstrip()) :]  # the last line end of a block text
        return _Edit(start, end, f"{_spelt_like(raw, change.value)}{behind}")

    def _added(self, change: Add) -> _Edit:
        edit = self._inserted(change.to, f"{change.key}: {_flow(change.value)}")
        return replace(edit, depth=len(change.to))

    def _inserted(self, to: tuple[str | int, ...], text: str) -> _Edit:
        """An entry at the end of a mapping; `text` is one line, or is indented for its place."""
        last = self._in.last(to)
        if last.in_flow:
            return _Edit(last.end, last.end, f", {text}")
        indent = " " * self._in.column(self._in.first(to).key)
        return self._line(self._in.behind_line(last.end), f"{indent}{text}")

    def _line(self, index: int, text: str) -> _Edit:
        """Whole lines at the beginning of one, or at the end of a text without a last break."""
        above = self._in.text[:index]
        if above and not above.endswith(("\n", "\r")):
            return _Edit(index, index, f"{self._break}{text}")
        return _Edit(index, index, f"{text}{self._break}")

    def moved(self, change: Move) -> list[_Edit]:
        """An entry taken out (with its mapping, if nothing is left of that) and put in."""
        holder = change.at[:-1]
        alone = len(node_at(self._in.root, holder).entries) == 1
        removed = replace(self._removed(holder if alone else change.at), text="")
        entry = self._in.entry(change.at)
        if entry.in_flow or change.wrap is not None or self._in.last(change.to).in_flow:
            text = self._in.text[entry.value : entry.end]
            line = f"{change.key}: {text}"
            if change.wrap is not None:
                line = f"{change.wrap}: {{{line}}}"
            return [removed, self._inserted(change.to, line)]
        return [removed, self._block(change, entry)]

    def _block(self, change: Move, entry: Entry) -> _Edit:
        """The lines of an entry with the comments above it, further to the left."""
        start = self._with_comments(entry.key)
        end = self._in.behind_line(entry.end)
        less = self._in.column(entry.key) - self._in.column(self._in.first(change.to).key)
        above, behind = self._in.text[start : entry.key], self._in.text[entry.key_end : end]
        lines = f"{above}{change.key}{behind}".splitlines()
        text = self._break.join(line[less:] if not line[:less].strip() else line for line in lines)
        holder = self._in.entry(change.at[:-1])
        if change.to == change.at[:-2] and self._in.begins_line(holder.key):
            return self._line(self._in.line_of(holder.key), text)
        return self._line(self._in.behind_line(self._in.last(change.to).end), text)

    def _with_comments(self, index: int) -> int:
        """The line of a character, or the first of the comment lines right above it."""
        start = self._in.line_of(index)
        while start:
            above = self._in.line_of(start - 1)
            if not self._in.text[above:start].strip().startswith("#"):
                break
            start = above
        return start


def _order(edit: _Edit) -> tuple[int, int, int]:
    return edit.start, edit.end, -edit.depth


def _applied(text: str, edits: Sequence[_Edit]) -> str:
    """The text after edits; what stands inside a part that goes is gone with it."""
    parts: list[str] = []
    done = 0
    for edit in sorted(dict.fromkeys(edits), key=_order):
        if edit.start >= done:
            parts += [text[done : edit.start], edit.text]
            done = edit.end
        elif edit.text == "":
            done = max(done, edit.end)
        elif edit.end > done:
            parts.append(edit.text)
            done = edit.end
    return "".join([*parts, text[done:]])


def _spelt_like(raw: str, value: Json) -> str:
    """A value in the quotes of the one before."""
    if isinstance(value, str) and raw.startswith("'"):
        doubled = value.replace("'", "''")
        return f"'{doubled}'"
    if isinstance(value, str) and not raw.startswith('"'):
        return _flow(value)
    return json.dumps(value, ensure_ascii=False)


def _flow(value: Json) -> str:
    """A value on one line."""
    match value:
        case dict():
            return "{" + ", ".join(f"{key}: {_flow(each)}" for key, each in value.items()) + "}"
        case str() if _PLAIN.fullmatch(value) and value not in _NO_TEXTS:
            return value
        case _:
            return json.dumps(value, ensure_ascii=False)
