"""The ledger's file: made whole, checked, brought to today's version, and opened.

A new ledger is built under another name and linked into place, so an empty or cut-off file in
its place is always damage, and two processes that begin one at the same time share it.
"""

import os
import secrets
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from aipipe.memory import durable
from aipipe.memory.ledger import faults, versions
from aipipe.memory.ledger.connecting import NAME, PRIVATE_FILE, PRIVATE_FOLDER, Place, connect
from aipipe.memory.ledger.network import network_kind


def open_ledger(place: Place) -> sqlite3.Connection:
    """A connection that may write, to a ledger of today's version, made where there is none.

    Raises:
        LedgerError: the ledger can't be used.
    """
    try:
        _refuse_network(place)
        durable.make_folder(place.home, mode=PRIVATE_FOLDER)
        if not _is_there(place):
            with faults.told(place.file):
                _begin(place)
    except OSError as error:
        raise faults.unreachable(place.home, error) from error
    with faults.told(place.file):
        version = versions.on_disk(place)
        connection = connect(place)
        try:
            versions.settle(connection, place, version)
        except BaseException:
            connection.close()
            raise
        return connection


def open_to_read(place: Place) -> sqlite3.Connection | None:
    """A connection that only reads; None where no ledger was begun. Makes nothing.

    Raises:
        LedgerError: the ledger can't be used.
    """
    try:
        if not _is_there(place):
            return None
        _refuse_network(place)
    except OSError as error:
        raise faults.unreachable(place.home, error) from error
    with faults.told(place.file):
        version = versions.on_disk(place)
        if version < len(place.migrations):
            open_ledger(place).close()
        return connect(place, mode="ro")


def _is_there(place: Place) -> bool:
    """False where there is none; a folder that may not be looked into is no such case."""
    try:
        place.file.stat()
    except FileNotFoundError:
        return False
    return True


def _refuse_network(place: Place) -> None:
    if kind := network_kind(place.home, place.mounts):
        raise faults.networked(place.home, kind)


def _begin(place: Place) -> None:
    """Make an empty ledger; where another process was faster, its ledger stands."""
    new = place.home / f"{NAME}.{secrets.token_hex(4)}.new"
    os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_RDWR, PRIVATE_FILE))
    try:
        with closing(sqlite3.connect(new, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = FULL")
            (journal,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
            connection.execute("BEGIN IMMEDIATE")
            versions.migrate(connection, place.migrations, since=0)
            connection.execute("COMMIT")
        if journal != "wal" or not _is_whole(new, len(place.migrations)):
            raise faults.full(place.file)  # SQLite passes over both, and over nothing else
        _link(new, place.file)
    finally:
        new.unlink()


def _is_whole(new: Path, version: int) -> bool:
    """Whether closing a new ledger has brought all of its log into it."""
    if new.with_name(f"{new.name}-wal").exists():
        return False
    with closing(sqlite3.connect(f"{new.absolute().as_uri()}?immutable=1", uri=True)) as connection:
        found: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return found == version


def _link(new: Path, file: Path) -> None:
    with new.open("r+b") as content:
        os.fsync(content.fileno())
    with suppress(FileExistsError):
        os.link(new, file)
    durable.sync_folder(file.parent)
