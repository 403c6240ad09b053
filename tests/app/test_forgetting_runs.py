"""A forgotten run leaves none of its words behind, and all of its money."""

import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from support.buying import asked, bought, calls
from support.paid import DOLLAR, Shop, texts

from aipipe.app.forgetting_runs import forget, forgettable
from aipipe.contracts.outcome import Problem, Unconfirmed
from aipipe.errors import UsageError
from aipipe.memory.ledger.connecting import Place
from aipipe.memory.ledger.liveness import living
from aipipe.memory.ledger.reading import reading

SECRET = "a walrus that nobody may know of"  # noqa: S105 (a prompt)
SILENT = Unconfirmed(problem=Problem(code="shop.silent", message="no answer came"))


def secret(*prices: str) -> str:
    return texts(*prices).replace("a fox", SECRET).replace("name: texts", "name: walruses")


def words_in(home: Path) -> list[str]:
    """The files in which the prompt, or the pipeline's name, still stands."""
    marks = (b"walrus",)
    files = [path for path in home.rglob("*") if path.is_file()]
    return [path.name for path in files if any(mark in path.read_bytes() for mark in marks)]


def test_none_of_its_words_is_in_any_byte_of_the_home(tmp_path: Path) -> None:
    kept = bought(texts("1"), tmp_path, Shop(), output_dir=str(tmp_path / "other"))
    gone = bought(secret("1", "1"), tmp_path, Shop())
    assert words_in(tmp_path / "home")

    told = forget(tmp_path / "home", forgettable(tmp_path / "home", [gone.run]))

    assert told.runs == (gone.run,)
    assert words_in(tmp_path / "home") == []
    assert words_in(tmp_path / "out")
    again = bought(texts("1"), tmp_path, Shop(), output_dir=str(tmp_path / "other"))
    assert (again.saved, kept.exit_code) == (Decimal(1), 0)


def test_its_money_stays(tmp_path: Path) -> None:
    gone = bought(secret("1", "1"), tmp_path, Shop())
    sums = "SELECT * FROM totals ORDER BY scope"
    before = asked(tmp_path, lambda r: r.connection.execute(sums).fetchall())

    forget(tmp_path / "home", forgettable(tmp_path / "home", [gone.run]))

    assert asked(tmp_path, lambda r: r.connection.execute(sums).fetchall()) == before
    assert [(c.model, c.billed) for c in calls(tmp_path)] == [("shop:text", DOLLAR)] * 2


def test_nothing_of_it_is_reused(tmp_path: Path) -> None:
    gone = bought(secret("1"), tmp_path, Shop())
    forget(tmp_path / "home", forgettable(tmp_path / "home", [gone.run]))
    shop = Shop()

    bought(secret("1"), tmp_path, shop)

    assert shop.calls == ["texts.1"]


def test_what_another_run_has_made_too_stays(tmp_path: Path) -> None:
    first = bought(texts("1"), tmp_path, Shop())
    bought(texts("1", "1"), tmp_path, Shop(), new_run=True)

    forget(tmp_path / "home", forgettable(tmp_path / "home", [first.run]))

    shop = Shop()
    bought(texts("1", "1"), tmp_path, shop)
    assert len(shop.calls) == 1  # what only the forgotten run had bought


def test_a_run_with_open_calls_is_kept(tmp_path: Path) -> None:
    doubtful = bought(texts("1"), tmp_path, Shop(answers={"texts.1": SILENT}))

    with pytest.raises(UsageError, match="still open: 1"):
        forgettable(tmp_path / "home", [doubtful.run])


def test_a_run_that_is_going_on_is_kept(tmp_path: Path) -> None:
    done = bought(texts("1"), tmp_path, Shop())

    with living(tmp_path / "home", done.run), pytest.raises(UsageError, match="is going on"):
        forgettable(tmp_path / "home", [done.run])


def test_without_a_terminal_it_needs_somebody_who_agrees(tmp_path: Path) -> None:
    done = bought(texts("1"), tmp_path, Shop())
    environment = {**os.environ, "AIPIPE_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-m", "aipipe", "runs", "forget", done.run]

    refused = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    agreed = subprocess.run(
        [*command, "--yes"], env=environment, capture_output=True, text=True, check=False
    )

    assert (refused.returncode, agreed.returncode) == (2, 0)
    assert "needs somebody who agrees" in refused.stderr
    assert agreed.stdout == "forgot 1 run, removed 1 file\n"


def test_while_another_process_has_the_ledger_open_it_says_that_old_pages_may_be_left(
    tmp_path: Path,
) -> None:
    gone = bought(secret("1"), tmp_path, Shop())
    home = tmp_path / "home"

    with reading(Place(home=home)) as reader:
        assert reader is not None
        told = forget(home, forgettable(home, [gone.run]))

    assert not told.is_clean
    assert forget(home, forgettable(home, [gone.run])).is_clean
    assert words_in(home) == []
