"""The question before a step that a person is to agree to, asked while the rest goes on."""

import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from queue import Empty, SimpleQueue
from typing import Self

from aipipe.cli.money import usd
from aipipe.cli.text import clean, count
from aipipe.contracts.event import RunEvent, StepEnded, StepWaiting
from aipipe.planning.approving import before, behind, cost_of
from aipipe.planning.estimate import Estimate
from aipipe.planning.plan import Plan

_SHOWN = 12
"""Files of the steps before that are named."""
_AT_ONCE = 0.1
"""Seconds after which a question is given up that the run no longer waits for."""


class Approver:
    """A listener that asks, one question after the other. Enter it before the run.

    `ask(words, is_over)` gives what was typed, None once `is_over` or where nobody is there;
    `answer(step, agrees)` takes the answer; while a question stands, `paused()` holds.
    """

    def __init__(
        self,
        plan: Plan,
        found: Estimate,
        folder: str,
        *,
        ask: Callable[[str, Callable[[], bool]], str | None],
        answer: Callable[[str, bool], None],
        paused: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._plan = plan
        self._found = found
        self._folder = folder.rstrip("/")
        self._ask = ask
        self._answer = answer
        self._paused = paused
        asking = [each.number for each in plan.templates if each.approve is not None]
        self._before = {number: before(plan, number) for number in asking}
        self._watched = frozenset().union(*self._before.values())
        self._files: dict[int, list[str]] = {}
        self._questions: SimpleQueue[StepWaiting] = SimpleQueue()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work, name="approvals", daemon=True)

    def __enter__(self) -> Self:
        if self._before:
            self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        if self._before:
            self._thread.join()

    def add(self, event: RunEvent) -> None:
        """Take an event in."""
        match event:
            case StepWaiting():
                self._questions.put(event)
            case StepEnded() if event.template in self._watched:
                paths = [each.path for each in event.outputs]
                self._files.setdefault(event.template, []).extend(paths)
            case _:
                pass

    def _work(self) -> None:
        while not self._over.is_set():
            with suppress(Empty):
                self._put(self._questions.get(timeout=_AT_ONCE))

    def _put(self, event: StepWaiting) -> None:
        with self._paused():
            typed = self._ask(self._words(event), self._over.is_set)
        if not self._over.is_set():
            self._answer(event.task, (typed or "").strip().lower() in {"y", "yes"})

    def _words(self, event: StepWaiting) -> str:
        name = clean(event.task)
        lines = [f"'{name}' waits for you", *self._so_far(event.template), self._to_come(event)]
        question = clean(event.question) or f"Go on with '{name}'?"
        return "\n".join(["", *lines, f"{question} [y/N] "])

    def _so_far(self, number: int) -> list[str]:
        files = [
            path for each in sorted(self._before[number]) for path in self._files.get(each, ())
        ]
        shown = [f"{self._folder}/{path}" for path in files[:_SHOWN]]
        shown += [f"and {len(files) - _SHOWN:,} more"] if len(files) > _SHOWN else []
        titles = ["so far", *[""] * len(shown)]
        return [f"{title:<10}{clean(path)}" for title, path in zip(titles, shown, strict=False)]

    def _to_come(self, event: StepWaiting) -> str:
        calls, price = cost_of(behind(self._plan, event.template), self._found)
        if calls == 0:
            return "to come   nothing that costs anything"
        number = "an unknown number of calls" if calls is None else count(calls, "paid call")
        return f"to come   {number}, likely {usd(price.likely)}, at most {usd(price.at_most)}"


def at_terminal(words: str, is_over: Callable[[], bool]) -> str | None:
    """What a person types on standard input from now on, asked on standard error."""
    with suppress(OSError, ValueError, ImportError):
        import termios  # noqa: PLC0415 (not on every system)

        termios.tcflush(sys.stdin, termios.TCIFLUSH)
    try:
        sys.stderr.write(words)
        sys.stderr.flush()
        return _typed(is_over)
    except (OSError, ValueError):  # the terminal is gone
        return None


def _typed(is_over: Callable[[], bool]) -> str | None:
    if sys.platform == "win32":
        return sys.stdin.readline()
    import select  # noqa: PLC0415 (of no use on every system)

    while not is_over():
        if select.select([sys.stdin], [], [], _AT_ONCE)[0]:
            return sys.stdin.readline()
    sys.stderr.write("\n")
    return None
