"""Runs killed in a system call, or told there that the disk is full: nothing is paid twice."""

from pathlib import Path

import pytest
from crash import tracing
from crash.laws import account, check_money, check_results
from crash.running import pipeline
from support.till.starting import started

pytestmark = tracing.needed
WRITING = ("fdatasync", "fsync", "pwrite64", "rename", "sendto")
FULL = ("pwrite64", "write", "fsync", "fdatasync")
MOMENTS = (*range(1, 13), 15, 20, 30, 40)
"""Which of each thread's calls: a run of this kind makes some twenty syncs and a hundred writes."""


def check(folder: Path, what: str, call: str, when: str, *, begun: bool) -> None:
    """A run to which something happens; then the same command until it is done."""
    (folder / "crash.yaml").write_text(pipeline(2, 2), encoding="utf-8")
    with started(folder / "till") as till:
        if begun:
            tracing.carried_out(folder, till.environment, *KILLED_EARLY)
            check_money(folder)
        first = tracing.carried_out(folder, till.environment, *tracing.injected(what, call, when))
        check_money(folder)
        assert "Traceback" not in first.stderr, first.stderr
        assert first.returncode != 70, first.stderr
        for _ in range(2):
            last = tracing.carried_out(folder, till.environment)
            check_money(folder)
        check_results(folder, last.returncode)
        assert len({each.body for each in account(folder)}) == len(account(folder))


KILLED_EARLY = tracing.injected("signal=SIGKILL", "sendto", "1")
"""Before a byte of any call is sent: what is left is a ledger with intents."""


@pytest.mark.parametrize(
    ("call", "when"),
    [
        ("fdatasync", 3),
        ("fdatasync", 8),
        ("fsync", 2),
        ("pwrite64", 30),
        ("sendto", 2),
        ("rename", 1),
    ],
)
def test_a_kill_in_a_system_call(tmp_path: Path, call: str, when: int) -> None:
    check(tmp_path, "signal=SIGKILL", call, f"{when}", begun=when % 2 == 0)


@pytest.mark.parametrize(
    ("call", "when"), [("pwrite64", "20"), ("fdatasync", "4+"), ("write", "1+"), ("fsync", "2")]
)
def test_a_full_disk_in_a_system_call(tmp_path: Path, call: str, when: str) -> None:
    check(tmp_path, "error=ENOSPC", call, when, begun=True)


@pytest.mark.full
@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize("when", MOMENTS)
@pytest.mark.parametrize("call", WRITING)
def test_a_kill_in_any_system_call(tmp_path: Path, call: str, when: int, *, begun: bool) -> None:
    check(tmp_path, "signal=SIGKILL", call, f"{when}", begun=begun)


@pytest.mark.full
@pytest.mark.parametrize("lasts", ["", "+"])
@pytest.mark.parametrize("when", MOMENTS)
@pytest.mark.parametrize("call", FULL)
def test_a_full_disk_in_any_system_call(tmp_path: Path, call: str, when: int, lasts: str) -> None:
    check(tmp_path, "error=ENOSPC", call, f"{when}{lasts}", begun=when % 2 == 0)
