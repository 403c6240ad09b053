"""The version of a ledger's file: told, refused, or brought to today's after a backup."""

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing

from aipipe.memory import durable
from aipipe.memory.ledger import faults
from aipipe.memory.ledger.connecting import PRIVATE_FILE, Place, connect
from aipipe.memory.ledger.schema import Migration

_NO_CHANGE = "UPDATE clock SET day = day WHERE false"
"""Fails on a file that may only be read, where BEGIN IMMEDIATE does not, and writes nothing."""


def on_disk(place: Place) -> int:
    """The version that the file has, learnt without writing to it.

    Raises:
        LedgerError: no aipipe of this version or an earlier one wrote it.
    """
    if not place.file.stat().st_size:
        raise faults.damaged(place.file, "the file is empty")
    with closing(connect(place, mode="ro")) as connection:
        version = _known(place, connection)
        journal: str = connection.execute("PRAGMA journal_mode").fetchone()[0]
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if version == 0 or journal != "wal":
        raise faults.foreign(place.file)
    return version


def _known(place: Place, connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(place.migrations):
        raise faults.newer(place.file, version=version, known=len(place.migrations))
    return version


def settle(connection: sqlite3.Connection, place: Place, version: int) -> None:
    """Show that the file can be written to, and bring an older one to today's version."""
    connection.execute("BEGIN IMMEDIATE")
    if version < len(place.migrations):
        version = _known(place, connection)
    if version < len(place.migrations):
        _back_up(place, version)
        migrate(connection, place.migrations, since=version)
    connection.execute(_NO_CHANGE)
    connection.execute("COMMIT")


def migrate(connection: sqlite3.Connection, migrations: Sequence[Migration], *, since: int) -> None:
    """Bring a file of version `since` to today's, within the caller's transaction."""
    for migration in migrations[since:]:
        for statement in migration:
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {len(migrations)}")


def _back_up(place: Place, version: int) -> None:
    """Copy the ledger as it is; the caller holds its lock, so nothing is written meanwhile."""
    copy = place.home / f"ledger.v{version}.backup.sqlite3"
    new = copy.with_suffix(".new")
    os.close(os.open(new, os.O_CREAT | os.O_WRONLY, PRIVATE_FILE))
    with closing(connect(place, mode="ro")) as source, closing(sqlite3.connect(new)) as target:
        source.backup(target)
    durable.settle(new, copy, mode=PRIVATE_FILE)
