"""The text of a pipeline's file, and its lines."""

import os
import re
from bisect import bisect_right
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path as FilePath
from typing import Final

from aipipe.errors import PipelineFaultsError, UsageError
from aipipe.language.diagnostics import Diagnostic, Severity

LARGEST: Final = 10_000_000
"""Bytes."""
_BREAK: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""What the YAML parser counts as the end of a line."""
_UNPRINTABLE: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_WIDE: Final = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


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
        ends = [(m.start(), m.end()) for m in _BREAK.finditer(text)]
        self._starts = [0, *(end for _, end in ends)]
        self._ends = [*(start for start, _ in ends), len(text)]

    def line(self, number: int) -> str:
        """A line without its end; past the last one it is empty."""
        if not 0 <= number < len(self._starts):
            return ""
        return self.text[self._starts[number] : self._ends[number]]

    def mark_of(self, index: int) -> Mark:
        """The place of a character."""
        line = bisect_right(self._starts, index) - 1
        return Mark(line, index - self._starts[line])

    def diagnostic(
        self, code: str, message: str, mark: Mark, *hints: str, length: int = 1
    ) -> Diagnostic:
        """An error at a place; past the end of the text, it is the end of the last line."""
        line, column = self._inside(mark)
        text = self.line(line)
        return Diagnostic(
            severity=Severity.ERROR,
            code=code,
            message=message,
            file=self.name,
            line=line + 1,
            column=column + 1,
            length=max(1, min(length, len(text) - column)),
            source=text,
            hints=hints,
        )

    def _inside(self, mark: Mark) -> tuple[int, int]:
        line, column = mark.line, mark.column
        while line > 0 and (line >= len(self._starts) or not self.line(line).strip()):
            line -= 1
            column = len(self.line(line).rstrip())
        return line, min(column, len(self.line(line)))


def load(path: str) -> Source:
    """The text of a file.

    Raises:
        UsageError: it can't be read.
        PipelineFaultsError: it is no UTF-8 text.
    """
    return decoded(path, _bytes(path))


def decoded(name: str, content: bytes) -> Source:
    """UTF-8 bytes as text, without a byte order mark.

    Raises:
        PipelineFaultsError: they are something else.
    """
    if wide := _WIDE.get(content[:2]):
        raise _fault(name, "not_utf8", f"the file is {wide}, not UTF-8", "save it as UTF-8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_utf8(name, content, error) from None
    return checked(name, text)


def checked(name: str, text: str) -> Source:
    """A text that has no unprintable characters.

    Raises:
        PipelineFaultsError: it has one.
    """
    source = Source(name, text)
    found = _UNPRINTABLE.search(text)
    if found is None:
        return source
    fault = source.diagnostic(
        "unprintable",
        f"an unprintable character (U+{ord(found[0]):04X}) stands here",
        source.mark_of(found.start()),
        "remove it, or write it as an escape inside double quotes",
    )
    raise PipelineFaultsError([fault])


def _bytes(path: str) -> bytes:
    try:
        with FilePath(path).open("rb") as file:
            content = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    if len(content) > LARGEST:
        raise UsageError(
            f"'{path}' is larger than {LARGEST // 1_000_000} MB, too large for a pipeline",
            hints=("put long lists into a .csv or .jsonl file and name it under 'inputs'",),
        )
    return content


def _unreadable(path: str, error: OSError | ValueError) -> UsageError:
    match error:
        case FileNotFoundError():
            return UsageError(f"there is no file '{path}'", hints=_close_files(path))
        case IsADirectoryError():
            return UsageError(
                f"'{path}' is a folder, not a pipeline file", hints=_files_in(FilePath(path))
            )
        case PermissionError():
            return UsageError(f"'{path}' can't be read: permission denied")
        case OSError():
            return UsageError(f"'{path}' can't be read: {(error.strerror or str(error)).lower()}")
        case _:
            return UsageError(f"{path!r} is no file name")


def _close_files(path: str) -> tuple[str, ...]:
    wanted = FilePath(path)
    try:
        names = sorted(entry.name for entry in os.scandir(wanted.parent) if entry.is_file())
    except OSError:
        return ()
    close = get_close_matches(wanted.name, names, 1)
    return (f"did you mean '{wanted.parent / close[0]}'?",) if close else ()


def _files_in(folder: FilePath) -> tuple[str, ...]:
    found = sorted(str(p) for p in folder.glob("*.y*ml"))[:3]
    return (f"pipelines in it: {', '.join(found)}",) if found else ()


def _not_utf8(name: str, content: bytes, error: UnicodeDecodeError) -> PipelineFaultsError:
    before = content[: error.start].decode("utf-8-sig", errors="replace")
    last = re.split(_BREAK, content[error.start :].decode("latin-1"), maxsplit=1)[0]
    source = Source(name, before + last)
    mark = source.mark_of(len(before))
    byte = content[error.start]
    fault = source.diagnostic(
        "not_utf8",
        f"the file is not UTF-8: byte {error.start} is 0x{byte:02X}",
        mark,
        "save it as UTF-8 (the line is shown as Latin-1)",
    )
    return PipelineFaultsError([fault])


def _fault(name: str, code: str, message: str, *hints: str) -> PipelineFaultsError:
    fault = Diagnostic(
        severity=Severity.ERROR, code=code, message=message, file=name, hints=hints
    )
    return PipelineFaultsError([fault])
