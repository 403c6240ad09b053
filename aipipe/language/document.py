"""A pipeline's text as plain data, and the way from a fault in the data to its line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from aipipe.contracts.artefact import Json
from aipipe.language.diagnostics import Diagnostic, Fault, Path
from aipipe.language.inner_places import narrowed
from aipipe.language.source import Source
from aipipe.language.spans import Found, Node, Span, find, tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a file holds. `data` is shared where the text has aliases: never change it."""

    name: str
    data: Json
    source: Source
    origins: Mapping[Path, Path] = field(default_factory=dict)
    """From a place in the data to where that stands in the text, where the two differ."""

    def locate(self, faults: Iterable[Fault]) -> tuple[Diagnostic, ...]:
        """The faults with their lines and columns, in the order of the text."""
        given = list(faults)
        if not given:
            return ()
        root = tree(self.source.text)
        located = [_located(self._written(fault), root, self.source) for fault in given]
        return tuple(sorted(located, key=lambda d: (d.line or 0, d.column or 0)))

    def _written(self, fault: Fault) -> Fault:
        other = None if fault.other is None else self._place(fault.other)
        return replace(fault, at=self._place(fault.at), other=other) if self.origins else fault

    def _place(self, at: Path) -> Path:
        """Where a place of the data stands in the text."""
        for length in range(len(at), 0, -1):
            origin = self.origins.get(at[:length])
            if origin is not None:
                return (*origin, *at[length:])
        return at


def _located(fault: Fault, root: Node, source: Source) -> Diagnostic:
    found = find(root, fault.at)
    span = _span(found, on_key=fault.on_key)
    if fault.within is not None:
        span = narrowed(span, fault.within, found, source)
    hints = (*fault.hints, *_also(fault, root), *_origin(found))
    placed = source.diagnostic(
        fault.code, fault.message, span.start, *hints, length=_length(span, source)
    )
    return replace(placed, severity=fault.severity)


def _span(found: Found, *, on_key: bool) -> Span:
    """The value's place; its key's where that is at fault, or the value is not written."""
    if found.key is None or found.anchor is not None:
        return found.span
    return found.key if on_key or found.span.start == found.span.end else found.span


def _length(span: Span, source: Source) -> int:
    if span.end.line == span.start.line:
        return span.end.column - span.start.column
    line = source.line(span.start.line)
    return len(line.split(" #")[0].rstrip()) - span.start.column


def _also(fault: Fault, root: Node) -> tuple[str, ...]:
    if fault.other is None:
        return ()
    return (f"the other is at line {find(root, fault.other).span.start.line + 1}",)


def _origin(found: Found) -> tuple[str, ...]:
    if found.written is None:
        return ()
    return (f"it is written at line {found.written.start.line + 1}, behind '&{found.anchor}'",)
