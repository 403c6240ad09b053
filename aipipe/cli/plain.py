"""Progress as lines: one for every change of state, and a heartbeat. For logs and pipes."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from threading import Lock
from typing import Self, TextIO

from aipipe.cli import reuse_words
from aipipe.cli.console import write
from aipipe.cli.money import places_of, usd
from aipipe.cli.plain_queue import Queue, named
from aipipe.cli.progress_counts import Counts
from aipipe.cli.progress_words import stopping
from aipipe.cli.text import clean
from aipipe.cli.words import clock, files, seconds
from aipipe.cli.words import ended as status_word
from aipipe.contracts.event import (
    InterruptRequested,
    Noticed,
    RunEvent,
    RunStarted,
    StepEnded,
    StepRetrying,
    StepStarted,
)
from aipipe.planning.estimate import Estimate, estimate
from aipipe.planning.plan import Plan
from aipipe.running import amounts
from aipipe.running.groups import FAULTY
from aipipe.running.places import places_of as task_places

FEW = 50
"""Above so many tasks only failures and heartbeats are told."""
HEARTBEAT = 30.0
"""Seconds."""


class PlainProgress:
    """Writes lines such as `0:04 done    pictures.2 flux 3.9s $0.025 flux.png`.

    Call `tick` about once a second, else heartbeats come only with events.
    """

    def __init__(
        self,
        plan: Plan,
        stream: TextIO,
        *,
        found: Estimate | None = None,
        ledger: str = "",
        continues: str | None = None,
        verbose: bool = False,
    ) -> None:
        self._plan = plan
        self._stream = stream
        self._ledger = ledger
        self._continues = continues
        self._estimate = found or estimate(plan)
        places = task_places(plan)
        self._counts = Counts(plan, places, self._estimate)
        self._queue = Queue(places.by_number, moves=verbose)
        self._places = places_of([task.estimate.likely for task in plan.tasks])
        self._verbose = verbose
        self._started = 0
        self._next = HEARTBEAT
        self._lock = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def paused(self) -> AbstractContextManager[None]:
        """Nothing to stop: lines come one after the other."""
        return nullcontext()

    def abort(self) -> None:
        """Nothing to give back."""

    def add(self, event: RunEvent) -> None:
        """Take an event in, and tell it."""
        with self._lock:
            self._beat(event.at)
            self._counts.add(event)
            self._tell(event)
            if waits := self._queue.add(event):
                self._line_if_few(event.at, "queued", waits)

    def tick(self, now: float) -> None:
        """Write the heartbeat if it is time; `now` is seconds since the run began."""
        with self._lock:
            self._beat(now)

    def _beat(self, now: float) -> None:
        if now >= self._next:
            self._next = (now // HEARTBEAT + 1) * HEARTBEAT
            self._line(now, "status", status(self._counts))

    def _tell(self, event: RunEvent) -> None:
        match event:
            case StepStarted():
                self._started += 1
                self._line_if_few(event.at, "start", _named(event))
            case StepEnded():
                self._ended(event)
            case StepRetrying():
                self._line_if_few(event.at, "retry", retry(event))
            case RunStarted():
                self._opening(event)
            case Noticed():
                self._line(event.at, event.level.removesuffix("ing"), clean(event.message))
            case InterruptRequested():
                self._line(event.at, "stop", stopping(event))
            case _:
                pass

    def _opening(self, event: RunStarted) -> None:
        on = " (gone on with)" if event.run == self._continues else ""
        for words in opening(f"{event.run}{on}", self._plan, self._estimate, self._ledger):
            self._line(event.at, "plan", words)

    def _ended(self, event: StepEnded) -> None:
        words = ended(event, self._amount)
        if event.status in FAULTY:
            self._line(event.at, event.status.value, words)
        else:
            self._line_if_few(event.at, status_word(event.status, event.problem), words)

    def _amount(self, event: StepEnded) -> str:
        free = self._counts.whole.is_free
        return "" if free else f" {usd(amounts.usd(event.billed), self._places)}"

    def _line_if_few(self, at: float, word: str, words: str) -> None:
        total = self._counts.whole.total
        many = self._started > FEW if total is None else total > FEW
        if self._verbose or not many:
            self._line(at, word, words)

    def _line(self, at: float, word: str, words: str) -> None:
        write(self._stream, f"{clock(at)} {word:<7} {words}\n")


def opening(run: str, plan: Plan, whole: Estimate, ledger: str = "") -> Iterator[str]:
    """What a run is about to do."""
    new = "unknown" if whole.calls is None else str(whole.calls)
    places = places_of([whole.likely, whole.at_most])
    money = f"likely={usd(whole.likely, places)} at_most={usd(whole.at_most, places)}"
    mock = " mock" if plan.mock else ""
    attached = f" reattached={whole.attached}" if whole.attached else ""
    doubtful = whole.forecast.doubtful
    held_back = f" not_sent_again={doubtful}" if doubtful else ""
    reused = f"reused={whole.reused}{attached}{held_back}"
    yield f"{clean(plan.name)} run={run} new={new} {reused} {money}{mock}"
    yield f"{f'ledger={ledger} ' if ledger else ''}output={clean(plan.output_dir)}"
    if reuse_words.is_all_reused(whole):
        yield reuse_words.all_reused(whole)


def status(counts: Counts) -> str:
    """`2/3 done, 1 running, 0 queued, $0.105 of $0.145`."""
    whole = counts.whole
    total = "?" if whole.total is None else whole.total
    parts = [f"{whole.done}/{total} done"]
    parts += [f"{whole.failed} failed"] if whole.failed else []
    parts += [f"{whole.others} skipped"] if whole.others else []
    parts += [f"{whole.running} running", f"{whole.queued} queued"]
    parts += [whole.money] if whole.money else []
    return ", ".join(parts)


def retry(event: StepRetrying) -> str:
    """`pictures.3 seedream fal.server_error, attempt 2 of 3 at 0:13`."""
    attempt = f"attempt {event.attempt} of {event.max_attempts} at {clock(event.next_at)}"
    return f"{_named(event)} {clean(event.problem.code)}, {attempt}"


def ended(event: StepEnded, amount: Callable[[StepEnded], str]) -> str:
    """What follows the word of its status."""
    if event.status in FAULTY and event.problem is not None:
        return (
            f"{_named(event)} {clean(event.problem.code)}, attempts={event.attempts}{amount(event)}"
        )
    if event.problem is not None:
        return f"{_named(event)} {clean(event.problem.message)}"
    output = f" {files([each.path for each in event.outputs])}" if event.outputs else ""
    return f"{_named(event)} {seconds(event.seconds)}{amount(event)}{output}"


def _named(event: StepStarted | StepEnded | StepRetrying) -> str:
    return named(event.task, event.label)
