"""What open runs need of the store, and so what is not pruned.

A run is open while a process carries it out, while a call of it has begun and not ended, and
while the same command would go on with it. The ledger knows which outputs a run's calls made,
but not which files they read: those are known by having been used since the run began.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath

from aipipe.memory.inventory import Stored
from aipipe.memory.ledger.past import Call, Product, Run
from aipipe.memory.ledger.reading import Reader

_NANO = 1_000_000_000
_DAY = 86_400.0
_CLOCKS = 1.0
"""Seconds by which the clock of a file system may be behind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Files last used within it are needed: seconds since 1970; no `end`: to this day."""

    start: float
    end: float | None = None

    def holds(self, used: int) -> bool:
        """Whether a time, in nanoseconds since 1970, lies within."""
        after_start = used >= (self.start - _CLOCKS) * _NANO
        return after_start and (self.end is None or used <= (self.end + _CLOCKS) * _NANO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What is needed: by name, or by when it was used."""

    names: frozenset[str] = frozenset()
    """Outputs, as they are called in the store."""
    spans: tuple[Span, ...] = ()
    answers: frozenset[str] = frozenset()
    """Raw answers of open calls, by the name of their file."""

    def of(self, file: Stored) -> bool:
        """Whether a file of the store must stay."""
        return file.name in self.names or self._in_use(file)

    def of_answer(self, file: Stored) -> bool:
        """Whether a raw answer must stay."""
        return file.name in self.answers or self._in_use(file)

    def _in_use(self, file: Stored) -> bool:
        return any(span.holds(file.used) for span in self.spans)


def needs(ledger: Reader, products: Iterable[Product], is_alive: Callable[[str], bool]) -> Needs:
    """What the open runs of a ledger need; `products` are all that its calls have made.

    While some process carries out a run, whatever was paid for is needed: it may be about to
    reuse it.
    """
    runs = ledger.runs()
    alive = {run.id for run in runs if is_alive(run.id)}
    calls = ledger.open_calls()
    waiting = {call.run for call in calls}
    unfinished = {run.id for run in _to_go_on(runs)}
    open_ones = alive | waiting | unfinished
    used = (_span(ledger, run, alive | waiting) for run in runs if run.id in open_ones)
    return Needs(
        names=frozenset(
            each.name for each in products if each.run in open_ones or (alive and each.cost)
        ),
        spans=tuple(used),
        answers=frozenset(_answers(calls)),
    )


def _to_go_on(runs: Iterable[Run]) -> Iterator[Run]:
    """Of each file and its inputs the newest run, where it is not finished."""
    seen: set[tuple[str, str]] = set()
    for run in runs:
        key = (run.file_key, run.inputs_key)
        if key not in seen and not run.finished:
            yield run
        seen.add(key)


def _span(ledger: Reader, run: Run, busy: set[str]) -> Span:
    """When a run used its files. Nobody knows when a killed one ended: a day is added."""
    if run.id in busy:
        return Span(start=run.started)
    if run.ended is not None:
        return Span(start=run.started, end=run.ended)
    _, calls = ledger.run(run.id) or (run, ())
    last = max((call.updated for call in calls), default=run.started)
    return Span(start=run.started, end=max(last, run.started) + _DAY)


def _answers(calls: Iterable[Call]) -> Iterator[str]:
    return (PurePath(call.answer_path).name for call in calls if call.answer_path)
