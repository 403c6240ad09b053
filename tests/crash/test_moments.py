"""A run of 50 paid calls with faults of many kinds, killed at any moment and begun again."""

import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from os import environ, kill
from pathlib import Path

import pytest
from crash import program_forks
from crash.laws import account, check_money, check_results
from crash.running import pipeline
from support.till.starting import started

JOBS, NOW = 40, 10
KILLS = 13
"""In one run."""
FAULTS = {
    "throttled": 0.05,
    "unavailable": 0.05,
    "reset_before": 0.03,
    "error_charged": 0.03,
    "reset_charged": 0.04,
    "no_id": 0.03,
    "job_fails": 0.05,
    "job_fails_charged": 0.04,
    "output_refused": 0.04,
    "poll_error": 0.2,
    "poll_reset": 0.2,
    "gone": 0.04,
    "cut_off": 0.2,
    "cut_off_chunked": 0.2,
}


@dataclass
class Forks:
    """Processes that carry out a run at once, since all is imported already."""

    process: "subprocess.Popen[str]"

    def begin(self, folder: Path) -> int:
        """The number of a new one."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{folder}\n")
        self.process.stdin.flush()
        return int(self._line())

    def end(self) -> int:
        """The exit code of the last one, once it has ended."""
        return int(self._line())

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()


@contextmanager
def forks(till: dict[str, str], folder: Path) -> Iterator[Forks]:
    """Their complaints are in the file `complaints`."""
    with (
        (folder / "complaints").open("wb") as told,
        subprocess.Popen(
            [sys.executable, program_forks.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=told,
            text=True,
            env={**environ, **till},
        ) as process,
    ):
        yield Forks(process)


def killed(of: Forks, folder: Path, chance: random.Random) -> int | None:
    """A process that is killed after some charges and some milliseconds; its code if it ended."""
    wanted = len(account(folder)) + chance.choice([0, 0, 1, 2, 5])
    number = of.begin(folder)
    pause = threading.Event()
    for _ in range(60):
        if len(account(folder)) >= wanted:
            break
        pause.wait(0.005)
    pause.wait(chance.random() * chance.choice([0.01, 0.05, 0.2]))
    with suppress(ProcessLookupError):
        kill(number, signal.SIGKILL)
    code = of.end()
    return None if code == -signal.SIGKILL else code


def check(folder: Path, seed: int, kills: int) -> None:
    chance = random.Random(seed)
    (folder / "crash.yaml").write_text(pipeline(JOBS, NOW), encoding="utf-8")
    plan = {"chance": {"seed": seed, "times": 1, "kinds": FAULTS}, "lag": chance.choice([0, 50])}
    with started(folder / "till", plan) as till, forks(till.environment, folder) as of:
        for _ in range(kills):
            if killed(of, folder, chance) in {0, 4}:
                break
            check_money(folder)
        for _ in range(3):
            of.begin(folder)
            code = of.end()
            check_money(folder)
        assert not (folder / "complaints").read_text()
        check_results(folder, code)


@pytest.mark.parametrize("seed", range(16))
def test_no_moment_to_be_killed_at_costs_twice_or_loses_a_result(tmp_path: Path, seed: int) -> None:
    check(tmp_path, seed, KILLS)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(100, 260))
def test_none_of_many_moments_to_be_killed_at_costs_twice(tmp_path: Path, seed: int) -> None:
    check(tmp_path, seed, KILLS)
