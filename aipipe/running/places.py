"""Where the tasks of a plan stand in the tables of its run: section, number, order, price."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from aipipe.planning.plan import Batch, Plan, Task, Template
from aipipe.planning.sections import sections

_NANO_DOLLAR = Decimal("1e-9")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A task's template, and what its rows have in common."""

    task: Task
    section: int
    estimated: Decimal | None
    """USD, likely, for one call; among a batch's items the mean, so that the rows add up."""
    is_mean: bool
    """`estimated` is a mean over items that differ."""
    order: tuple[int, ...]
    """Child indices from the top, 0 for items: what stands in for an event without its own."""
    numbered: tuple[int, ...]
    """The places of an order that count for a row's number."""
    key: re.Pattern[str] | None
    """Finds the innermost item's key in a task's path; None: it is in no batch."""

    def position(self, order: tuple[int, ...]) -> str:
        """A row's number in its table: `3`, or `17.2` in the seventeenth item."""
        full = order if len(order) == len(self.order) else self.order
        return ".".join([str(full[index] + 1) for index in self.numbered])

    def key_in(self, path: str) -> str | None:
        """The key of the innermost item of a task."""
        found = self.key.fullmatch(path) if self.key is not None else None
        return found[1] if found is not None else None


@dataclass(frozen=True, slots=True)
class Places:
    """All of a plan's places, by number of template."""

    titles: tuple[str, ...]
    """Of the sections."""
    by_number: dict[int, Place]


def places_of(plan: Plan) -> Places:
    """The places of the tasks that are part of a run, in the order written."""
    found = sections(plan)
    spots = {task.number: (order, numbered) for task, order, numbered in _walk(plan)}
    by_number = {
        row.task.number: _place(row.task, index, *spots[row.task.number])
        for index, section in enumerate(found)
        for row in section.rows
    }
    return Places(tuple(section.title for section in found), by_number)


def _place(task: Task, section: int, order: tuple[int, ...], numbered: tuple[int, ...]) -> Place:
    return Place(
        task=task,
        section=section,
        estimated=_estimated(task),
        is_mean=_is_mean(task),
        order=order,
        numbered=numbered or (0,),
        key=_key_pattern(task.path),
    )


def _estimated(task: Task) -> Decimal | None:
    if task.times == 0:
        return task.total.likely
    if task.times is None or task.total.likely is None:
        return task.estimate.likely
    return (task.total.likely / task.times).quantize(_NANO_DOLLAR)


def _is_mean(task: Task) -> bool:
    one, whole = task.estimate.likely, task.total.likely
    return bool(task.times and one is not None and whole is not None and one * task.times != whole)


def _key_pattern(path: str) -> re.Pattern[str] | None:
    *outer, inner, last = [re.escape(part) for part in ("[]" + path).split("[]")]
    if not inner and not outer:
        return None
    before = r"\[.*?\]".join([*outer, inner]).removeprefix(r"\[.*?\]")
    return re.compile(rf"{before}\[(.*)\]{last}", re.DOTALL)


_Spot = tuple[Task, tuple[int, ...], tuple[int, ...]]


def _walk(plan: Plan) -> Iterator[_Spot]:
    for index, child in enumerate(plan.root.children):
        yield from _inside(child, (index,), ())


def _inside(
    template: Template, order: tuple[int, ...], numbered: tuple[int, ...]
) -> Iterator[_Spot]:
    """The tasks in a template; an item counts for a row's number, a lone step in it does not."""
    if isinstance(template, Task):
        yield template, order, numbered
        return
    here = len(order)
    if isinstance(template, Batch):
        inner, numbers = (*order, 0), (*numbered, here)
        children = template.body.children
        more = (here + 1,) if len(children) > 1 else ()
    else:
        inner, numbers, children, more = order, numbered, template.children, (here,)
    for index, child in enumerate(children):
        yield from _inside(child, (*inner, index), (*numbers, *more))
