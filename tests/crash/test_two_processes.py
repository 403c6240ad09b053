"""Two processes carry out one pipeline at one time: each call is paid for once, by either."""

import os
import random
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from crash import program_run
from crash.laws import account, check_money
from crash.running import pipeline
from support.till.starting import Till, started

JOBS, NOW = 12, 4


def begun(folder: Path, till: Till, out: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, program_run.__file__, str(folder), out],
        env={**os.environ, **till.environment},
        stderr=subprocess.DEVNULL,
    )


def wait_for(folder: Path, charges: int) -> None:
    """Until the till has charged so often."""
    for _ in range(2_000):
        if len(account(folder)) >= charges:
            return
        threading.Event().wait(0.005)
    raise AssertionError("the till is not asked")


def made(folder: Path, out: str) -> dict[str, str]:
    return {path.name: path.read_text() for path in (folder / out).glob("*_*.txt")}


def test_calls_are_shared_while_they_are_under_way(tmp_path: Path) -> None:
    (tmp_path / "crash.yaml").write_text(pipeline(JOBS, NOW), encoding="utf-8")
    with started(tmp_path / "till", {"polls": 5}) as till:
        processes = [begun(tmp_path, till, out) for out in ("a", "b")]
        codes = [process.wait(timeout=60) for process in processes]

    assert codes == [0, 0]
    assert len(account(tmp_path)) == JOBS + NOW
    assert made(tmp_path, "a") == made(tmp_path, "b")
    assert len(made(tmp_path, "a")) == JOBS + NOW


@pytest.mark.parametrize("seed", range(2))
def test_one_that_is_stopped_for_a_while_loses_nothing_and_costs_nothing_more(
    tmp_path: Path, seed: int
) -> None:
    check_stopped(tmp_path, seed)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(10, 70))
def test_one_that_is_stopped_at_many_moments_costs_nothing_more(tmp_path: Path, seed: int) -> None:
    check_stopped(tmp_path, seed)


def check_stopped(folder: Path, seed: int) -> None:
    chance = random.Random(seed)
    (folder / "crash.yaml").write_text(pipeline(JOBS, NOW), encoding="utf-8")
    with started(folder / "till", {"polls": 5}) as till:
        first = begun(folder, till, "a")
        wait_for(folder, chance.randint(1, JOBS))
        first.send_signal(signal.SIGSTOP)
        second = begun(folder, till, "b")
        with_patience(second, chance.random() * 2)
        check_money(folder)
        first.send_signal(signal.SIGCONT)
        codes = [process.wait(timeout=60) for process in (first, second)]
        check_money(folder)

    assert codes == [0, 0]
    assert len(account(folder)) == JOBS + NOW
    assert made(folder, "a") == made(folder, "b")


def with_patience(process: "subprocess.Popen[bytes]", seconds: float) -> None:
    """Give it some time; while it waits for what the other has begun it can't end."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=0.5 + seconds)
