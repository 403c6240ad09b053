"""What a run has come to, as a fold over its events."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from aipipe.contracts.event import (
    RunEnded,
    RunEvent,
    RunStarted,
    RunStatus,
    StepEnded,
    StepStarted,
)
from aipipe.contracts.status import Status
from aipipe.planning.estimate import Estimate, estimate
from aipipe.planning.plan import Plan
from aipipe.running import amounts, problems, rows
from aipipe.running.approvals import is_waiting
from aipipe.running.differences import Differences, DifferenceTally
from aipipe.running.groups import ErrorGroup, ErrorTallies, ModelTotal, tallies_of
from aipipe.running.places import places_of
from aipipe.running.rows import Row
from aipipe.running.spool import KEPT, Key, Line, Spool


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimated:
    """What was not reused was likely to cost, in USD; None: unknown."""

    low: Decimal | None
    likely: Decimal | None
    at_most: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A run at one time: at its end, or while it goes on (`status` None)."""

    run: str
    pipeline: str
    file: str
    output_dir: str
    mock: bool
    status: RunStatus | None
    exit_code: int | None
    seconds: float
    counts: Mapping[Status, int]
    running: int
    ignored: int
    """Failures that don't count."""
    left: Mapping[str, int]
    """Jobs that go on after an interrupt, among the cancelled, by provider."""
    attempts: int
    estimated: Estimated
    priced: bool
    """Something in it has a price, also where an earlier result stands in for it."""
    billed: Decimal
    saved: Decimal
    computed: tuple[str, ...]
    """Providers whose billed figures come from the price list."""
    sections: tuple[str, ...]
    """The titles of the tables."""
    models: tuple[ModelTotal, ...]
    """By section and model, in the order written; only those that something ended for."""
    errors: tuple[ErrorGroup, ...]
    differences: Differences
    """Bills that are more than a tenth away from their estimates."""
    published: int
    """How many files are in the output folder."""
    outputs: tuple[str, ...]
    """Paths of the outputs that the file names, else of what the last step published."""
    named_outputs: Mapping[str, tuple[str, ...]]
    """Those that the file names; nothing while it runs."""
    earlier: tuple[tuple[str, str], ...]
    """Path and SHA-256 of what earlier runs published into the folder."""
    lines: Callable[[], Iterator[str]]
    """The JSON text of every row, in the order written; rows that have begun too."""
    rows: Callable[[], Iterator[Row]]
    """Every row, in the order written."""
    waiting: tuple[str, ...] = ()
    """Paths of the steps that nobody has agreed to."""

    @property
    def ended(self) -> int:
        """How many tasks have ended."""
        return sum(self.counts.values())

    @property
    def free(self) -> bool:
        """Nothing cost anything, and nothing could have."""
        return not self.priced and self.billed == 0


class SummaryFold:
    """Grows with every event; memory stays flat however many steps there are."""

    def __init__(
        self,
        plan: Plan,
        *,
        run: str = "",
        kept: int = KEPT,
        earlier: tuple[tuple[str, str], ...] = (),
        found: Estimate | None = None,
    ) -> None:
        """`found` is the run's estimate; None: nothing in it is reused."""
        self._plan = plan
        self._places = places_of(plan)
        self._tallies = tallies_of(self._places)
        self._errors = ErrorTallies()
        self._differences = DifferenceTally()
        self._counts: Counter[Status] = Counter()
        self._running: dict[str, StepStarted] = {}
        self._rows: Spool[StepEnded | StepStarted] = Spool(self._written, kept=kept)
        self._computed: dict[str, None] = {}
        self._waiting: list[str] = []
        self._run = run
        self._earlier = earlier
        self._ended: RunEnded | None = None
        self._at = 0.0
        self._billed = self._attempts = self._ignored = self._published = 0
        self._left: Counter[str] = Counter()
        whole = found or estimate(plan)
        self._priced = whole.whole != 0 or whole.at_most != 0
        all_of_it = whole.expected
        self._estimated = Estimated(
            low=all_of_it.low, likely=all_of_it.likely, at_most=all_of_it.at_most
        )

    def add(self, event: RunEvent) -> None:
        """Take an event in."""
        self._at = event.at
        if is_waiting(event):
            self._waiting.append(event.task)
        match event:
            case StepEnded():
                self._step_ended(event)
            case StepStarted():
                self._running[event.task] = event
            case RunStarted():
                self._run = event.run
            case RunEnded():
                self._run, self._ended = event.run, event
            case _:
                pass

    def summary(self) -> Summary:
        """What the run has come to so far."""
        ended = self._ended
        lines = self._lines()
        return Summary(
            run=self._run,
            pipeline=self._plan.name,
            file=self._plan.file,
            output_dir=self._plan.output_dir,
            mock=self._plan.mock,
            status=ended.status if ended else None,
            exit_code=ended.exit_code if ended else None,
            seconds=ended.seconds if ended else self._at,
            counts=dict(self._counts),
            running=len(self._running),
            ignored=self._ignored,
            left=dict(self._left),
            attempts=self._attempts,
            estimated=self._estimated,
            priced=self._priced,
            billed=amounts.usd(ended.billed if ended else self._billed),
            saved=amounts.usd(ended.saved if ended else 0),
            computed=tuple(sorted(self._computed)),
            sections=self._places.titles,
            models=self._totals(),
            errors=self._errors.groups(),
            differences=self._differences.found(),
            published=self._published,
            outputs=ended.outputs if ended else (),
            named_outputs=ended.named_outputs if ended else {},
            earlier=self._earlier,
            lines=lambda: (_object(text) for _, text in lines()),
            rows=lambda: (self._row(line) for line in lines()),
            waiting=tuple(self._waiting),
        )

    def _step_ended(self, event: StepEnded) -> None:
        self._running.pop(event.task, None)
        self._counts[event.status] += 1
        self._billed += event.billed
        self._attempts += event.attempts
        self._published += len(event.outputs)
        self._tallies[event.template].add(event)
        self._rows.add(self._key(event), event)
        place = self._places.by_number[event.template]
        self._differences.add(event, self._key(event), place)
        if not event.billed_known:
            self._computed[place.task.provider] = None
        if event.problem is not None:
            self._ignored += event.ignored
            self._errors.add(event, self._key(event), place)
            if event.problem.code == problems.LEFT:
                self._left[place.task.provider] += 1

    def _key(self, event: StepEnded | StepStarted) -> Key:
        return event.order or self._places.by_number[event.template].order

    def _totals(self) -> tuple[ModelTotal, ...]:
        tallies = {id(tally): tally for tally in self._tallies.values()}
        return tuple(tally.total() for tally in tallies.values() if tally.ended)

    def _lines(self) -> Callable[[], Iterator[Line]]:
        view = self._rows.view()
        begun = [(self._key(event), event) for event in self._running.values()]
        return lambda: view.lines(*begun)

    def _written(self, event: StepEnded | StepStarted) -> str:
        """The number of its template, and the object of its row."""
        place = self._places.by_number[event.template]
        return f"{event.template} {rows.text(event, place)}"

    def _row(self, line: Line) -> Row:
        order, text = line
        number, _, written = text.partition(" ")
        return rows.row(written, self._places.by_number[int(number)], order)


def _object(text: str) -> str:
    return text.partition(" ")[2]
