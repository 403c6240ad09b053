"""Where each value of a document stands: computed when the first fault needs it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from aipipe.language.diagnostics import Path
from aipipe.language.events import Event, events, kind as kind_of
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


@dataclass(frozen=True, slots=True)
class Found:
    """Where a path leads. `through` is the anchored value that an alias on the way stands for."""

    span: Span
    key: Span | None
    through: Node | None = None


def tree(text: str) -> Node | None:
    """The places of a text that is known to be good YAML."""
    root: Node | None = None
    stack: list[tuple[Node, str | None, Span | None]] = []
    anchors: dict[str, Node] = {}
    for event in events(text):
        match kind_of(event):
            case "MappingEndEvent" | "SequenceEndEvent":
                node, *_ = stack.pop()
                node.span = Span(node.span.start, _span(event).end)
                continue
            case "ScalarEvent" if _wants_key(stack):
                node, _, _ = stack.pop()
                stack.append((node, event.value if not _merges(event) else None, _span(event)))
                continue
            case "ScalarEvent" | "AliasEvent" | "MappingStartEvent" | "SequenceStartEvent" as kind:
                node = _node(event, kind, anchors)
            case _:
                continue
        root = root or node
        _attach(node, stack)
        if kind.endswith("StartEvent"):
            stack.append((node, None, None))
    return root


def _wants_key(stack: list[tuple[Node, str | None, Span | None]]) -> bool:
    return bool(stack) and not stack[-1][0].is_list and stack[-1][2] is None


def _merges(event: Event) -> bool:
    return bool(event.value == "<<" and not event.style)


def _node(event: Event, kind: str, anchors: dict[str, Node]) -> Node:
    node = Node(_span(event), is_list=kind == "SequenceStartEvent")
    if kind == "AliasEvent":
        node.target = anchors[event.anchor]
    elif event.anchor is not None:
        node.anchor = event.anchor
        anchors[event.anchor] = node
    return node


def _attach(node: Node, stack: list[tuple[Node, str | None, Span | None]]) -> None:
    if not stack:
        return
    above, key, place = stack.pop()
    node.key = place
    if above.is_list:
        above.entries[len(above.entries)] = node
    elif key is None:
        above.merges.append(node)
    else:
        above.entries[key] = node
    stack.append((above, None, None))


def _span(event: Event) -> Span:
    start, end = event.start_mark, event.end_mark
    return Span(Mark(start.line, start.column), Mark(end.line, end.column))


def find(root: Node, path: Path) -> Found:
    """The place of a path's value; of what is nearest above, where it has none of its own."""
    node, key, used = root, None, None
    through: Node | None = None
    for step in path:
        if node.target is not None:
            used, through, node = used or Found(node.span, node.key), node.target, node.target
        inner = node.entries.get(step)
        if inner is None:
            merged = next(_in_merges(node, step), None)
            if merged is None:
                return used or Found(node.span, node.key)
            alias, inner = merged
            used = used or Found(alias.span, alias.key)
            through = through or alias.target
        node, key = inner, inner.key
    if used is not None:
        return Found(used.span, used.key, through)
    return Found(node.span, key)


def _in_merges(node: Node, step: str | int) -> Iterator[tuple[Node, Node]]:
    for given in node.merges:
        parts = list(given.entries.values()) if given.is_list else [given]
        for part in parts:
            base = part.target or part
            if step in base.entries:
                yield part, base.entries[step]
            else:
                yield from ((part, inner) for _, inner in _in_merges(base, step))
