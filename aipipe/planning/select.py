"""The part of a plan that `--only` asks for."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase

from aipipe.errors import UsageError
from aipipe.planning.plan import Batch, Chain, Group, Plan, Task, Template


def selected(plan: Plan, patterns: Sequence[str]) -> frozenset[int]:
    """The numbers of the tasks that match a pattern, and of all that they need.

    A pattern is a glob over paths (`pictures.2`) and ids (`hero`); a container's means all
    that is in it.

    Raises:
        UsageError: a pattern matches nothing.
    """
    parents = _parents(plan.root)
    wanted: set[int] = set()
    for pattern in patterns:
        found = [t for t in plan.templates if t is not plan.root and _matches(t, pattern)]
        if not found:
            raise UsageError(f"--only '{pattern}' matches no step", hints=_hints(plan, pattern))
        wanted.update(task.number for template in found for task in _tasks(template))
    return frozenset(_with_needs(wanted, plan, parents))


def _matches(template: Template, pattern: str) -> bool:
    names = (template.path, template.id, template.path.replace("[]", ""))
    return any(name and fnmatchcase(name, pattern) for name in names)


def _hints(plan: Plan, pattern: str) -> tuple[str, ...]:
    paths = [t.path for t in plan.templates if t.path]
    close = get_close_matches(pattern, paths, 1)
    if close:
        return (f"did you mean '{close[0]}'?",)
    return ("steps: " + ", ".join(paths[:12]),)


def _tasks(template: Template) -> Iterator[Task]:
    match template:
        case Task():
            yield template
        case Batch():
            yield from _tasks(template.body)
        case Chain() | Group():
            for child in template.children:
                yield from _tasks(child)


def _parents(root: Chain) -> dict[int, Template]:
    found: dict[int, Template] = {}
    pending: list[Template] = [root]
    while pending:
        template = pending.pop()
        match template:
            case Chain() | Group():
                children: tuple[Template, ...] = template.children
            case Batch():
                children = (template.body,)
            case Task():
                children = ()
        for child in children:
            found[child.number] = template
        pending.extend(children)
    return found


def _with_needs(wanted: set[int], plan: Plan, parents: dict[int, Template]) -> set[int]:
    by_number = {t.number: t for t in plan.templates}
    pending = list(wanted)
    while pending:
        current: Template | None = by_number[pending.pop()]
        while current is not None:
            for need in _needed(current, parents):
                fresh = {task.number for task in _tasks(need)} - wanted
                wanted |= fresh
                pending.extend(fresh)
            current = parents.get(current.number)
    return wanted


def _needed(template: Template, parents: dict[int, Template]) -> Iterator[Template]:
    """The steps whose values a template reads."""
    for need in template.needs:
        if not need.reads:
            continue
        scope = parents[template.number]
        for _ in range(need.ref.up):
            scope = parents[scope.number]
        if isinstance(scope, Chain | Group):
            yield scope.children[need.ref.index]
