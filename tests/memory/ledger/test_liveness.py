"""A run is alive while a process holds its lock, and no longer."""

import fcntl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from memory.ledger.keeping import TESTS, program

from aipipe.memory.ledger.liveness import RunTakenError, is_alive, living


@contextmanager
def elsewhere(home: Path, run: str) -> Iterator[subprocess.Popen[str]]:
    """The run, carried out by another process."""
    command = program("living", home, run)
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=TESTS, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "alive\n"
        yield process
        process.kill()


def test_a_run_is_alive_while_its_process_holds_it_and_leaves_nothing(tmp_path: Path) -> None:
    before = is_alive(tmp_path, "7k2m")
    with living(tmp_path, "7k2m"):
        during = is_alive(tmp_path, "7k2m"), is_alive(tmp_path, "other")

    assert (before, during, is_alive(tmp_path, "7k2m")) == (False, (True, False), False)
    assert list((tmp_path / "runs").iterdir()) == []


def test_a_killed_process_is_not_alive_though_its_file_is_there(tmp_path: Path) -> None:
    with elsewhere(tmp_path, "7k2m") as process:
        during = is_alive(tmp_path, "7k2m")
        process.kill()
        process.wait()
        after = is_alive(tmp_path, "7k2m")

    assert (during, after) == (True, False)
    assert (tmp_path / "runs" / "7k2m.lock").exists()
    with living(tmp_path, "7k2m"):
        assert is_alive(tmp_path, "7k2m")


def test_a_run_has_one_process(tmp_path: Path) -> None:
    with (
        elsewhere(tmp_path, "7k2m"),
        pytest.raises(RunTakenError, match="'7k2m' is going on"),
        living(tmp_path, "7k2m"),
    ):
        pass

    with living(tmp_path, "7k2m"), pytest.raises(RunTakenError), living(tmp_path, "7k2m"):
        pass


def test_whoever_only_looks_is_not_taken_for_the_owner(tmp_path: Path) -> None:
    with living(tmp_path, "7k2m"):
        pass
    (tmp_path / "runs" / "7k2m.lock").touch()

    with (tmp_path / "runs" / "7k2m.lock").open() as looking:
        fcntl.flock(looking, fcntl.LOCK_SH)
        assert not is_alive(tmp_path, "7k2m")
    with living(tmp_path, "7k2m"):
        assert is_alive(tmp_path, "7k2m")
