"""The tables of the ledger, as the list of steps that bring an empty file to today's version.

A version is never edited once it is released: a change is one more step at the end. Money is
whole nano-dollars, times are seconds since 1970 (UTC), texts named as such hold JSON.
"""

from typing import TypeAlias

Migration: TypeAlias = tuple[str, ...]

_OPEN = "('intent', 'submitted', 'remote_done', 'answered', 'stored', 'cancelling', 'unconfirmed')"

V1: Migration = (
    """
    CREATE TABLE runs (
        id TEXT PRIMARY KEY, pipeline TEXT NOT NULL, file TEXT NOT NULL,
        file_key TEXT NOT NULL, inputs_key TEXT NOT NULL, command TEXT NOT NULL,
        folder TEXT NOT NULL, mock INTEGER NOT NULL, options TEXT NOT NULL,
        started REAL NOT NULL, ended REAL, status TEXT, exit_code INTEGER, totals TEXT,
        finished INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID""",
    "CREATE INDEX runs_started ON runs (started)",
    "CREATE INDEX runs_unfinished ON runs (file_key, inputs_key, started) WHERE NOT finished",
    """
    CREATE TABLE calls (
        id INTEGER PRIMARY KEY AUTOINCREMENT, run TEXT NOT NULL, task TEXT NOT NULL,
        type TEXT NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL,
        endpoint TEXT NOT NULL, key TEXT NOT NULL, open_key TEXT NOT NULL,
        occurrence INTEGER NOT NULL, attempt INTEGER NOT NULL, scopes TEXT NOT NULL,
        work TEXT NOT NULL, money TEXT NOT NULL, held INTEGER NOT NULL,
        billed INTEGER, computed INTEGER NOT NULL DEFAULT 0, evidence TEXT,
        remote_id TEXT, job TEXT, answer_path TEXT, answer_sha256 TEXT,
        outputs TEXT, error TEXT, created REAL NOT NULL, updated REAL NOT NULL
    )""",
    "CREATE INDEX calls_run ON calls (run)",
    "CREATE INDEX calls_model ON calls (model)",
    "CREATE INDEX calls_done ON calls (key) WHERE work = 'done'",
    f"CREATE INDEX calls_open ON calls (open_key) WHERE work IN {_OPEN}",
    """
    CREATE TABLE totals (
        scope TEXT PRIMARY KEY, held INTEGER NOT NULL DEFAULT 0,
        stuck INTEGER NOT NULL DEFAULT 0, spent INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID""",
    """
    CREATE TABLE events (
        run TEXT NOT NULL, seq INTEGER NOT NULL, json TEXT NOT NULL, PRIMARY KEY (run, seq)
    ) WITHOUT ROWID""",
    "CREATE TABLE clock (day TEXT NOT NULL)",
    "INSERT INTO clock VALUES ('')",
)

V2: Migration = (
    "ALTER TABLE calls ADD COLUMN likely INTEGER",
    "ALTER TABLE calls ADD COLUMN parts TEXT",
    "CREATE INDEX calls_task ON calls (task, id)",
)

MIGRATIONS: tuple[Migration, ...] = (V1, V2)
"""The step at place n brings version n to version n + 1."""

WORK_IS_OPEN = f"work IN {_OPEN}"
"""As the index has it: a question must repeat it word for word to use the index."""

BY_OPEN = "INDEXED BY calls_open"
"""SQLite would rather read every call than sort the few that are open."""
