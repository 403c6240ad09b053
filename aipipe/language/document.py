"""A pipeline's text as plain data, and the way from a fault in the data to its line."""

from collections.abc import Iterable
from dataclasses import dataclass

from aipipe.contracts.artefact import Json
from aipipe.language.diagnostics import Diagnostic, Fault
from aipipe.language.source import Source
from aipipe.language.spans import Found, Node, Span, find, tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a file holds. `data` is shared where the text has aliases: never change it."""

    name: str
    data: Json
    source: Source

    def locate(self, faults: Iterable[Fault]) -> tuple[Diagnostic, ...]:
        """The faults with their lines and columns, in the order of the text."""
        given = list(faults)
        if not given:
            return ()
        root = tree(self.source.text)
        located = [_located(fault, root, self) for fault in given]
        return tuple(sorted(located, key=lambda d: (d.line or 0, d.column or 0)))


def _located(fault: Fault, root: Node | None, document: Document) -> Diagnostic:
    if root is None:
        return _unplaced(fault, document)
    found = find(root, fault.at)
    span = found.key if fault.on_key and found.key and found.through is None else _value(found)
    other = (_also(fault, root),) if fault.other is not None else ()
    hints = (*fault.hints, *other, *_origin(found))
    line = document.source.line(span.start.line)
    placed = document.source.diagnostic(
        fault.code, fault.message, span.start, *hints, length=_length(span, line)
    )
    return Diagnostic(
        severity=fault.severity,
        code=placed.code,
        message=placed.message,
        file=placed.file,
        line=placed.line,
        column=placed.column,
        length=placed.length,
        source=placed.source,
        hints=placed.hints,
    )


def _value(found: Found) -> Span:
    """The value's place; its key's where the value is not written (`model:`)."""
    if found.span.start == found.span.end and found.key is not None:
        return found.key
    return found.span


def _length(span: Span, line: str) -> int:
    if span.end.line == span.start.line:
        return span.end.column - span.start.column
    return len(line.split(" #")[0].rstrip()) - span.start.column


def _also(fault: Fault, root: Node) -> str:
    other = find(root, fault.other or ())
    return f"the other is at line {other.span.start.line + 1}"


def _origin(found: Found) -> tuple[str, ...]:
    if found.through is None:
        return ()
    node = found.through
    return (f"it is written at line {node.span.start.line + 1}, as '&{node.anchor}'",)


def _unplaced(fault: Fault, document: Document) -> Diagnostic:
    return Diagnostic(
        severity=fault.severity,
        code=fault.code,
        message=fault.message,
        file=document.name,
        hints=fault.hints,
    )
