"""Where the YAML parser stopped, and what is told of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from aipipe.language.events import Event
from aipipe.language.source import Mark, Source

_SHOWN: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Stumble:
    """Where the parser stopped, why, and what it was reading (`begun`)."""

    problem: str
    context: str
    at: Mark
    begun: Mark | None
    last: Event | None
    """What it had read before."""
    open: tuple[Mark, ...]
    """Where the lists and mappings begin that it was in, outermost first."""
    source: Source

    @property
    def line(self) -> str:
        """The line at which it stopped."""
        return self.source.line(self.at.line)

    @property
    def before(self) -> str:
        """What stands on that line before the place."""
        return self.line[: self.at.column]

    @property
    def rest(self) -> str:
        """What stands from there to the end of the line."""
        return self.line[self.at.column :]

    def text_from(self, mark: Mark) -> str:
        """What stands from a place to the end of its line."""
        return self.source.line(mark.line)[mark.column :].rstrip()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to tell, and where."""

    code: str
    message: str
    at: Mark
    hints: tuple[str, ...] = ()
    length: int = 1


Judge = Callable[[Stumble], Verdict | None]
"""Knows one mistake; None: it is another."""


def cut(text: str) -> str:
    """A text as messages show it."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def indent_of(line: str) -> str:
    """What stands before the first word."""
    return line[: len(line) - len(line.lstrip())]
