"""The text of a pipeline's file, and its lines."""

import re
from array import array
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Final

from aipipe.language.diagnostics import Diagnostic, Severity

BREAK: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""What the YAML parser counts as the end of a line."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the text. Both count from 0, in characters."""

    line: int
    column: int


class Source:
    """A text by its lines, under the name that the user gave it."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text

    @cached_property
    def _starts(self) -> "array[int]":
        """Where the lines begin: found for the first fault, 4 bytes each."""
        return array("I", chain((0,), (found.end() for found in BREAK.finditer(self.text))))

    def line(self, number: int) -> str:
        """A line without its end; past the last one it is empty."""
        if not 0 <= number < len(self._starts):
            return ""
        return BREAK.split(self.text[self._starts[number] : self._end(number)], maxsplit=1)[0]

    def _end(self, number: int) -> int:
        behind = number + 1
        return self._starts[behind] if behind < len(self._starts) else len(self.text)

    def mark_of(self, index: int) -> Mark:
        """The place of a character."""
        line = bisect_right(self._starts, index) - 1
        return Mark(line, index - self._starts[line])

    def diagnostic(
        self, code: str, message: str, mark: Mark, *hints: str, length: int = 1
    ) -> Diagnostic:
        """An error at a place; on an empty line, it is the end of the text before."""
        place = self._inside(mark)
        text = self.line(place.line)
        return Diagnostic(
            severity=Severity.ERROR,
            code=code,
            message=message,
            file=self.name,
            line=place.line + 1,
            column=place.column + 1,
            length=max(1, min(length, len(text) - place.column)),
            source=text,
            hints=hints,
        )

    def index_of(self, mark: Mark) -> int:
        """The number of a place's character; behind the last line, that of the end."""
        if mark.line >= len(self._starts):
            return len(self.text)
        return min(self._starts[mark.line] + mark.column, len(self.text))

    def _inside(self, mark: Mark) -> Mark:
        text = self.line(mark.line)
        if text.strip():
            return Mark(mark.line, min(mark.column, len(text)))
        last = min(mark.line, len(self._starts) - 1)
        return self.mark_of(len(self.text[: self._starts[last]].rstrip()))
