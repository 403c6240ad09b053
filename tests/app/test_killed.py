"""A run killed at random moments and begun again: nothing is paid twice, nothing paid is lost."""

import random
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest
from support import program_buying
from support.buying import asked, calls

from aipipe.memory.ledger.states import Money, Work

PROGRAM = Path(program_buying.__file__)
ITEMS = 12
PIPELINE = f"""\
name: texts
inputs: [{", ".join(f"item{n}" for n in range(ITEMS))}]
steps:
  - type: batch_parallel
    on_error: continue
    step_template:
      type: text_to_text
      model: "shop:text"
      price: 1
      params: {{prompt: "${{{{ item.value }}}}", output_file: "${{{{ item.key }}}}.txt"}}
"""


def begun(folder: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, str(PROGRAM), str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def killed_after(folder: Path, charged: int, seconds: float) -> int | None:
    """The exit code, if the run ended before it was charged so much and some time went by."""
    process = begun(folder)
    while process.poll() is None and charges(folder).total() < charged:
        threading.Event().wait(0.002)
    try:
        return process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return None


def charges(folder: Path) -> Counter[str]:
    account = folder / "account"
    return Counter(account.read_text().splitlines()) if account.exists() else Counter()


def covered(folder: Path) -> int:
    """Dollars that the ledger holds or has as billed."""
    if not (folder / "home" / "ledger.sqlite3").exists():
        return 0
    nano = [c.billed if c.billed is not None else c.held for c in calls(folder) if c.state.money]
    free = [c.held for c in calls(folder) if c.state.money is Money.FREE]
    return (sum(nano) - sum(free)) // program_buying.PRICE


def torment(folder: Path, chance: random.Random, kills: int) -> int:
    """Kill the run that many times, then let it end; gives its exit code."""
    for _ in range(kills):
        wanted = charges(folder).total() + chance.randint(0, 3)
        code = killed_after(folder, min(wanted, ITEMS), chance.random() * 0.03)
        assert max(charges(folder).values(), default=0) <= 1
        assert covered(folder) >= charges(folder).total()
        if code is not None:
            return code
    return begun(folder).wait(timeout=60)


def check(tmp_path: Path, seed: int, kills: int) -> None:
    (tmp_path / "texts.yaml").write_text(PIPELINE, encoding="utf-8")

    code = torment(tmp_path, random.Random(seed), kills)

    works = Counter(call.state.work for call in calls(tmp_path))
    assert code == (4 if works[Work.UNCONFIRMED] else 0)
    assert max(charges(tmp_path).values()) == 1
    made = {path.stem: path.read_text() for path in (tmp_path / "out").glob("*.txt")}
    assert works[Work.DONE] == len(made)
    assert works[Work.DONE] + works[Work.UNCONFIRMED] == ITEMS
    doubtful = {call.id for call in calls(tmp_path) if call.state.work is Work.UNCONFIRMED}
    assert asked(tmp_path, lambda ledger: {call.id for call in ledger.open_calls()}) == doubtful


@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_paid_twice_and_nothing_that_was_paid_is_lost(tmp_path: Path, seed: int) -> None:
    check(tmp_path, seed, kills=4)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(100))
def test_nothing_is_paid_twice_at_many_moments(tmp_path: Path, seed: int) -> None:
    check(tmp_path, 1_000 + seed, kills=12)
