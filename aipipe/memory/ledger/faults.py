"""What can be wrong with the ledger's file, in words for the user. Nothing is ever deleted."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from aipipe.errors import UsageError

PRIMARY_CODE = 0xFF
_ELSEWHERE = "set AIPIPE_HOME to a folder of yours on a local disk"
_FORGETFUL = (
    "a new ledger does not know what was paid for: what is in the old one can be paid twice"
)


class LedgerError(UsageError):
    """The ledger can't be used as it is, and stays as it is."""

    code = "ledger"


class FullError(LedgerError):
    """The disk that holds the ledger is full."""

    code = "ledger_full"


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turns what SQLite says of the file at `path` into a LedgerError; bugs fly on."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0)
        if code & PRIMARY_CODE in _BUGS:
            raise
        raise _fault(code, path, error) from error


def is_full(error: sqlite3.Error) -> bool:
    """True where SQLite found no room, for the log or for its index."""
    code = getattr(error, "sqlite_errorcode", 0)
    return code & PRIMARY_CODE == sqlite3.SQLITE_FULL or code == sqlite3.SQLITE_IOERR_SHMSIZE


def damaged(path: Path, says: str) -> LedgerError:
    """For a file that is no whole ledger."""
    move = f"copy a backup over it, or move '{path.name}' and its '-wal' away: a new one is begun"
    return LedgerError(f"the ledger '{path}' is damaged: {says}", hints=(move, _FORGETFUL))


def foreign(path: Path) -> LedgerError:
    """For a database that no aipipe made."""
    return LedgerError(
        f"'{path}' is another program's database, not a ledger of aipipe's",
        hints=(f"move it away: a new ledger is begun in its place; or: {_ELSEWHERE}",),
    )


def newer(path: Path, *, version: int, known: int) -> LedgerError:
    """For a ledger that a later aipipe has written."""
    return LedgerError(
        f"the ledger '{path}' has version {version}, and this aipipe knows versions up to {known}",
        hints=("update aipipe: pip install -U aipipe",),
    )


def unreachable(path: Path, error: OSError) -> LedgerError:
    """For a folder or file that the system does not let us have."""
    return LedgerError(f"'{path}' can't be used: {error.strerror}", hints=(_ELSEWHERE,))


def networked(home: Path, kind: str) -> LedgerError:
    """For a folder on a file system whose locks can't be trusted."""
    return LedgerError(
        f"'{home}' is on a network file system ('{kind}'), where the ledger's locks do not hold",
        hints=(_ELSEWHERE,),
    )


def full(path: Path) -> FullError:
    """For a disk with no room left."""
    return FullError(
        f"the disk that holds the ledger '{path}' is full",
        hints=("make room, then run the same command again: it goes on where it stopped",),
    )


def _fault(code: int, path: Path, error: sqlite3.Error) -> LedgerError:
    if is_full(error):
        return full(path)
    primary = code & PRIMARY_CODE
    if primary in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        return damaged(path, str(error))
    message, hints = _WORDS.get(primary, ("can't be used: {error}", (_ELSEWHERE,)))
    return LedgerError(f"the ledger '{path}' " + message.format(error=error), hints=hints)


_BUGS = {0, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISUSE}

_WORDS: dict[int, tuple[str, Sequence[str]]] = {
    sqlite3.SQLITE_READONLY: (
        "can't be written to",
        ("give yourself the right to write to it and to its folder", _ELSEWHERE),
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "can't be opened",
        ("check who owns it and its folder", _ELSEWHERE),
    ),
    sqlite3.SQLITE_BUSY: (
        "is locked by another process",
        ("wait until that process ends, or end it", "run the same command again"),
    ),
    sqlite3.SQLITE_IOERR: (
        "can't be read or written: {error}",
        ("check the disk that holds it", "run the same command again"),
    ),
}
