"""What was bought on another machine is not bought again on this one."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.buying import asked, bought, calls
from support.paid import DOLLAR, Shop, texts

from aipipe.app.importing import bring_in
from aipipe.contracts.outcome import Problem, Unconfirmed
from aipipe.contracts.status import Status
from aipipe.errors import UsageError
from aipipe.memory.ledger.connecting import NAME

SILENT = Unconfirmed(problem=Problem(code="shop.silent", message="no answer came"))


def two(tmp_path: Path) -> tuple[Path, Path]:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    return here, there


def bytes_of(home: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in home.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", ["home", f"home/{NAME}"])
def test_the_same_pipeline_buys_nothing_after_it(tmp_path: Path, name: str) -> None:
    here, there = two(tmp_path)
    shop = Shop()
    bought(texts("1", "2"), there, shop)
    before = bytes_of(there / "home")

    found = bring_in(here / "home", str(there / name))
    again = bought(texts("1", "2"), here, shop)

    assert (found.runs, found.results, found.billed) == (1, 2, 2 * DOLLAR)
    assert (len(shop.calls), again.counts) == (2, {Status.REUSED: 2})
    assert bytes_of(there / "home") == before


def test_what_it_cost_counts_here_as_it_did_there(tmp_path: Path) -> None:
    here, there = two(tmp_path)
    bought(texts("1", "2"), there, Shop())
    sums = "SELECT scope, held, stuck, spent FROM totals ORDER BY scope"

    bring_in(here / "home", str(there / "home"))

    told = [asked(f, lambda r: r.connection.execute(sums).fetchall()) for f in (here, there)]
    assert told[0] == told[1]


def test_importing_again_brings_nothing_twice(tmp_path: Path) -> None:
    here, there = two(tmp_path)
    bought(texts("1"), there, Shop())
    bring_in(here / "home", str(there / "home"))

    again = bring_in(here / "home", str(there / "home"))

    assert (again.runs, again.known) == (0, 1)
    assert len(calls(here)) == 1


def test_calls_that_had_not_ended_stay_there(tmp_path: Path) -> None:
    here, there = two(tmp_path)
    bought(texts("1", "1"), there, Shop(answers={"texts.2": SILENT}))

    found = bring_in(here / "home", str(there / "home"))

    assert (found.results, found.left_open) == (1, 1)
    assert len(calls(here)) == 1


def test_media_that_is_damaged_there_is_told_and_not_taken_in(tmp_path: Path) -> None:
    here, there = two(tmp_path)
    bought(texts("1"), there, Shop())
    (kept,) = (there / "home" / "store").rglob("*.txt")
    kept.chmod(0o600)
    kept.write_text("damaged", encoding="utf-8")
    shop = Shop()

    found = bring_in(here / "home", str(there / "home"))
    again = bought(texts("1"), here, shop)

    assert (found.files, found.missing) == (0, 1)
    assert (shop.calls, again.exit_code) == ([], 1)


@pytest.mark.parametrize("source", ["nowhere", "here/home"])
def test_what_can_not_be_imported_is_told(tmp_path: Path, source: str) -> None:
    here, _ = two(tmp_path)
    bought(texts("1"), here, Shop())

    with pytest.raises(UsageError):
        bring_in(here / "home", str(tmp_path / source))


def test_an_import_that_is_killed_leaves_whole_runs_and_goes_on(tmp_path: Path) -> None:
    here, there = two(tmp_path)
    for prompt in ("a fox", "a hare", "an owl"):
        bought(texts("1").replace("a fox", prompt), there, Shop())
    program = (
        "import sys, os, signal\n"
        "from pathlib import Path\n"
        "from aipipe.app import importing\n"
        "from aipipe.memory.store import Store\n"
        "class Fragile(Store):\n"
        "    __slots__ = ()\n"
        "    def bring(self, path, name):\n"
        "        if (Path(sys.argv[1]) / 'store').exists(): os.kill(os.getpid(), signal.SIGKILL)\n"
        "        return super().bring(path, name)\n"
        "importing.Store = Fragile\n"
        "importing.bring_in(Path(sys.argv[1]), sys.argv[2])\n"
    )
    places = (str(here / "home"), str(there / "home"))
    killed = subprocess.run([sys.executable, "-c", program, *places], env=os.environ, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert [len(asked_calls) for asked_calls in runs_with_calls(here)] == [1]

    found = bring_in(here / "home", str(there / "home"))

    assert (found.known, found.runs) == (1, 2)
    assert sorted(each.task for each in calls(here)) == ["texts.1"] * 3


def runs_with_calls(folder: Path) -> list[tuple[object, ...]]:
    found = asked(folder, lambda r: [(r.run(each.id) or (None, ()))[1] for each in r.runs()])
    assert isinstance(found, list)
    return found
