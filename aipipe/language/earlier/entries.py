"""Where the entries of a text's mappings begin and end, and what is there."""

from dataclasses import dataclass

from aipipe.language.diagnostics import Path
from aipipe.language.source import BREAK, Mark, Source
from aipipe.language.spans import Node, Span


class HiddenError(Exception):
    """An entry that stands behind an alias or `<<`, where a change of it would change others."""

    def __init__(self, path: Path) -> None:
        super().__init__(".".join(str(step) for step in path))
        self.path = path


def node_at(root: Node, path: Path) -> Node:
    """The node of a path, as it is written there.

    Raises:
        HiddenError: it is not written at its own place.
    """
    node = root
    for step in path:
        inner = node.entries.get(step)
        if node.target is not None or inner is None:
            raise HiddenError(path)
        node = inner
    if node.target is not None:
        raise HiddenError(path)
    return node


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry of a mapping: indices of the text's characters."""

    key: int
    """Where its key begins."""
    key_end: int
    value: int
    """Where its value begins (behind the key, if there is none)."""
    end: int
    """Behind the last character of its value."""
    in_flow: bool
    """It stands between braces."""


class Entries:
    """The entries of one text."""

    def __init__(self, source: Source, root: Node) -> None:
        self.source = source
        self.root = root
        self.text = source.text

    def entry(self, path: Path) -> Entry:
        """The entry at a path."""
        node, holder = node_at(self.root, path), node_at(self.root, path[:-1])
        if node.key is None:  # it stands in a list
            raise HiddenError(path)
        return Entry(
            key=self.index(node.key),
            key_end=self.source.index_of(node.key.end),
            value=self.index(node.span),
            end=self._end(node),
            in_flow=self.is_flow(holder),
        )

    def siblings(self, path: Path) -> tuple[Entry | None, Entry | None]:
        """The entries before and behind one."""
        keys = list(node_at(self.root, path[:-1]).entries)
        place = keys.index(str(path[-1]))
        before = self.entry((*path[:-1], keys[place - 1])) if place else None
        behind = self.entry((*path[:-1], keys[place + 1])) if place + 1 < len(keys) else None
        return before, behind

    def last(self, path: Path) -> Entry:
        """The last entry of the mapping at a path."""
        return self.entry((*path, next(reversed(node_at(self.root, path).entries))))

    def first(self, path: Path) -> Entry:
        """The first entry of the mapping at a path."""
        return self.entry((*path, next(iter(node_at(self.root, path).entries))))

    def is_flow(self, node: Node) -> bool:
        """Whether a mapping or list is written between brackets."""
        return self.text[self.index(node.span)] in "{["

    def index(self, span: Span) -> int:
        """Where something begins."""
        return self.source.index_of(span.start)

    def line_of(self, index: int) -> int:
        """Where the line of a character begins."""
        return self.source.index_of(Mark(self.source.mark_of(index).line, 0))

    def behind_line(self, index: int) -> int:
        """Where the line after that of a character begins; the end, if there is none."""
        found = BREAK.search(self.text, index)
        return found.end() if found else len(self.text)

    def column(self, index: int) -> int:
        """Characters before it on its line."""
        return index - self.line_of(index)

    def begins_line(self, index: int) -> bool:
        """Whether nothing but spaces stands before it on its line."""
        return not self.text[self.line_of(index) : index].strip()

    def _end(self, node: Node) -> int:
        """Behind the last character of a value: blocks are said to end at what comes next."""
        if node.entries and not self.is_flow(node):
            return max(self._end(inner) for inner in (*node.entries.values(), *node.merges))
        end, start = self.source.index_of(node.span.end), self.index(node.span)
        return start + len(self.text[start:end].rstrip())
