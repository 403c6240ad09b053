"""The log brought into the database file, in the way that is safe with the SQLite at hand.

SQLite 3.7.0 to 3.51.2 (except 3.44.6 and 3.50.7) can lose committed writes: while a checkpoint
begins, a commit on another connection may start the log anew, and the checkpoint does not
notice (https://sqlite.org/wal.html#walresetbug). There, a checkpoint runs on one connection
while another of ours holds the write lock, so nobody can commit meanwhile. The checkpoint that
SQLite runs when the last connection closes has the file for itself and is safe in every version.
"""

import sqlite3
from contextlib import closing

from aipipe.memory.ledger.connecting import Place, connect
from aipipe.memory.ledger.faults import PRIMARY_CODE

Version = tuple[int, int, int]

_FIRST_AFFECTED, _FIRST_MENDED = (3, 7, 0), (3, 51, 3)
_MENDED_BRANCHES = {(3, 44): 6, (3, 50): 7}


def has_wal_reset_bug(version: Version) -> bool:
    """True for the SQLite builds that may lose writes when a checkpoint meets a commit."""
    mended_from = _MENDED_BRANCHES.get(version[:2])
    if mended_from is not None and version[2] >= mended_from:
        return False
    return _FIRST_AFFECTED <= version < _FIRST_MENDED


def checkpoint(
    writing: sqlite3.Connection, place: Place, *, version: Version = sqlite3.sqlite_version_info
) -> bool:
    """True if the log is in the database file; False where somebody else was in the way.

    `writing` is a connection without an open transaction.
    """
    try:
        if has_wal_reset_bug(version):
            return _checkpoint_alone(writing, place)
        return _ran(writing, "TRUNCATE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & PRIMARY_CODE in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            return False
        raise


def _checkpoint_alone(writing: sqlite3.Connection, place: Place) -> bool:
    writing.execute("BEGIN IMMEDIATE")
    try:
        with closing(connect(place)) as other:
            return _ran(other, "PASSIVE")
    finally:
        writing.execute("ROLLBACK")


def _ran(connection: sqlite3.Connection, mode: str) -> bool:
    busy, logged, moved = connection.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
    return not busy and logged == moved
