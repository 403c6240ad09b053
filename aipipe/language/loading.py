"""The text of a pipeline's file, as far as it is one."""

import os
import re
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from aipipe.errors import PipelineFaultsError, UsageError
from aipipe.language.diagnostics import Diagnostic, Severity
from aipipe.language.source import BREAK, Source

LARGEST: Final = 10_000_000
"""Bytes."""
_UNPRINTABLE: Final = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
"""What YAML allows only as an escape."""
BOM: Final = "\ufeff"
"""A byte order mark, which editors put before UTF-8 too."""
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")


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
    if content.startswith(_UTF_16):
        raise PipelineFaultsError([_utf_16(name)])
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise PipelineFaultsError([_not_utf8(name, content, error.start)]) from None
    return checked(name, text.removeprefix(BOM))


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
        with Path(path).open("rb") as file:
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
            message = f"'{path}' is a folder, not a pipeline file"
            return UsageError(message, hints=_files_in(Path(path)))
        case OSError():
            return UsageError(f"'{path}' can't be read: {(error.strerror or str(error)).lower()}")
        case _:
            return UsageError(f"{path!r} is no file name")


def _close_files(path: str) -> tuple[str, ...]:
    wanted = Path(path)
    try:
        names = sorted(entry.name for entry in os.scandir(wanted.parent) if entry.is_file())
    except OSError:
        return ()
    close = get_close_matches(wanted.name, names, 1)
    return (f"did you mean '{wanted.parent / close[0]}'?",) if close else ()


def _files_in(folder: Path) -> tuple[str, ...]:
    found = sorted(str(path) for path in folder.glob("*.y*ml"))[:3]
    return (f"pipelines in it: {', '.join(found)}",) if found else ()


def _utf_16(name: str) -> Diagnostic:
    return Diagnostic(
        severity=Severity.ERROR,
        code="not_utf8",
        message="the file is UTF-16, not UTF-8",
        file=name,
        hints=("save it as UTF-8",),
    )


def _not_utf8(name: str, content: bytes, start: int) -> Diagnostic:
    before = content[:start].decode().removeprefix(BOM)
    rest = BREAK.split(content[start:].decode("latin-1"), maxsplit=1)[0]
    source = Source(name, before + rest)
    return source.diagnostic(
        "not_utf8",
        f"the file is not UTF-8: byte {start} is 0x{content[start]:02X}",
        source.mark_of(len(before)),
        "save it as UTF-8 (the line is shown as Latin-1)",
    )
