"""How far a run is, section by section, as a fold over its events."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from aipipe.cli.money import places_of, usd
from aipipe.contracts.event import BatchExpanded, RunEvent, StepEnded, StepStarted
from aipipe.planning.estimate import Estimate, estimate
from aipipe.planning.plan import Batch, Chain, Group, Plan, Task, Template
from aipipe.running import amounts
from aipipe.running.groups import FAULTY, GOOD
from aipipe.running.places import Places


@dataclass(slots=True, kw_only=True)
class SectionCount:
    """One section of the plan, or the whole of it."""

    title: str
    tasks: int = 0
    """As many as are known."""
    unknown: int = 0
    """Task templates whose number of items is not known yet."""
    done: int = 0
    failed: int = 0
    others: int = 0
    """Skipped, cancelled, waiting for a person."""
    running: int = 0
    billed_nano: int = 0
    likely: Decimal | None = Decimal(0)
    """What is not reused of it is likely to cost, in USD; None: unknown."""

    @property
    def ended(self) -> int:
        """How many have ended, in whatever way."""
        return self.done + self.failed + self.others

    @property
    def total(self) -> int | None:
        """How many there will be; None: not known yet."""
        return None if self.unknown else max(self.tasks, self.ended + self.running)

    @property
    def queued(self) -> int:
        """How many are known to be left, and have not begun."""
        return max(0, self.tasks - self.ended - self.running)

    @property
    def billed(self) -> Decimal:
        """USD so far."""
        return amounts.usd(self.billed_nano)

    @property
    def is_free(self) -> bool:
        """Nothing in it costs anything."""
        return self.likely == 0 and self.billed_nano == 0

    @property
    def money(self) -> str:
        """`$0.100 of $0.300`; empty where everything is free."""
        if self.is_free:
            return ""
        if self.likely is None:
            return usd(self.billed)
        places = places_of([self.likely])
        return f"{usd(self.billed, places)} of {usd(self.likely, places)}"


class Counts:
    """The counts of a run. `whole` is the sum of `sections`.

    `found` is the estimate of the run; None: nothing is reused.
    """

    def __init__(self, plan: Plan, places: Places, found: Estimate | None = None) -> None:
        self._section = {number: place.section for number, place in places.by_number.items()}
        self._batches = _batches(plan, self._section)
        self._begun: set[str] = set()
        self.whole = SectionCount(title=plan.name)
        self.sections = tuple(SectionCount(title=title) for title in places.titles)
        lines = (found or estimate(plan)).lines
        likely = {line.task.number: line.expected.likely for line in lines}
        for number, place in places.by_number.items():
            for count in (self.whole, self.sections[place.section]):
                _plan_task(count, place.task.endings, likely[number])

    def add(self, event: RunEvent) -> None:
        """Take an event in."""
        match event:
            case StepStarted():
                self._begun.add(event.task)
                self._both(event.template, running=1)
            case StepEnded():
                self._ended(event)
            case BatchExpanded():
                self._expanded(event)
            case _:
                pass

    def _ended(self, event: StepEnded) -> None:
        if event.task in self._begun:
            self._begun.discard(event.task)
            self._both(event.template, running=-1)
        for count in (self.whole, self.sections[self._section[event.template]]):
            count.billed_nano += event.billed
            if event.status in GOOD:
                count.done += 1
            elif event.status in FAULTY:
                count.failed += 1
            else:
                count.others += 1

    def _both(self, template: int, *, running: int) -> None:
        self.whole.running += running
        self.sections[self._section[template]].running += running

    def _expanded(self, event: BatchExpanded) -> None:
        waiting = self._batches.get(event.template)
        if waiting is None:
            return
        for section, templates in waiting.by_section.items():
            for count in (self.whole, self.sections[section]):
                count.tasks += event.items * templates
                count.unknown -= 0 if waiting.is_known else templates
        waiting.is_known = True


@dataclass(slots=True)
class _Waiting:
    """Task templates right inside a batch whose number of items the plan doesn't know."""

    by_section: dict[int, int]
    is_known: bool = False


def _plan_task(count: SectionCount, times: int | None, likely: Decimal | None) -> None:
    count.tasks += times or 0
    count.unknown += times is None
    known = count.likely is not None and likely is not None
    count.likely = (count.likely or Decimal(0)) + (likely or Decimal(0)) if known else None


def _batches(plan: Plan, sections: dict[int, int]) -> dict[int, _Waiting]:
    """By number of batch: the tasks of unknown number whose innermost batch it is."""
    found: dict[int, _Waiting] = {}
    for task, batch in _with_batches(plan.root, None):
        section = sections.get(task.number)
        if batch is not None and section is not None and task.times is None:
            inside = found.setdefault(batch, _Waiting({})).by_section
            inside[section] = inside.get(section, 0) + 1
    return found


def _with_batches(template: Template, batch: int | None) -> Iterator[tuple[Task, int | None]]:
    match template:
        case Task():
            yield template, batch
        case Batch():
            yield from _with_batches(template.body, template.number)
        case Chain() | Group():
            for child in template.children:
                yield from _with_batches(child, batch)
