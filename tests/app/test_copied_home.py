"""A home that is copied after a run has ended: its ledger, one file, knows all that was bought."""

import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from support import program_buying
from support.buying import bought
from support.paid import Shop, texts

from aipipe.contracts.status import Status
from aipipe.memory.ledger.connecting import NAME

PROGRAM = Path(program_buying.__file__)
ITEMS = [f"item{n}" for n in range(12)]
PIPELINE = f"""\
name: texts
inputs: [{", ".join(ITEMS)}]
steps:
  - type: batch_parallel
    step_template:
      type: text_to_text
      model: "shop:text"
      price: 1
      params: {{prompt: "${{{{ item.value }}}}", output_file: "${{{{ item.key }}}}.txt"}}
"""


def copied(home: Path, folder: Path) -> None:
    """The store and the ledger's file alone, without the working files that SQLite keeps."""
    (folder / "home").mkdir()
    if (home / "store").exists():
        shutil.copytree(home / "store", folder / "home" / "store")
    shutil.copy(home / NAME, folder / "home" / NAME)


@pytest.mark.parametrize("has_jobs", [False, True])
def test_a_copy_of_a_home_buys_nothing_that_its_run_has_bought(
    tmp_path: Path, *, has_jobs: bool
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    shop = Shop(has_jobs=has_jobs)
    bought(texts("1", "1"), here, shop)
    copied(here / "home", there)
    shop.calls.clear()

    again = bought(texts("1", "1"), there, shop)

    assert (shop.calls, again.counts) == ([], {Status.REUSED: 2})


def ran(folder: Path) -> int:
    """The exit code of a run in a process of its own."""
    return subprocess.run([sys.executable, str(PROGRAM), str(folder)], check=False).returncode


def charges(folder: Path) -> Counter[str]:
    return Counter((folder / "account").read_text().splitlines())


def test_a_copy_of_the_home_of_a_run_that_was_terminated_buys_only_the_rest(
    tmp_path: Path,
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there):
        folder.mkdir()
        (folder / "texts.yaml").write_text(PIPELINE, encoding="utf-8")
    (here / "stop_after").write_text("3", encoding="utf-8")
    terminated = ran(here)
    copied(here / "home", there)

    code = ran(there)

    assert (terminated, code) == (143, 0)
    assert 3 <= charges(here).total() < len(ITEMS)
    assert charges(here) + charges(there) == Counter(ITEMS)
    assert {path.stem for path in (there / "out").glob("*.txt")} == {str(n + 1) for n in range(12)}
