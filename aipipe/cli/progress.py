"""What a live display knows of a run: a fold over its events, and a view that fits a height."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter
from threading import Lock

from aipipe.cli.progress_counts import Counts, SectionCount
from aipipe.cli.progress_left import Pace
from aipipe.cli.words import ended, files, is_left
from aipipe.contracts.event import (
    RunEvent,
    StepEnded,
    StepProgressed,
    StepRetrying,
    StepStarted,
)
from aipipe.contracts.status import Status
from aipipe.planning.estimate import Estimate
from aipipe.planning.plan import Plan
from aipipe.running.places import Place, places_of

_REMEMBERED = 100
"""Ended rows that may still be shown."""


@dataclass(slots=True, kw_only=True)
class Row:
    """A task that has begun. Changes while it runs; a view holds copies of its facts."""

    order: tuple[int, ...]
    section: int
    label: str
    model: str
    started: float
    phase: str = "starting"
    fraction: float | None = None
    status: Status | None = None
    """None: it is running."""
    seconds: float = 0.0
    """How long it took, once it has ended."""
    note: str = ""
    """Its file, or its error's code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRow:
    """A row as it is at one time."""

    section: int
    label: str
    model: str
    phase: str
    fraction: float | None
    status: Status | None
    seconds: float
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSection:
    """A group's line. `total` None: not known yet."""

    section: int
    title: str
    done: int
    failed: int
    others: int
    total: int | None
    money: str


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """All that stands on the screen at one time, already chosen to fit."""

    whole: ShownSection
    sections: tuple[ShownSection, ...]
    """Empty where there is only one: `whole` then is that one."""
    hidden_sections: int
    rows: tuple[ShownRow, ...]
    """In the order written."""
    hidden: int
    """Running tasks for which there was no room."""
    queued: int
    elapsed: float
    left: float | None
    """About so many seconds more; None: nobody knows."""


class Board:
    """Takes events from one thread and gives views to another."""

    def __init__(self, plan: Plan, found: Estimate | None = None) -> None:
        places = places_of(plan)
        self._places = places.by_number
        self._counts = Counts(plan, places, found)
        self._pace = Pace()
        self._running: dict[str, Row] = {}
        self._ended: deque[Row] = deque(maxlen=_REMEMBERED)
        self._lock = Lock()

    def add(self, event: RunEvent) -> None:
        """Take an event in; some microseconds."""
        with self._lock:
            match event:
                case StepProgressed():
                    self._progressed(event)
                case StepStarted():
                    self._counts.add(event)
                    self._started(event)
                case StepEnded():
                    self._counts.add(event)
                    self._end(event)
                case StepRetrying():
                    self._retrying(event)
                case _:
                    self._counts.add(event)

    def view(self, now: float, height: int) -> View:
        """What to show at `now`, seconds since the run began, in `height` lines."""
        with self._lock:
            return self._view(now, max(2, height))

    # --- events

    def _started(self, event: StepStarted) -> None:
        place = self._places[event.template]
        self._running[event.task] = self._row(event, place)
        self._pace.started(len(self._running))

    def _row(self, event: StepStarted | StepEnded, place: Place) -> Row:
        return Row(
            order=event.order or place.order,
            section=place.section,
            label=event.label,
            model=place.task.model,
            started=event.at,
        )

    def _progressed(self, event: StepProgressed) -> None:
        row = self._running.get(event.task)
        if row is not None:
            waits = event.queue_position is not None
            row.phase = f"{event.phase} #{event.queue_position}" if waits else event.phase
            row.fraction = event.fraction

    def _retrying(self, event: StepRetrying) -> None:
        row = self._running.get(event.task)
        if row is not None:
            row.phase = f"try {event.attempt} of {event.max_attempts}"
            row.fraction = None
            row.note = event.problem.code

    def _end(self, event: StepEnded) -> None:
        row = self._running.pop(event.task, None)
        if row is None:
            if event.status is not Status.REUSED:
                return  # it never began: the counts tell
            row = self._row(event, self._places[event.template])
        row.status, row.phase = event.status, ended(event.status, event.problem)
        row.seconds = event.seconds
        row.note = _note(event, self._places[event.template])
        self._ended.append(row)
        if event.status is Status.DONE:
            self._pace.ended(row.model, event.seconds)

    # --- views

    def _view(self, now: float, height: int) -> View:
        counts = self._counts
        several = len(counts.sections) > 1
        shown = _shown_sections(counts.sections, height) if several else ()
        room = height - 1 - len(shown)
        running = len(self._running)
        queued = counts.whole.queued
        hides = len(counts.sections) - len(shown) if several else 0
        room -= bool(queued or hides or running > room)
        rows = self._chosen(max(0, room), frozenset(shown or (0,)))
        return View(
            whole=_section(0, counts.whole if several else _only(counts)),
            sections=tuple(_section(index, counts.sections[index]) for index in shown),
            hidden_sections=hides,
            rows=tuple(_shown_row(row, now) for row in rows),
            hidden=max(0, running - room),
            queued=queued,
            elapsed=now,
            left=self._left(now),
        )

    def _chosen(self, room: int, sections: frozenset[int]) -> list[Row]:
        """The running rows that fit, those that began first, and with room the last ended."""
        running = list(islice(self._running.values(), room))
        spare = room - len(running)
        ended = [row for row in self._ended if row.section in sections][-spare:] if spare else []
        return sorted((*running, *ended), key=attrgetter("section", "order"))

    def _left(self, now: float) -> float | None:
        if self._counts.whole.total is None:
            return None
        running = [(row.model, now - row.started, row.fraction) for row in self._running.values()]
        return self._pace.left(running, self._counts.whole.queued)


def _note(event: StepEnded, place: Place) -> str:
    if is_left(event.problem):
        return f"goes on at {place.task.provider}"
    return event.problem.code if event.problem else _files(event)


def _files(event: StepEnded) -> str:
    return files([output.path for output in event.outputs]) if event.outputs else ""


def _only(counts: Counts) -> SectionCount:
    return counts.sections[0] if counts.sections else counts.whole


def _shown_sections(sections: Sequence[SectionCount], height: int) -> tuple[int, ...]:
    """Those that have a line: the active ones first, then the next, then the last ended."""

    def weight(index: int) -> tuple[int, int]:
        each = sections[index]
        if each.running:
            return 0, index
        return (2, -index) if each.ended and each.ended == each.total else (1, index)

    most = (height - 1) // 2
    return tuple(sorted(sorted(range(len(sections)), key=weight)[:most]))


def _section(index: int, count: SectionCount) -> ShownSection:
    return ShownSection(
        section=index,
        title=count.title,
        done=count.done,
        failed=count.failed,
        others=count.others,
        total=count.total,
        money=count.money,
    )


def _shown_row(row: Row, now: float) -> ShownRow:
    return ShownRow(
        section=row.section,
        label=row.label,
        model=row.model,
        phase=row.phase,
        fraction=row.fraction,
        status=row.status,
        seconds=row.seconds if row.status else max(0.0, now - row.started),
        note=row.note,
    )
