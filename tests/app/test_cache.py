"""The store after real runs: what may go, what must stay, what it would cost to make again."""

import os
import signal
import subprocess
import sys
import threading
import time
from decimal import Decimal
from pathlib import Path

import pytest
from support.buying import bought
from support.paid import Shop, texts

from aipipe.app.cache import Pruning, Sum, carry_out, info, plan
from aipipe.contracts.outcome import Problem, Unconfirmed
from aipipe.contracts.status import Status
from aipipe.memory.inventory import stored_files

MONTH = 30 * 86_400
FREE = """\
name: free
steps:
  - {type: text_to_text, model: local, params: {prompt: a fox}}
"""


def home(folder: Path) -> Path:
    return folder / "home"


def later(seconds: float = 2 * MONTH) -> float:
    return time.time() + seconds


def old(folder: Path) -> Pruning:
    """What goes of it after two months."""
    return plan(home(folder), now=later(), unused_for=MONTH)


def all_of(folder: Path) -> Pruning:
    """What goes of it at once, where nothing may stay."""
    return plan(home(folder), now=time.time(), most_bytes=0)


def names(folder: Path) -> set[str]:
    return {file.name for file in stored_files(home(folder) / "store")}


def everything(folder: Path) -> dict[str, bytes | None]:
    """All of a folder, but for the log of the ledger, which every reader opens."""
    found = sorted(path for path in folder.rglob("*") if ".sqlite3-" not in path.name)
    return {str(path): path.read_bytes() if path.is_file() else None for path in found}


def age(folder: Path, seconds: float = MONTH) -> None:
    """Let every file of the store have been unused for so much longer."""
    for file in stored_files(home(folder) / "store"):
        used = file.used - int(seconds) * 1_000_000_000
        os.utime(file.path, ns=(used, used))


def test_where_there_is_nothing_nothing_is_found_and_nothing_is_made(tmp_path: Path) -> None:
    found, planned = info(home(tmp_path), now=0), all_of(tmp_path)
    done = carry_out(planned)

    assert (found.all, found.paid, found.unused, found.answers) == (Sum(), Sum(), Sum(), Sum())
    assert (planned.removed, done.removed, done.left) == (Sum(), Sum(), Sum())
    assert not home(tmp_path).exists()


def test_what_was_paid_is_what_making_it_again_costs(tmp_path: Path) -> None:
    shop = Shop()
    bought(texts("1", "2"), tmp_path, shop)
    found = info(home(tmp_path), now=time.time())

    assert (found.paid.files, found.paid.cost) == (1, Decimal(2))
    assert found.media["text"].paid == 1
    assert (found.unused.files, found.all.files) == (0, len(names(tmp_path)))


def test_a_look_and_a_plan_change_nothing(tmp_path: Path) -> None:
    bought(texts("1"), tmp_path, Shop())
    before = everything(tmp_path)
    info(home(tmp_path), now=later())
    planned = old(tmp_path)

    assert planned.removed.files > 0
    assert everything(tmp_path) == before


def test_what_a_finished_run_made_goes_once_it_was_unused_for_long(tmp_path: Path) -> None:
    bought(texts("1"), tmp_path, Shop())
    young = plan(home(tmp_path), now=time.time(), unused_for=MONTH)
    done = carry_out(old(tmp_path))

    assert young.removed == Sum()
    assert (done.removed.paid, done.removed.cost) == (1, Decimal(1))
    assert (names(tmp_path), done.left) == (set(), Sum())


def test_the_files_in_the_output_folder_stay(tmp_path: Path) -> None:
    bought(texts("1"), tmp_path, Shop())
    before = everything(tmp_path / "out")
    carry_out(all_of(tmp_path))

    assert everything(tmp_path / "out") == before


def test_pruning_does_not_write_to_the_ledger(tmp_path: Path) -> None:
    bought(texts("1"), tmp_path, Shop())
    before = (home(tmp_path) / "ledger.sqlite3").read_bytes()
    carry_out(all_of(tmp_path))

    assert (home(tmp_path) / "ledger.sqlite3").read_bytes() == before


def test_reusing_a_result_counts_as_use(tmp_path: Path) -> None:
    shop = Shop()
    bought(texts("1"), tmp_path, shop)
    age(tmp_path, 2 * MONTH)
    again = bought(texts("1"), tmp_path, shop)

    assert again.counts == {Status.REUSED: 1}
    assert plan(home(tmp_path), now=time.time(), unused_for=MONTH).removed.paid == 0


def test_what_is_used_between_the_plan_and_its_end_stays(tmp_path: Path) -> None:
    shop = Shop()
    bought(texts("1"), tmp_path, shop)
    planned = all_of(tmp_path)
    bought(texts("1"), tmp_path, shop)
    done = carry_out(planned)

    assert planned.removed.paid == 1
    assert (done.removed.paid, done.left.paid) == (0, 1)
    assert bought(texts("1"), tmp_path, shop).counts == {Status.REUSED: 1}


def test_paid_results_of_a_run_that_failed_stay_for_the_command_to_go_on(tmp_path: Path) -> None:
    shop = Shop(saying="for a failed run")
    shop.answers["texts.2"] = Unconfirmed(problem=Problem(code="x", message="nobody knows"))
    bought(texts("1", "2"), tmp_path, shop)
    planned = old(tmp_path)

    assert planned.removed.paid == 0
    assert planned.spared.paid == 1


def test_what_a_run_with_an_open_call_reused_from_another_stays(tmp_path: Path) -> None:
    shop = Shop()
    bought(texts("1"), tmp_path, shop)
    age(tmp_path)
    shop.answers["texts.2"] = Unconfirmed(problem=Problem(code="x", message="nobody knows"))
    bought(texts("1", "2"), tmp_path, shop)
    done = carry_out(all_of(tmp_path))

    assert done.left.paid == 1


def test_while_a_run_is_alive_no_paid_result_goes_nor_what_it_made(tmp_path: Path) -> None:
    shop = Shop()
    bought(texts("1"), tmp_path, shop)
    age(tmp_path)
    planned: list[Pruning] = []

    def prune(task: str) -> None:
        if task == "texts.2":
            planned.append(carry_out(all_of(tmp_path)))

    slow = Shop(look=prune, saying="something else")
    bought(texts("1", "2").replace("a fox", "a hare"), tmp_path, slow)

    assert planned[0].removed.paid == 0
    assert planned[0].left.paid >= 1


def test_a_run_that_began_after_the_plan_keeps_paid_results_too(tmp_path: Path) -> None:
    bought(texts("1"), tmp_path, Shop())
    planned, done = all_of(tmp_path), list[Pruning]()
    slow = Shop(look=lambda _: done.append(carry_out(planned)), saying="something else")
    bought(texts("1").replace("a fox", "a hare"), tmp_path, slow)

    assert planned.removed.paid == 1
    assert (done[0].removed.paid, done[0].left.paid) == (0, 1)


def test_what_no_paid_call_made_is_free(tmp_path: Path) -> None:
    bought(FREE, tmp_path, Shop())
    planned = all_of(tmp_path)

    assert planned.removed.files > 0
    assert (planned.removed.paid, planned.removed.cost) == (0, Decimal(0))


def test_free_files_go_before_paid_ones_however_lately_used(tmp_path: Path) -> None:
    bought(texts("1"), tmp_path, Shop())
    age(tmp_path)
    bought(FREE, tmp_path, Shop())
    sizes = info(home(tmp_path), now=time.time())
    planned = plan(home(tmp_path), now=time.time(), most_bytes=sizes.all.bytes - 1)

    assert planned.removed.files == 1
    assert planned.removed.paid == 0


def test_a_call_with_a_pruned_result_is_not_paid_for_in_silence(tmp_path: Path) -> None:
    shop = Shop()
    bought(texts("1"), tmp_path, shop)
    carry_out(all_of(tmp_path))
    shop.calls.clear()
    bought(texts("1"), tmp_path, shop)

    assert shop.calls == []


def test_raw_answers_go_after_a_day_unless_an_open_call_has_them(tmp_path: Path) -> None:
    bought(texts("1"), tmp_path, Shop())
    answers = home(tmp_path) / "answers"
    answers.mkdir()
    (answers / "7").write_bytes(b"an answer")
    fresh = plan(home(tmp_path), now=time.time(), most_bytes=10**9)
    done = carry_out(plan(home(tmp_path), now=later(2 * 86_400), most_bytes=10**9))

    assert fresh.answers == ()
    assert (done.removed_answers, done.removed) == (Sum(files=1, bytes=9), Sum())
    assert list(answers.iterdir()) == []


def test_what_a_killed_process_left_half_made_is_swept(tmp_path: Path) -> None:
    bought(texts("1"), tmp_path, Shop())
    left = home(tmp_path) / "store" / "scratch" / "0123456789abcdef"
    left.mkdir(parents=True)
    (left / "1.txt").write_text("half")
    carry_out(plan(home(tmp_path), now=time.time(), most_bytes=10**9))

    assert not left.exists()


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="all may be removed")
def test_what_cannot_be_removed_is_told(tmp_path: Path) -> None:
    bought(texts("1"), tmp_path, Shop())
    planned = all_of(tmp_path)
    folder = planned.going[0].path.parent
    folder.chmod(0o500)
    try:
        done = carry_out(planned)
    finally:
        folder.chmod(0o700)

    assert done.stuck == {planned.going[0].path: "permission denied"}


PRUNING = """\
import os, signal, sys, time
from dataclasses import replace
from pathlib import Path
from aipipe.app.cache import carry_out, plan

def some(files, number):
    yield from files[:number]
    os.kill(os.getpid(), signal.SIGKILL)

planned = plan(Path(sys.argv[1]), now=time.time(), most_bytes=0)
carry_out(replace(planned, going=some(planned.going, int(sys.argv[2]))))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
@pytest.mark.parametrize("removed", [0, 1, 7])
def test_a_prune_that_is_killed_leaves_each_file_whole_or_gone(
    removed: int, tmp_path: Path
) -> None:
    store = home(tmp_path) / "store" / "ab"
    store.mkdir(parents=True)
    contents = {f"{number:064x}.txt": str(number).encode() * 100 for number in range(10)}
    for name, content in contents.items():
        (store / name).write_bytes(content)
    arguments = (str(home(tmp_path)), str(removed))
    child = subprocess.run([sys.executable, "-c", PRUNING, *arguments], check=False)

    left = {path.name: path.read_bytes() for path in store.iterdir()}
    assert child.returncode == -signal.SIGKILL
    assert len(left) == 10 - removed
    assert left.items() <= contents.items()
    assert carry_out(all_of(tmp_path)).left == Sum()


def test_reuse_and_pruning_at_one_time_never_lose_what_was_seen(tmp_path: Path) -> None:
    shop = Shop()
    bought(texts("1"), tmp_path, shop)
    stop = threading.Event()

    def prune() -> None:
        while not stop.is_set():
            carry_out(all_of(tmp_path))

    pruner = threading.Thread(target=prune)
    pruner.start()
    try:
        runs = [bought(texts("1"), tmp_path, shop) for _ in range(5)]
    finally:
        stop.set()
        pruner.join()

    for summary in runs:
        (row,) = summary.rows()
        problem = row.problem.code if row.problem is not None else None
        assert (row.status, problem) in (
            (Status.REUSED, None),
            (Status.FAILED, "store.missing"),
        )
    assert len(shop.calls) == 1
