"""Steps that a person agrees to: which patterns mean them, and what comes before and after each."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import reduce

from aipipe.catalog.price import FREE, PriceEstimate
from aipipe.errors import UsageError
from aipipe.language.suggestions import did_you_mean
from aipipe.planning.estimate import Estimate, together
from aipipe.planning.numbering import flat
from aipipe.planning.plan import Plan, Task, Template
from aipipe.planning.select import fits, needed, parents_of, tasks_in


def is_approved(template: Template, patterns: Sequence[str]) -> bool:
    """Whether a pattern means a step, by its path (`clips.2`) or its id."""
    names = (template.path, template.id)
    return any(name and fits(name, pattern) for name in names for pattern in patterns)


def check_approved(plan: Plan, patterns: Sequence[str]) -> None:
    """Every pattern means a step that asks for it.

    Raises:
        UsageError: one means none.
    """
    asking = [each for each in plan.templates if each.approve is not None]
    for pattern in patterns:
        if not any(is_approved(each, [pattern]) for each in asking):
            raise UsageError(
                f"--approve '{pattern}' means no step that has  approve:",
                hints=_hints(pattern, [each.path for each in asking]),
            )


def _hints(pattern: str, paths: list[str]) -> tuple[str, ...]:
    return did_you_mean(pattern, paths) or ((f"there are: {', '.join(paths)}",) if paths else ())


def before(plan: Plan, number: int) -> frozenset[int]:
    """The tasks whose results a step builds on directly, by number."""
    parents = parents_of(plan.root)
    ready = _needed(plan.templates[number], parents)
    return frozenset(task.number for each in ready for task in tasks_in(each))


def behind(plan: Plan, number: int) -> frozenset[int]:
    """The tasks that can't begin before a step: those in it, and all that waits for it."""
    parents = parents_of(plan.root)
    waiters: dict[int, list[Template]] = defaultdict(list)
    for template in plan.templates:
        for other in _needed(template, parents):
            waiters[other.number].append(template)
    looked_at: set[int] = set()
    pending = [plan.templates[number]]
    while pending:
        reached = pending.pop()
        looked_at.update(each.number for each in flat(reached))
        current: Template | None = reached
        while current is not None:
            pending += [each for each in waiters[current.number] if each.number not in looked_at]
            current = parents.get(current.number)
    return frozenset(n for n in looked_at if isinstance(plan.templates[n], Task) and plan.runs(n))


def cost_of(numbers: frozenset[int], found: Estimate) -> tuple[int | None, PriceEstimate]:
    """How many paid calls some tasks are, and what these may cost; None: an unknown number."""
    lines = [line for line in found.lines if line.task.number in numbers and line.task.is_remote]
    counts = [line.new for line in lines]
    known = [each for each in counts if each is not None]
    price = reduce(together, (line.expected for line in lines), FREE)
    return (sum(known) if len(known) == len(counts) else None), price


def _needed(template: Template, parents: dict[int, Template]) -> Iterator[Template]:
    return (needed(template, need, parents) for need in template.needs)
