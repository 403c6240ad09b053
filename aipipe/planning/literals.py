"""A value that the user wrote out: a text, a file, or plain data."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath

from aipipe.contracts.addresses import is_address
from aipipe.contracts.artefact import InputFile, Json, Value
from aipipe.contracts.media import DATA, SUBTITLES, TEXT, Medium
from aipipe.language.diagnostics import Path
from aipipe.planning.addresses import file_at, said_medium
from aipipe.planning.bindings import One
from aipipe.planning.context import Context

OUTRIGHT = frozenset({"text", "file", "url"})
"""The words that say what a value is."""
ONLY_READ = frozenset({"tsv"})
"""Extensions of files that are read, and that no step makes."""
TYPED_URL = frozenset({"url", "type"})
"""An address whose extension does not say what is there."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A written value, its type, and what to call it (a file's stem)."""

    value: Value
    type: One
    key: str | None = None


def literal(written: Json, folder: str, at: Path, context: Context) -> Literal | None:
    """What a written value means; None: it is at fault (and noted)."""
    if isinstance(written, str):
        return _string(written, folder, at, context)
    if isinstance(written, Mapping) and is_outright(written):
        return _outright(written, folder, at, context)
    return Literal(written, One(None))


def plain(written: object) -> Json:
    """A value without references, as the file could hold it: lists and mappings of scalars."""
    if isinstance(written, tuple | list):
        return [plain(each) for each in written]
    if isinstance(written, Mapping):
        return {str(key): plain(value) for key, value in written.items()}
    return written  # type: ignore[return-value] # scalars


def is_outright(written: object) -> bool:
    """Whether it says what it is: `{file: …}`, `{url: …, type: image}`."""
    if not isinstance(written, Mapping):
        return False
    return written.keys() == TYPED_URL or (len(written) == 1 and written.keys() <= OUTRIGHT)


def looks_like_path(text: str, context: Context) -> bool:
    """One line with a known extension, or with a slash and no spaces."""
    if "\n" in text or not text.strip():
        return False
    extension = PurePath(text).suffix[1:].lower()
    known = extension and context.registry.medium_of_extension(extension) is not None
    if known or extension in ONLY_READ:
        return True
    return "/" in text and " " not in text


def absolute(path: str, folder: str) -> str:
    """A path as the file system knows it."""
    return os.path.normpath(os.path.join(folder, os.path.expanduser(path)))  # noqa: PTH111, PTH118


def file_literal(
    path: str, folder: str, at: Path, context: Context, *, wanted: Medium | None = None
) -> Literal | None:
    """The file at a path or address: its text where it is one, else a promise to read it.

    `wanted` is the medium that is taken there, for an address that does not tell its own.
    """
    if is_address(path):
        return _at_address(file_at(path, at, context, wanted=wanted))
    found = absolute(path, folder)
    match context.files.kind(found):
        case None:
            context.fault(
                "missing_file",
                f"no file '{path}'",
                at,
                f"looked in {folder}",
                "to use these words as text, write  {text: …}",
            )
            return None
        case "folder":
            context.fault("is_a_folder", f"'{path}' is a folder, not a file", at)
            return None
        case "file":
            return _file(found, path, at, context, wanted)


def _string(written: str, folder: str, at: Path, context: Context) -> Literal | None:
    if is_address(written):
        return _at_address(file_at(written, at, context))
    if looks_like_path(written, context):
        return file_literal(written, folder, at, context)
    return Literal(written, One(TEXT))


def _outright(
    written: Mapping[str, Json], folder: str, at: Path, context: Context
) -> Literal | None:
    if "url" in written:
        return _of_url(written, at, context)
    kind, value = next(iter(written.items()))
    if kind == "text":
        return Literal(str(value), One(TEXT))
    return file_literal(str(value), folder, (*at, kind), context)


def _of_url(written: Mapping[str, Json], at: Path, context: Context) -> Literal | None:
    said = None
    if "type" in written:
        said = said_medium(written["type"], (*at, "type"), context)
        if said is None:
            return None
    return _at_address(file_at(str(written["url"]), (*at, "url"), context, said=said))


def _at_address(file: InputFile | None) -> Literal | None:
    return None if file is None else Literal(file, One(file.medium), file.label)


def _file(
    found: str, path: str, at: Path, context: Context, wanted: Medium | None
) -> Literal | None:
    stem = PurePath(found).stem
    medium = context.files.medium(found)
    if medium is None:
        context.fault("unknown_file", f"'{path}' is of no known kind", at)
        return None
    if medium not in {TEXT, DATA, SUBTITLES} or (medium == wanted and medium != TEXT):
        file = InputFile(path=found, medium=medium, label=stem)
        return Literal(file, One(medium), stem)
    text = read_text(found, path, at, context)
    return None if text is None else Literal(text, One(TEXT), stem)


def _why(error: UnicodeDecodeError) -> str:
    is_zero = error.object[error.start : error.end].strip(b"\0") == b""
    return "is no text: it has a zero byte" if is_zero else "is not UTF-8"


def read_text(found: str, path: str, at: Path, context: Context) -> str | None:
    """A file's text; None: it can't be read (and that is noted)."""
    try:
        return context.files.text(found)
    except UnicodeDecodeError as error:
        context.fault("not_utf8", f"'{path}' {_why(error)} at byte {error.start + 1}", at)
    except OSError as error:
        context.fault("unreadable", f"can't read '{path}': {error.strerror}", at)
    return None
