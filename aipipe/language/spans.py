"""Where each value of a document stands: computed when the first fault needs it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from aipipe.language.diagnostics import Path
from aipipe.language.events import Event, end, events, kind, merges, start
from aipipe.language.source import Mark


@dataclass(frozen=True, slots=True)
class Span:
    """From the first character to the one behind the last."""

    start: Mark
    end: Mark


@dataclass(slots=True)
class Node:
    """A value's place, and the places of what is in it."""

    span: Span
    key: Span | None = None
    anchor: str | None = None
    entries: "dict[str | int, Node]" = field(default_factory=dict)
    merges: "list[Node]" = field(default_factory=list)
    """What `<<` adds, as it is written there: an alias, or a list of them."""
    target: "Node | None" = None
    """What an alias stands for."""
    is_list: bool = False


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come yet, and the key that waits for its value."""

    node: Node
    key: str | None = None
    """None: `<<`, or no key waits."""
    place: Span | None = None

    @property
    def wants_key(self) -> bool:
        return not self.node.is_list and self.place is None

    def attach(self, node: Node) -> None:
        node.key = self.place
        if self.node.is_list:
            self.node.entries[len(self.node.entries)] = node
        elif self.key is None:
            self.node.merges.append(node)
        else:
            self.node.entries[self.key] = node
        self.key = self.place = None


def tree(text: str) -> Node:
    """The places of a text that is known to be good YAML."""
    top = _Open(Node(Span(Mark(0, 0), Mark(0, 0)), is_list=True))
    stack = [top]
    anchors: dict[str, Node] = {}
    for event in events(text):
        name = kind(event)
        if name in {"MappingEndEvent", "SequenceEndEvent"}:
            node = stack.pop().node
            node.span = Span(node.span.start, end(event))
        elif name == "ScalarEvent" and stack[-1].wants_key:
            stack[-1].key = None if merges(event) else event.value
            stack[-1].place = _span(event)
        elif name in {"ScalarEvent", "AliasEvent", "MappingStartEvent", "SequenceStartEvent"}:
            node = _node(event, name, anchors)
            stack[-1].attach(node)
            if name.endswith("StartEvent"):
                stack.append(_Open(node))
    return top.node.entries[0]


def _node(event: Event, name: str, anchors: dict[str, Node]) -> Node:
    anchor = event.anchor
    if name == "AliasEvent":
        return Node(_span(event), target=anchors.get(anchor or ""))
    node = Node(_span(event), anchor=anchor, is_list=name == "SequenceStartEvent")
    if anchor is not None:
        anchors[anchor] = node
    return node


def _span(event: Event) -> Span:
    return Span(start(event), end(event))


@dataclass(frozen=True, slots=True)
class Found:
    """Where a path leads."""

    span: Span
    key: Span | None
    anchor: str | None = None
    """What the alias at `span` stands for, where the path leads through one."""
    written: Span | None = None
    """Where the value stands behind that anchor."""


def find(root: Node, path: Path) -> Found:
    """The place of a path's value; of what is nearest above, where it has none of its own.

    Behind an alias, it is the place of the (first) alias.
    """
    node = root
    alias: Node | None = None
    for step in path:
        if node.target is not None:
            alias, node = alias or node, node.target
        inner = node.entries.get(step)
        if inner is None:
            given, inner = next(_merged(node, step), (None, None))
            alias = alias or given
        if inner is None:
            break
        node = inner
    if alias is None or alias.target is None:
        return Found(node.span, node.key)
    return Found(alias.span, alias.key, alias.target.anchor, node.span)


def _merged(node: Node, step: str | int) -> Iterator[tuple[Node | None, Node]]:
    """What `<<` adds under a key, and the alias (if it is one) that adds it."""
    for given in node.merges:
        for part in _parts(given):
            alias = given if given.target else part if part.target else None
            base = part.target or part
            if step in base.entries:
                yield alias, base.entries[step]
            for _, inner in _merged(base, step):
                yield alias, inner


def _parts(given: Node) -> list[Node]:
    written = given.target or given
    return list(written.entries.values()) if written.is_list else [written]
