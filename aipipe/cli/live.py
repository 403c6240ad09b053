"""Progress on a terminal: one block that is redrawn eight times a second."""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Self, TextIO

from aipipe.cli.console import has_unicode, plain, rich_console
from aipipe.cli.live_lines import ASCII, UNICODE, Line, lines
from aipipe.cli.progress import Board
from aipipe.cli.progress_words import Told, told
from aipipe.contracts.event import RunEvent
from aipipe.planning.estimate import Estimate
from aipipe.planning.plan import Plan

if TYPE_CHECKING:
    from rich.console import Console

_A_SECOND = 8
_SPARE = 6
"""Lines of the terminal that stay free."""
_MOST_TOLD = 50
"""Failures that are printed above the block; the block counts the others."""


class LiveProgress:
    """The display. Events come from one thread; another draws.

    `clock` is seconds, monotonic; `found` the estimate of the run, None: nothing is reused.
    """

    def __init__(
        self,
        plan: Plan,
        stream: TextIO,
        *,
        coloured: bool,
        environment: Mapping[str, str],
        clock: Callable[[], float],
        found: Estimate | None = None,
    ) -> None:
        self._board = Board(plan, found)
        self._stream = stream
        self._console = rich_console(stream, coloured=coloured, environment=environment)
        self._glyphs = UNICODE if has_unicode(stream) else ASCII
        self._clock = clock
        self._zero: float | None = None
        self._told: deque[Told] = deque()
        self._left_to_tell = _MOST_TOLD
        self._block = _block(self._console, self._lines)
        self._over = threading.Event()
        self._drawing = threading.Lock()
        self._thread = threading.Thread(target=self._draw, name="progress", daemon=True)

    def __enter__(self) -> Self:
        with suppress(OSError, ValueError):  # the terminal may be gone already
            self._block.start()
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()
        with suppress(OSError, ValueError):  # the terminal may be gone
            self._say()
            self._block.stop()

    def add(self, event: RunEvent) -> None:
        """Take an event in; some microseconds."""
        if self._zero is None:
            self._zero = self._clock() - event.at
        self._board.add(event)
        words = told(event)
        if words is not None:
            self._told.append(words)

    def tick(self, now: float) -> None:
        """Nothing: it has a clock of its own."""

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Take the block away, and draw nothing, until this is left."""
        with self._drawing:
            with suppress(OSError, ValueError):
                self._say()
                self._block.stop()
            try:
                yield
            finally:
                self._block = _block(self._console, self._lines)
                with suppress(OSError, ValueError):
                    self._block.start()

    def abort(self) -> None:
        """Give the cursor back, at once and without a lock, before the process ends."""
        self._over.set()
        with suppress(OSError, ValueError):
            self._stream.write("\x1b[?25h\n")
            self._stream.flush()

    # --- the drawing thread

    def _draw(self) -> None:
        with suppress(OSError, ValueError):  # the terminal may be gone; the run goes on
            while not self._over.wait(1 / _A_SECOND):
                self.refresh()

    def refresh(self) -> None:
        """Print what there is to tell, and draw the block."""
        with self._drawing:
            self._say()
            self._block.refresh()

    def _say(self) -> None:
        while self._told:
            words = self._told.popleft()
            if words.is_failure:
                self._left_to_tell -= 1
            if not words.is_failure or self._left_to_tell >= 0:
                self._print(words)
            elif self._left_to_tell == -1:
                self._print(Told("further failures are in run.json", "red"))

    def _print(self, words: Told) -> None:
        from rich.text import Text  # noqa: PLC0415 (with Rich's console)

        line = Text()
        if words.is_failure:
            line.append(f"{self._glyphs.bad} ", style=words.style)
            line.append(self._fit(words.text))
        else:
            line.append(self._fit(words.text), style=words.style)
        self._console.print(line)

    def _fit(self, text: str) -> str:
        """What the terminal's encoding can hold of a text."""
        return text if self._glyphs is UNICODE else plain(text)

    def _lines(self, columns: int, rows: int) -> list[Line]:
        now = self._clock() - self._zero if self._zero is not None else 0.0
        view = self._board.view(now, max(2, rows - _SPARE))
        return lines(view, columns, self._glyphs)


def _block(console: "Console", draw: Callable[[int, int], list[Line]]) -> Any:
    """A `rich.live.Live` that asks `draw(columns, rows)` for its lines."""
    from aipipe.cli.live_block import Block  # noqa: PLC0415 (imports Rich)

    return Block(console, draw)
