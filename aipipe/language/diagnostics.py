"""Faults in the user's file: first by their path in the document, then by line and column."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""Keys and indices from the document's top: `("steps", 0, "params", "voice")`."""


class Severity(StrEnum):
    """How bad it is. Only an error stops a run; `--strict` makes warnings stop it too."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something to tell the user about a place in a document."""

    severity: Severity = Severity.ERROR
    code: str
    """A stable word in snake_case: `unknown_key`, `duplicate_id`, `reference_to_itself`, …"""
    message: str
    at: Path
    on_key: bool = False
    """The fault is the key at the end of `at`, not its value."""
    hints: tuple[str, ...] = ()
    """Lines such as `did you mean 'elevenlabs'?`, most useful first."""
    file: str = ""
    """Absolute: the file of another pipeline that is used; nothing: the pipeline's own."""
    other: Path | None = None
    """A second place that has a part in it; its line is told as a hint."""
    within: tuple[int, int] | None = None
    """The characters of the value that are at fault, from and up to; None: all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """A fault with its place in the text. `line` and `column` count from 1, in characters."""

    severity: Severity
    code: str
    message: str
    file: str
    line: int | None = None
    column: int | None = None
    length: int = 1
    """Characters under the caret, all on `source`."""
    source: str | None = None
    """The line of text, without its end."""
    hints: tuple[str, ...] = ()
