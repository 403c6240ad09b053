"""Which progress a run shows: by choice, else by what the stream can do."""

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Literal, Protocol, Self, TextIO

from aipipe.cli.console import is_lively
from aipipe.contracts.event import RunEvent
from aipipe.planning.estimate import Estimate
from aipipe.planning.plan import Plan

Mode = Literal["tty", "plain", "json", "quiet"]
MODES = ("auto", "tty", "plain", "json", "quiet")


class Progress(Protocol):
    """A listener of a run. Enter it before the run, leave it before its end is printed."""

    def __enter__(self) -> Self:
        """Begin to show."""
        ...

    def __exit__(self, *error: object) -> None:
        """Leave the stream as if there had been nothing but lines."""
        ...

    def add(self, event: RunEvent) -> None:
        """Take an event in. From one thread."""
        ...

    def tick(self, now: float) -> None:
        """It is `now`, in seconds since the run began; to be called about once a second."""
        ...

    def paused(self) -> AbstractContextManager[None]:
        """Leave the stream to somebody else for a while."""
        ...

    def abort(self) -> None:
        """Give the terminal back at once, without any lock: the process is about to end."""
        ...


def mode_of(
    asked: str, stream: TextIO, environment: Mapping[str, str], *, quiet: bool = False
) -> Mode:
    """The mode for `asked`, one of `MODES`. `tty` on what is no terminal is `plain`."""
    match asked:
        case "plain" | "json" | "quiet":
            return asked
        case _ if quiet:
            return "quiet"
        case "tty":
            can = stream.isatty() and environment.get("TERM", "") != "dumb"
            return "tty" if can else "plain"
        case _:
            return "tty" if is_lively(stream, environment) else "plain"


def choose(  # noqa: PLR0913 (what one or another way of showing needs)
    mode: Mode,
    plan: Plan,
    stream: TextIO,
    environment: Mapping[str, str],
    *,
    found: Estimate | None = None,
    ledger: str = "",
    continues: str | None = None,
    coloured: bool = False,
    verbose: bool = False,
    clock: Callable[[], float] = time.monotonic,
) -> Progress:
    """The progress of that mode, of a run of that plan, on a stream (standard error).

    `found` is its estimate (None: nothing is reused), `continues` the run that is gone on with.
    """
    match mode:
        case "tty":
            from aipipe.cli.live import LiveProgress  # noqa: PLC0415 (imports Rich)

            return LiveProgress(
                plan,
                stream,
                coloured=coloured,
                environment=environment,
                clock=clock,
                found=found,
            )
        case "plain":
            from aipipe.cli.plain import PlainProgress  # noqa: PLC0415 (only one is needed)

            return PlainProgress(
                plan, stream, found=found, ledger=ledger, continues=continues, verbose=verbose
            )
        case "json":
            from aipipe.cli.jsonlines import JsonProgress  # noqa: PLC0415 (only one is needed)

            return JsonProgress(stream)
        case "quiet":
            from aipipe.cli.plain_quiet import QuietProgress  # noqa: PLC0415 (only one is needed)

            return QuietProgress(stream)
