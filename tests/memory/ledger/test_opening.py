"""A ledger is made, opened and brought to today's version; one that can't be is left alone."""

import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from memory.ledger.keeping import LATER, ask, files, intent, newer, rows, run, taken, world
from support.golden import golden

from aipipe.errors import ExitCode
from aipipe.memory.ledger.connecting import NAME, Place, connect
from aipipe.memory.ledger.faults import LedgerError
from aipipe.memory.ledger.network import network_kind
from aipipe.memory.ledger.opening import open_ledger
from aipipe.memory.ledger.reading import reading
from aipipe.memory.ledger.schema import MIGRATIONS
from aipipe.memory.ledger.writer import Writer
from aipipe.memory.ledger.writing import write

MESSAGES = Path(__file__).parent / "messages"
MOUNTINFO = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
40 22 0:35 / {home} rw,relatime shared:7 master:1 - {kind} server:/export rw,vers=4.2
"""


def modes(home: Path) -> dict[str, int]:
    """Of a folder and what is in it, but for what readers may leave."""
    found = [path for path in home.iterdir() if not path.name.endswith(("-shm", "-wal"))]
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in [home, *found]}


def begun(place: Place, *, calls: int = 300) -> Place:
    """A ledger with some pages."""
    with Writer(place, world()) as writer:
        ask(writer, run(), *(intent(1, key=f"key {n}") for n in range(calls)))
    return place


def told(place: Place) -> str:
    """What the user reads of a ledger that can't be opened."""
    with pytest.raises(LedgerError) as caught:
        open_ledger(place).close()
    assert caught.value.exit_code is ExitCode.USAGE
    return "\n".join([caught.value.message, *caught.value.hints, ""])


def overwrite(place: Place, at: int, what: bytes) -> None:
    content = bytearray(place.file.read_bytes())
    content[at : at + len(what)] = what
    place.file.write_bytes(content)


def make_foreign(place: Place) -> None:
    place.file.unlink()
    with closing(sqlite3.connect(place.file)) as connection:
        connection.execute("CREATE TABLE moz_places (url TEXT)")


def make_newer(place: Place) -> None:
    with closing(connect(place)) as connection:
        connection.execute("PRAGMA user_version = 9")


DAMAGE: dict[str, Callable[[Place], None]] = {
    "empty": lambda place: os.truncate(place.file, 0),
    "garbage": lambda place: overwrite(place, 0, b"{}\n" * 5_000),
    "truncated": lambda place: os.truncate(place.file, 8_192),
    "cut_within_a_page": lambda place: os.truncate(place.file, 5_000),
    "malformed": lambda place: overwrite(place, 100, b"\xff" * 3_000),
    "foreign": make_foreign,
    "newer": make_newer,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_file_that_is_no_ledger_of_ours_is_told_and_left_as_it_is(
    place: Place, damage: str
) -> None:
    DAMAGE[damage](begun(place))
    before = files(place.home)

    message = told(place)

    assert files(place.home) == before
    golden(MESSAGES / f"{damage}.txt", message.replace(str(place.home), "HOME"))


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_reader_tells_the_same_as_a_writer(place: Place, damage: str) -> None:
    DAMAGE[damage](begun(place))

    with pytest.raises(LedgerError) as caught, reading(place):
        pass

    assert caught.value.message == told(place).splitlines()[0]


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "ceph", "lustre"])
def test_a_network_file_system_is_refused_before_anything_is_made(
    tmp_path: Path, kind: str
) -> None:
    home = tmp_path / "with blank"
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTINFO.format(home=str(home).replace(" ", r"\040"), kind=kind))

    message = told(Place(home=home / "below", mounts=mounts))

    assert not home.exists()
    if kind == "nfs4":
        golden(MESSAGES / "network.txt", message.replace(str(home), "HOME"))


@pytest.mark.parametrize("kind", ["ext4", "tmpfs", "overlay", "btrfs", "fuse.encfs"])
def test_a_local_file_system_is_taken(tmp_path: Path, kind: str) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTINFO.format(home=tmp_path / "home", kind=kind))

    open_ledger(Place(home=tmp_path / "home", mounts=mounts)).close()

    assert (tmp_path / "home" / NAME).exists()


@pytest.mark.parametrize(
    ("mounts", "kind"),
    [
        (["/ ext4", "/net nfs", "/net/disk ext4"], None),
        (["/ ext4", "/net/disk ext4", "/net nfs"], None),
        (["/ nfs", "/net ext4"], None),
        (["/net/disk cifs", "/net ext4", "/ ext4"], "cifs"),
        (["/ ext4", "/net/disk ext4", "/net/disk nfs"], "nfs"),
        (["/ ext4", "/net/disk nfs", "/net/disk ext4"], None),
    ],
)
def test_the_deepest_and_latest_mount_is_the_one_that_counts(
    tmp_path: Path, mounts: list[str], kind: str | None
) -> None:
    listed = tmp_path / "mountinfo"
    points = [mount.split() for mount in mounts]
    listed.write_text("".join(f"1 2 0:3 / {point} rw - {fs} s rw\n" for point, fs in points))

    assert network_kind(Path("/net/disk/home"), listed) == kind


def test_a_network_mount_beside_the_folder_is_no_reason(tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTINFO.format(home=tmp_path / "hom", kind="nfs"))

    open_ledger(Place(home=tmp_path / "home", mounts=mounts)).close()

    assert (tmp_path / "home" / NAME).exists()


@contextmanager
def as_nobody() -> Iterator[Path]:
    """A folder of one's own, for a user whom permissions bind (root is made to be nobody)."""
    folder = Path(tempfile.mkdtemp(prefix="ledger-"))
    was = os.geteuid()
    try:
        if was == 0:
            os.chown(folder, 65_534, 65_534)
            os.seteuid(65_534)
        yield folder
    finally:
        os.seteuid(was)
        folder.chmod(0o700)
        shutil.rmtree(folder)


needs_posix = pytest.mark.skipif(not hasattr(os, "seteuid"), reason="POSIX permissions")


@needs_posix
def test_a_ledger_that_may_not_be_written_is_told() -> None:
    with as_nobody() as folder:
        place = begun(Place(home=folder / "home"))
        place.file.chmod(0o400)
        before = files(place.home)

        message = told(place)

        assert files(place.home) == before
    golden(MESSAGES / "readonly.txt", message.replace(str(folder), "HOME"))


@needs_posix
def test_a_folder_that_may_not_be_entered_is_told() -> None:
    with as_nobody() as folder:
        place = begun(Place(home=folder / "home"))
        place.home.chmod(0)
        message = told(place)
        with pytest.raises(LedgerError) as caught, reading(place):
            pass
        place.home.chmod(0o700)

    assert caught.value.message == message.splitlines()[0]
    golden(MESSAGES / "forbidden.txt", message.replace(str(folder), "HOME"))


@needs_posix
def test_a_folder_that_may_not_be_made_is_told() -> None:
    with as_nobody() as folder:
        folder.chmod(0o500)
        message = told(Place(home=folder / "home"))

    golden(MESSAGES / "not_made.txt", message.replace(str(folder), "HOME"))


def test_a_ledger_that_another_process_holds_is_told(place: Place) -> None:
    begun(place)
    with closing(connect(place)) as other:
        other.execute("BEGIN IMMEDIATE")
        message = told(replace(place, patience=0.01))

    golden(MESSAGES / "locked.txt", message.replace(str(place.home), "HOME"))


def test_ledgers_that_are_begun_at_one_time_are_one(place: Place) -> None:
    with ThreadPoolExecutor(8) as pool:
        opened = [pool.submit(open_ledger, place) for _ in range(8)]
    for future in opened:
        with closing(future.result()) as connection:
            write(connection, [intent(1)], world())

    assert len(rows(place, "SELECT * FROM calls")) == 8
    assert modes(place.home) == {"home": 0o700, NAME: 0o600}


def test_folder_and_files_are_for_the_user_alone(place: Place) -> None:
    with Writer(place, world()) as writer:
        taken(writer, intent(1))
        working = [place.home / f"{NAME}-wal", place.home / f"{NAME}-shm"]
        assert [stat.S_IMODE(path.stat().st_mode) for path in working] == [0o600, 0o600]

    assert modes(place.home) == {"home": 0o700, "ballast": 0o600, NAME: 0o600}


def test_every_connection_waits_for_the_disk(place: Place) -> None:
    asked = "synchronous", "journal_mode", "wal_autocheckpoint"
    open_ledger(place).close()

    for mode in ("rw", "ro"):
        with closing(connect(place, mode=mode)) as connection:
            told = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in asked]
        assert told == [2, "wal", 0]


def test_a_closed_ledger_is_one_file_that_can_be_copied(place: Place, tmp_path: Path) -> None:
    begun(place, calls=5)
    assert sorted(path.name for path in place.home.iterdir()) == ["ballast", NAME]

    copy = Place(home=tmp_path / "copy")
    copy.home.mkdir()
    shutil.copy(place.file, copy.file)

    assert [row["key"] for row in rows(copy, "SELECT key FROM calls")] == [
        f"key {n}" for n in range(5)
    ]


def test_reading_where_no_ledger_was_begun_makes_nothing(place: Place) -> None:
    with reading(place) as reader:
        assert reader is None

    assert not place.home.exists()


def test_an_older_ledger_is_migrated_after_a_copy_of_it_was_kept(place: Place) -> None:
    begun(place, calls=3)
    todays = newer(place.home)

    open_ledger(todays).close()

    assert [tuple(row) for row in rows(todays, "SELECT id, colour FROM runs")] == [("r", None)]
    assert rows(todays, "PRAGMA user_version")[0][0] == len(MIGRATIONS) + 1
    copy = place.home / f"ledger.v{len(MIGRATIONS)}.backup.sqlite3"
    assert modes(place.home) == {"home": 0o700, "ballast": 0o600, NAME: 0o600, copy.name: 0o600}
    kept = Place(home=place.home.parent / "kept")
    kept.home.mkdir()
    shutil.copy(copy, kept.file)
    open_ledger(kept).close()
    assert len(rows(kept, "SELECT * FROM calls")) == 3


def test_a_reader_of_an_older_ledger_reads_it_as_todays(place: Place) -> None:
    begun(place, calls=3)

    with reading(replace(place, migrations=(*MIGRATIONS, LATER[1:]))) as reader:
        assert reader is not None
        assert len(reader.open_calls()) == 3


def test_a_migration_that_fails_leaves_the_ledger_as_it_was(place: Place) -> None:
    begun(place, calls=3)
    broken = replace(place, migrations=(*MIGRATIONS, (*LATER, "DROP TABLE no_such_table")))

    with pytest.raises(sqlite3.OperationalError, match="no_such_table"):
        open_ledger(broken).close()

    with closing(open_ledger(place)) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(runs)")]
    assert "colour" not in columns
    assert len(rows(place, "SELECT * FROM calls")) == 3


def test_damage_that_only_a_page_within_has_is_told_when_it_is_met(place: Place) -> None:
    begun(place)
    root = rows(place, "SELECT rootpage FROM sqlite_master WHERE name = 'totals'")[0][0]
    overwrite(place, (root - 1) * 4096, b"\xff" * 4096)

    with Writer(place, world()) as writer, pytest.raises(LedgerError) as caught:
        ask(writer, intent(1))

    message = f"the ledger '{place.file}' is damaged: database disk image is malformed"
    assert caught.value.message == message
