"""Sums over the tasks of a run that stay small however many there are: by model, by error."""

from array import array
from bisect import insort
from dataclasses import dataclass, field
from decimal import Decimal
from operator import attrgetter
from statistics import median

from aipipe.contracts.event import StepEnded
from aipipe.contracts.status import Status
from aipipe.running import amounts
from aipipe.running.places import Place, Places

NAMED = 20
"""Steps that an error names; the others it counts."""
GOOD = frozenset({Status.DONE, Status.REUSED})
FAULTY = frozenset({Status.FAILED, Status.UNCONFIRMED, Status.REFUSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelTotal:
    """What one section spent on one model."""

    section: int
    model: str
    provider: str
    done: int
    """Reused ones included."""
    failed: int
    """Unconfirmed and refused ones included."""
    others: int
    """Skipped, cancelled, waiting."""
    attempts: int
    seconds: float | None
    """The median of the finished ones."""
    estimated: Decimal | None
    billed: Decimal


@dataclass(slots=True, kw_only=True)
class ModelTally:
    """A `ModelTotal` that grows."""

    section: int
    model: str
    provider: str
    estimates: list[Decimal | None] = field(default_factory=list)
    """Of its templates, for all their calls."""
    done: int = 0
    failed: int = 0
    others: int = 0
    attempts: int = 0
    billed: int = 0
    seconds: "array[float]" = field(default_factory=lambda: array("d"))

    @property
    def ended(self) -> int:
        """How many tasks it has counted."""
        return self.done + self.failed + self.others

    def add(self, event: StepEnded) -> None:
        """Count a task that ended."""
        self.attempts += event.attempts
        self.billed += event.billed
        if event.status in GOOD:
            self.done += 1
            if event.status is Status.DONE:
                self.seconds.append(event.seconds)
        elif event.status in FAULTY:
            self.failed += 1
        else:
            self.others += 1

    def total(self) -> ModelTotal:
        """What it has come to."""
        known = [amount for amount in self.estimates if amount is not None]
        return ModelTotal(
            section=self.section,
            model=self.model,
            provider=self.provider,
            done=self.done,
            failed=self.failed,
            others=self.others,
            attempts=self.attempts,
            seconds=median(self.seconds) if self.seconds else None,
            estimated=sum(known, Decimal(0)) if len(known) == len(self.estimates) else None,
            billed=amounts.usd(self.billed),
        )


def tallies_of(places: Places) -> dict[int, ModelTally]:
    """The tally of every task template; those of one section and model share one."""
    shared: dict[tuple[int, str, str], ModelTally] = {}
    found: dict[int, ModelTally] = {}
    for number, place in places.by_number.items():
        task = place.task
        fresh = ModelTally(section=place.section, model=task.model, provider=task.provider)
        tally = shared.setdefault((place.section, task.model, task.provider), fresh)
        tally.estimates.append(task.total.likely)
        found[number] = tally
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultyStep:
    """A step that an error names."""

    order: tuple[int, ...]
    template: int
    """Its number in the plan."""
    id: str
    label: str
    status: Status
    message: str
    attempts: int
    billed: Decimal
    estimated: Decimal | None
    """What it would have been likely to cost; None: unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorGroup:
    """An error of one provider, and the steps that met it."""

    provider: str
    code: str
    ignored: bool
    """None of them counts."""
    count: int
    messages: tuple[str, ...]
    """Different ones, the commonest case being one; at most three."""
    hints: tuple[str, ...]
    """What to do; at most three."""
    steps: tuple[FaultyStep, ...]
    """The first `NAMED`, in the order written."""


_MOST_WORDS = 3


@dataclass(slots=True, kw_only=True)
class _ErrorTally:
    provider: str
    code: str
    ignored: bool
    count: int = 0
    messages: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    steps: list[FaultyStep] = field(default_factory=list)

    def add(self, event: StepEnded, order: tuple[int, ...], place: Place) -> None:
        problem = event.problem
        message = problem.message if problem else event.status.value
        self.count += 1
        _note(self.messages, message)
        if problem is not None and problem.hint is not None:
            _note(self.hints, problem.hint)
        if len(self.steps) == NAMED and order >= self.steps[-1].order:
            return
        insort(self.steps, _faulty(event, order, place, message), key=attrgetter("order"))
        del self.steps[NAMED:]

    def group(self) -> ErrorGroup:
        return ErrorGroup(
            provider=self.provider,
            code=self.code,
            ignored=self.ignored,
            count=self.count,
            messages=tuple(self.messages),
            hints=tuple(self.hints),
            steps=tuple(self.steps),
        )


def _faulty(event: StepEnded, order: tuple[int, ...], place: Place, message: str) -> FaultyStep:
    return FaultyStep(
        order=order,
        template=event.template,
        id=event.task,
        label=event.label,
        status=event.status,
        message=message,
        attempts=event.attempts,
        billed=amounts.usd(event.billed),
        estimated=place.estimated,
    )


def _note(words: list[str], new: str) -> None:
    if new not in words and len(words) < _MOST_WORDS:
        words.append(new)


class ErrorTallies:
    """Errors by provider and code, those that count apart from those that don't."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, bool], _ErrorTally] = {}

    def add(self, event: StepEnded, order: tuple[int, ...], place: Place) -> None:
        """Count a task that ended, if it ended in an error."""
        if event.status not in FAULTY:
            return
        code = event.problem.code if event.problem else "unknown"
        key = (place.task.provider, code, event.ignored)
        if key not in self._found:
            self._found[key] = _ErrorTally(provider=key[0], code=code, ignored=event.ignored)
        self._found[key].add(event, order, place)

    def groups(self) -> tuple[ErrorGroup, ...]:
        """All of them, in the order written of their first steps."""
        found = sorted(self._found.values(), key=lambda each: each.steps[0].order)
        return tuple(each.group() for each in found)
