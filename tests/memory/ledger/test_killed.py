"""Whatever was answered is there after a kill, and nothing is there by half."""

import json
import random
import shutil
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from memory.ledger.keeping import (
    TESTS,
    all_calls,
    ask,
    intent,
    kept_totals,
    newer,
    program,
    rows,
    summed_totals,
    world,
)

from aipipe.memory.ledger.connecting import Place
from aipipe.memory.ledger.opening import open_ledger
from aipipe.memory.ledger.states import Money, Work
from aipipe.memory.ledger.writer import Writer

WORKS = {
    "Accept": Work.SUBMITTED,
    "Settle": Work.SUBMITTED,
    "Fail": Work.FAILED,
    "Reject": Work.REJECTED,
    "Doubt": Work.UNCONFIRMED,
}


def killed(place: Place, seed: str, lines: int) -> list[dict[str, str | int]]:
    """What a process said was answered, until it was killed at some moment after many lines."""
    command = program("busy", place.home, seed)
    with subprocess.Popen(command, cwd=TESTS, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(lines)]
        process.kill()
        assert all(said), "it ended by itself"
        said += process.stdout.readlines()
    return [json.loads(line) for line in said if line.endswith("\n")]


@pytest.mark.parametrize("kills", [20, pytest.param(300, marks=pytest.mark.full)])
def test_after_a_kill_all_that_was_answered_is_there(place: Place, kills: int) -> None:
    chance = random.Random(kills)
    facts: list[dict[str, str | int]] = []
    for n in range(kills):
        facts += killed(place, f"{n}", chance.randrange(1, 400))
        with closing(open_ledger(place)) as connection:
            assert connection.execute("PRAGMA quick_check").fetchall() == [("ok",)]

    calls = {call.id: call for call in all_calls(place)}
    events = {row["json"] for row in rows(place, "SELECT json FROM events")}
    for fact in facts:
        call = calls[int(fact["call"])]
        assert call.key == fact["key"]
        match fact.get("step"):
            case None:
                continue
            case "Settle":
                assert (call.state.money, call.billed) == (Money.BILLED, 3)
            case "Free":
                assert call.state.money is Money.FREE
            case step:
                reached = {WORKS[str(step)], Work.FAILED if step == "Accept" else WORKS[str(step)]}
                assert call.state.work in reached
        assert fact["key"] in events
    assert kept_totals(place) == summed_totals(place)
    assert len(facts) > kills


def killed_at(home: Path, moment: int) -> bool:
    """True if opening the ledger was killed at so many writes, syncs, links and removals."""
    calls = "pwrite64,write,fsync,fdatasync,link,rename,unlink,ftruncate"
    fault = f"inject={calls}:signal=KILL:when={moment}"
    command = ["strace", "-f", "-o", "/dev/null", "-e", fault, *program("opening", home)]
    return subprocess.run(command, cwd=TESTS, capture_output=True, check=False).returncode != 0


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is missing")
@pytest.mark.parametrize("step", [9, pytest.param(1, marks=pytest.mark.full)])
@pytest.mark.parametrize("calls", [0, 3], ids=["new", "older"])
def test_a_ledger_that_was_killed_while_it_was_made_or_migrated_opens(
    tmp_path: Path, calls: int, step: int
) -> None:
    for moment in range(1, 1_000, step):
        home = tmp_path / f"{moment}"
        if calls:
            with Writer(Place(home=home), world()) as writer:
                ask(writer, *(intent(1) for _ in range(calls)))
        went_on = not killed_at(home, moment)
        Writer(newer(home), world()).close()
        assert len(all_calls(newer(home))) == calls
        assert kept_totals(newer(home)) == summed_totals(newer(home))
        if went_on:
            break

    assert moment > 20
