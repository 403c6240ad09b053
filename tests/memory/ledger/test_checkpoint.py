"""The log is brought into the database only in a way that the SQLite at hand does safely."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from memory.ledger.keeping import ask, intent, run, world

from aipipe.memory.ledger.checkpoint import Version, checkpoint, has_wal_reset_bug
from aipipe.memory.ledger.connecting import Place, connect
from aipipe.memory.ledger.opening import open_ledger
from aipipe.memory.ledger.writer import Writer
from aipipe.memory.ledger.writing import write

AFFECTED, MENDED = (3, 40, 1), (3, 51, 3)


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 0), True),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 0), False),
    ],
)
def test_the_builds_with_the_bug_are_known(version: Version, affected: bool) -> None:  # noqa: FBT001
    assert has_wal_reset_bug(version) is affected


@pytest.mark.parametrize("version", [AFFECTED, MENDED])
def test_a_checkpoint_brings_all_into_the_database(place: Place, version: Version) -> None:
    with closing(open_ledger(place)) as connection:
        before = place.file.stat().st_size
        write(connection, [run(), *(intent(1, key="k" * 900) for _ in range(100))], world())

        assert checkpoint(connection, place, version=version)
        assert place.file.stat().st_size > before + 90_000


@pytest.mark.parametrize("version", [AFFECTED, MENDED])
def test_a_checkpoint_gives_way_to_whoever_writes(place: Place, version: Version) -> None:
    quick = Place(home=place.home, patience=0.01)
    with closing(open_ledger(quick)) as connection, closing(connect(place)) as other:
        write(connection, [run()], world())
        before = place.file.read_bytes()
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE clock SET day = '2026-11-24'")

        done = checkpoint(connection, quick, version=version)

        assert (done, other.execute("SELECT day FROM clock").fetchone()) == (False, ("2026-11-24",))
        assert version == MENDED or place.file.read_bytes() == before


def test_where_the_bug_is_nobody_can_commit_during_a_checkpoint(place: Place) -> None:
    quick = Place(home=place.home, patience=0.0)
    seen: list[tuple[str, bool, bool]] = []

    def look(statement: str) -> None:
        """Called before each statement of the connection that checkpoints."""
        brought_in = place.file.stat().st_size > small
        seen.append((statement, brought_in, can_write(quick)))

    with closing(open_ledger(place)) as connection:
        small = place.file.stat().st_size
        write(connection, [run(), *(intent(1, key="k" * 900) for _ in range(100))], world())
        connection.set_trace_callback(look)
        checkpoint(connection, place, version=AFFECTED)

    assert seen == [("BEGIN IMMEDIATE", False, True), ("ROLLBACK", True, False)]


def can_write(place: Place) -> bool:
    with closing(connect(place)) as other:
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
    return True


def test_the_log_is_gone_when_the_last_writer_closes(place: Place) -> None:
    log = Path(f"{place.file}-wal")
    with Writer(place, world()) as one:
        with Writer(place, world()) as two:
            ask(one, intent(1))
            ask(two, intent(2))
        assert log.exists()

    assert not log.exists()
