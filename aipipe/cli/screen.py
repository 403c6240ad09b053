"""The standard streams as a command uses them: width, colour, and whether anybody is there."""

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from aipipe.cli.console import write, write_results
from aipipe.cli.diagnostics import Look
from aipipe.cli.options import choice
from aipipe.cli.paint import paint_of

COLORS = ("auto", "always", "never")


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """`out` is for results, `err` for everything said meanwhile."""

    out: Look
    err: Look
    interactive: bool
    """A person can be asked: standard input and standard error are terminals."""
    quiet: bool = False
    verbose: int = 0
    color: str = "auto"
    environment: Mapping[str, str] = field(default_factory=dict)

    def write(self, text: str) -> None:
        """Write results as they are."""
        write_results(sys.stdout, text)

    def print(self, text: str) -> None:
        """Write results, with a line end."""
        self.write(text + "\n")

    def say(self, text: str) -> None:
        """Write a message, with a line end."""
        write(sys.stderr, text + "\n")

    def note(self, text: str) -> None:
        """Write a message that `--quiet` leaves out."""
        if not self.quiet:
            self.say(text)


def screen(
    *, color: str = "auto", no_color: bool = False, quiet: bool = False, verbose: int = 0
) -> Screen:
    """The screen of this process, as its options ask.

    Raises:
        UsageError: `color` is an unknown word.
    """
    wanted = "never" if no_color else choice("--color", color, COLORS)
    out, err = sys.stdout.isatty(), sys.stderr.isatty()
    columns = shutil.get_terminal_size().columns
    return Screen(
        out=Look(
            paint=paint_of(wanted, os.environ, is_terminal=out), columns=columns if out else None
        ),
        err=Look(
            paint=paint_of(wanted, os.environ, is_terminal=err), columns=columns if err else None
        ),
        interactive=sys.stdin.isatty() and err,
        quiet=quiet,
        verbose=verbose,
        color=wanted,
        environment=os.environ,
    )


def format_of(chosen: str, *, json: bool, known: tuple[str, ...]) -> str:
    """The format to print in; `--json` is short for `--format json`.

    Raises:
        UsageError: the command does not print that.
    """
    return "json" if json else choice("--format", chosen, known)
