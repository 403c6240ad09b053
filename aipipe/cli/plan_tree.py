"""A plan as a tree of plain facts: the same for the screen and for JSON."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from aipipe.planning.bindings import Binding, Const, FileOf, FromItem, Joined
from aipipe.planning.outputs import names_of
from aipipe.planning.plan import Batch, Chain, Group, Plan, Task, Template

Kind: TypeAlias = Literal["step", "chain", "group", "batch"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A step or a container, with the paths of what it waits for."""

    template: Template
    kind: Kind
    waits_for: tuple[str, ...]
    output: str | None
    """`voice_<item.key>.mp3`; None: nothing is published."""
    runs: bool
    children: "tuple[Node, ...]"


def tree(plan: Plan) -> tuple[Node, ...]:
    """The steps at the top, with all that is in them."""
    return tuple(_node(child, (plan.root,), plan) for child in plan.root.children)


def _node(template: Template, around: tuple[Template, ...], plan: Plan) -> Node:
    children = tuple(_node(child, inside, plan) for child, inside in _inside(template, around))
    runs = any(child.runs for child in children) if children else plan.runs(template.number)
    return Node(
        template=template,
        kind=_kind(template),
        waits_for=tuple(_needed(template, around)),
        output=_output(template) if isinstance(template, Task) else None,
        runs=runs,
        children=children,
    )


def _inside(
    template: Template, around: tuple[Template, ...]
) -> Iterator[tuple[Template, tuple[Template, ...]]]:
    match template:
        case Task():
            return
        case Batch(body=body):
            for child in body.children:
                yield child, (*around, template, body)
        case Chain() | Group():
            for child in template.children:
                yield child, (*around, template)


def _kind(template: Template) -> Kind:
    match template:
        case Task():
            return "step"
        case Chain():
            return "chain"
        case Group():
            return "group"
        case Batch():
            return "batch"


def _needed(template: Template, around: tuple[Template, ...]) -> Iterator[str]:
    for need in template.needs:
        scope = around[-1 - need.ref.up]
        if isinstance(scope, Chain | Group):
            yield scope.children[need.ref.index].path


def _output(task: Task) -> str | None:
    if task.output is None or not task.published:
        return None
    names = names_of(pattern(task.output.stem), task.output.extension, task.count)
    return names[0] if len(names) == 1 else f"{names[0]} … {names[-1]}"


def pattern(binding: Binding) -> str:
    """A name as far as it is known; what comes later stands in angle brackets."""
    match binding:
        case Const(value=value):
            return str(value)
        case FromItem(field="column", column=column) | FileOf(column=FromItem(column=column)):
            return f"<item.{column}>"
        case FromItem(field=field):
            return f"<item.{field}>"
        case Joined(parts=parts):
            return "".join(pattern(part) for part in parts)
        case _:
            return "<…>"
