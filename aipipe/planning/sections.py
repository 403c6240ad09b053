"""Which table a task's row belongs to: one per container at the top, one for the plain steps."""

from collections.abc import Iterator
from dataclasses import dataclass

from aipipe.planning.plan import Batch, Plan, Task, Template

PLAIN = "steps"


@dataclass(frozen=True, slots=True)
class Section:
    """A table's title and what stands in it, in the order written."""

    title: str
    rows: "tuple[Row, ...]"


@dataclass(frozen=True, slots=True)
class Row:
    """A task and its place: `3`, or `2.1` inside a nested container."""

    position: str
    task: Task


def sections(plan: Plan) -> tuple[Section, ...]:
    """The sections of a plan; neighbouring plain steps share one."""
    found: list[tuple[str, list[Row]]] = []
    for index, child in enumerate(plan.root.children, start=1):
        is_plain = isinstance(child, Task)
        if not is_plain or not found or found[-1][0] != PLAIN:
            found.append((PLAIN if is_plain else child.id, []))
        rows = _rows(child, str(index) if is_plain else "")
        found[-1][1].extend(row for row in rows if plan.runs(row.task.number))
    return tuple(Section(title, tuple(rows)) for title, rows in found if rows)


def _rows(template: Template, position: str) -> Iterator[Row]:
    if isinstance(template, Task):
        yield Row(position or "1", template)
        return
    if isinstance(template, Batch):
        yield from _children(template.body.children, position)
        return
    yield from _children(template.children, position)


def _children(children: tuple[Template, ...], position: str) -> Iterator[Row]:
    for index, child in enumerate(children, start=1):
        yield from _rows(child, f"{position}.{index}" if position else str(index))
