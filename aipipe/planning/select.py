"""The part of a plan that `--only` asks for."""

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase

from aipipe.errors import UsageError
from aipipe.planning.numbering import children, flat
from aipipe.planning.plan import Chain, Need, Plan, Task, Template

_ITEM = re.compile(r"\[[^\]]*\]")
_ITEM_KEY = re.compile(r"\[[^\]=]*\]")
"""An item's key in a path; the cell of a matrix has a '='."""


def redone(task: Task, path: str, patterns: Sequence[str]) -> bool:
    """Whether a task is to be made anew, by its path: `voices[17].clip`.

    A pattern that matches a container, or an item of one, means all that is in it.
    """
    return any(fits(name, pattern) for pattern in patterns for name in _names(task, path))


def check_redo(plan: Plan, patterns: Sequence[str]) -> None:
    """Every pattern matches a step.

    Raises:
        UsageError: one matches nothing.
    """
    for pattern in patterns:
        if not any(_is_meant(t, pattern) for t in plan.templates if t is not plan.root):
            raise UsageError(f"--redo '{pattern}' matches no step", hints=_hints(plan, pattern))


def _is_meant(template: Template, pattern: str) -> bool:
    """Whether a pattern that may name items by key matches a template, which has none."""
    key = _ITEM_KEY if "=" in template.path else _ITEM
    return _matches(template, key.sub("[]", pattern))


def _names(task: Task, path: str) -> Iterator[str]:
    """A task's path and those around it, with and without the keys of items; its id."""
    yield task.id
    for whole in (path, _ITEM.sub("", path)):
        yield from (whole[: found.start()] for found in re.finditer(r"[.\[]|$", whole))
        yield from (whole[: found.end()] for found in re.finditer(r"\]", whole))


def fits(name: str, pattern: str) -> bool:
    """Whether a pattern means a name: as `fnmatch`, but a bracket is that of an item's key."""
    return name == pattern or fnmatchcase(name, pattern.replace("[", "[[]"))


def selected(plan: Plan, patterns: Sequence[str]) -> frozenset[int]:
    """The numbers of the tasks that match a pattern, and of all that they need.

    A pattern is a glob over paths (`pictures.2`) and ids (`hero`); a container's means all
    that is in it.

    Raises:
        UsageError: a pattern matches nothing.
    """
    parents = parents_of(plan.root)
    wanted: set[int] = set()
    for pattern in patterns:
        found = [t for t in plan.templates if t is not plan.root and _matches(t, pattern)]
        if not found:
            raise UsageError(f"--only '{pattern}' matches no step", hints=_hints(plan, pattern))
        wanted.update(task.number for template in found for task in tasks_in(template))
    return frozenset(_with_needs(wanted, plan, parents))


def _matches(template: Template, pattern: str) -> bool:
    names = (template.path, template.id, _ITEM.sub("", template.path))
    return any(name and fits(name, pattern) for name in names)


def _hints(plan: Plan, pattern: str) -> tuple[str, ...]:
    paths = [t.path for t in plan.templates if t.path]
    close = get_close_matches(pattern, paths, 1)
    if close:
        return (f"did you mean '{close[0]}'?",)
    return ("steps: " + ", ".join(paths[:12]),)


def parents_of(root: Chain) -> dict[int, Template]:
    """What each template stands in, by number."""
    return {child.number: each for each in flat(root) for child in children(each)}


def _with_needs(wanted: set[int], plan: Plan, parents: dict[int, Template]) -> set[int]:
    """The wanted tasks, and those whose values they or what is around them read."""
    found = set(wanted)
    looked_at: set[int] = set()
    taken: set[int] = set()
    pending: list[Template] = [plan.templates[number] for number in wanted]
    while pending:
        current = pending.pop()
        if current.number in looked_at:
            continue
        looked_at.add(current.number)
        if current.number in parents:
            pending.append(parents[current.number])
        for read in _read(current, parents):
            fresh = [] if read.number in taken else list(tasks_in(read))
            taken.add(read.number)
            found.update(task.number for task in fresh)
            pending.extend(fresh)
    return found


def tasks_in(template: Template) -> Iterator[Task]:
    """The tasks that a template is, or holds."""
    return (each for each in flat(template) if isinstance(each, Task))


def _read(template: Template, parents: dict[int, Template]) -> Iterator[Template]:
    """The steps whose values or ends a template reads."""
    for need in template.needs:
        if need.reads or need.tested:
            yield needed(template, need, parents)


def needed(template: Template, need: Need, parents: dict[int, Template]) -> Template:
    """The step that a template waits for."""
    scope = parents[template.number]
    for _ in range(need.ref.up):
        scope = parents[scope.number]
    return children(scope)[need.ref.index]
