"""Where a ledger lies, and connections to it, each as durable as every other."""

import sqlite3
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aipipe.memory.ledger import faults
from aipipe.memory.ledger.network import MOUNTS
from aipipe.memory.ledger.schema import MIGRATIONS, Migration

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
NAME = "ledger.sqlite3"
PATIENCE = 60.0
"""Seconds to wait for another process's transaction before the ledger counts as locked."""

_FULL_SYNCHRONOUS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a ledger lies, and what is known about the world around it."""

    home: Path
    migrations: Sequence[Migration] = MIGRATIONS
    mounts: Path = MOUNTS
    patience: float = PATIENCE

    @property
    def file(self) -> Path:
        """The database; SQLite puts its log beside it."""
        return self.home / NAME

    @property
    def log(self) -> Path:
        """What SQLite writes first; it goes when the last connection is closed."""
        return self.home / f"{NAME}-wal"


def connect(place: Place, *, mode: str = "rw") -> sqlite3.Connection:
    """One connection, as durable as every other; it may travel to another thread."""
    connection = sqlite3.connect(
        f"{place.file.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=place.patience,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        _harden(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _harden(connection: sqlite3.Connection) -> None:
    """Every commit reaches the disk; no checkpoint comes by itself (see `checkpoint`)."""
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    if sys.platform == "darwin":
        connection.execute("PRAGMA fullfsync = ON")
        connection.execute("PRAGMA checkpoint_fullfsync = ON")
    wanted = {"synchronous": _FULL_SYNCHRONOUS, "wal_autocheckpoint": 0}
    if sys.platform == "darwin":
        wanted |= {"fullfsync": 1, "checkpoint_fullfsync": 1}
    for name, value in wanted.items():
        if connection.execute(f"PRAGMA {name}").fetchone() != (value,):
            raise faults.LedgerError(f"this SQLite can't be told '{name}'")
