"""Paid runs by the command line, in processes of their own, at a provider of another package."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from aipipe.memory.ledger.liveness import living

PLUGINS = Path(__file__).parent.parent / "support" / "plugins"
TEXTS = """\
name: texts
prompt: a fox
steps:
  - id: texts
    type: parallel_group
    parallel_steps:
      - {type: text_to_text, model: "shop:fast", price: 0.1}
      - {type: text_to_text, model: "shop:deep", price: 0.2}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "texts.yaml").write_text(TEXTS, encoding="utf-8")
    return tmp_path


def outside(folder: Path) -> Mapping[str, str]:
    paths = os.pathsep.join([str(PLUGINS), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {
        **{name: value for name, value in os.environ.items() if name != "CI"},
        "AIPIPE_HOME": str(folder / "home"),
        "PYTHONPATH": paths,
        "SHOP_CLOSED": str(folder / "closed"),
        "TERM": "xterm",
    }


def ran(folder: Path, *words: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command in the folder."""
    found = subprocess.run(
        [sys.executable, "-m", "aipipe", *words],
        cwd=folder,
        env=outside(folder),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return found.returncode, found.stdout, found.stderr


def name_of(folder: Path) -> str:
    return str(json.loads((folder / "output/texts/run.json").read_text())["run"])


def test_the_same_again_is_announced_as_reused_and_bills_nothing(folder: Path) -> None:
    ran(folder, "run", "texts.yaml")
    first = name_of(folder)

    code, out, err = ran(folder, "run", "texts.yaml")

    assert code == 0
    assert f"all 2 reused from run {first}, $0.00; new ones: --fresh ($0.300)" in err
    assert "new=0 reused=2 likely=$0.00 at_most=$0.00" in err
    assert "2 reused in 0." in out
    assert " · billed $0.000 · saved $0.200 · run " in out


def test_redo_buys_one_step_and_what_it_buys_is_what_was_foreseen(folder: Path) -> None:
    ran(folder, "run", "texts.yaml")

    words = ("texts.yaml", "--redo", "texts.2")
    plan = json.loads(ran(folder, "plan", *words, "--json")[1])
    cost = json.loads(ran(folder, "estimate-cost", *words, "--json")[1])
    dry = json.loads(ran(folder, "run", *words, "--dry-run", "--json")[1])
    code, out, _ = ran(folder, "run", *words)

    steps = plan["steps"][0]["steps"]
    assert [step["state"] for step in steps] == ["reused", "new"]
    assert (cost["reused"], cost["cost"]["likely"], dry) == (1, "0.200", plan)
    assert code == 0
    assert "1 done, 1 reused in " in out


def test_a_name_that_is_no_steps_is_told_before_anything_runs(folder: Path) -> None:
    code, _, err = ran(folder, "estimate-cost", "texts.yaml", "--redo", "text.2")

    assert (code, "--redo 'text.2' matches no step" in err) == (2, True)


def test_what_only_looks_makes_nothing(folder: Path) -> None:
    before = sorted(folder.iterdir())
    for command in ("plan", "estimate-cost"):
        ran(folder, command, "texts.yaml")

    assert sorted(folder.iterdir()) == before


def test_a_ledger_that_can_not_be_read_costs_the_forecast_and_nothing_else(folder: Path) -> None:
    (folder / "home").mkdir()
    (folder / "home/ledger.sqlite3").write_text("this is no ledger", encoding="utf-8")

    code, out, err = ran(folder, "estimate-cost", "texts.yaml")

    assert (code, "new 2, reused 0" in out) == (0, True)
    assert err.startswith("warning: ")
    assert "nothing is known of earlier results" in err


def test_what_would_fit_is_told_where_the_cap_refused_a_step(folder: Path) -> None:
    text = TEXTS.replace("text_to_text", "text_to_image")
    text = text.replace('"shop:fast", price: 0.1', "seedream").replace(
        '"shop:deep", price: 0.2', "flux_schnell"
    )
    (folder / "texts.yaml").write_text(text, encoding="utf-8")

    code, out, _ = ran(folder, "run", "texts.yaml", "--max-cost", "0.01", "--partial")

    fits = [line for line in out.splitlines() if line.startswith("fits ")]
    assert code == 3
    assert fits == ["fits      texts.1  model: flux_schnell $0.003, z_image_turbo $0.005"]


# --- interrupted


def heeded() -> None:
    """Signals as at a terminal, also where the tests themselves run in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def terminal(folder: Path, *words: str) -> Iterator[Any]:
    """A run whose two jobs have begun, and go on for as long as the file `closed` exists."""
    pexpect = pytest.importorskip("pexpect", reason="there are no pseudo-terminals here")
    (folder / "closed").touch()
    child = pexpect.spawn(
        sys.executable,
        ["-m", "aipipe", "run", "texts.yaml", "--yes", *words],
        cwd=str(folder),
        env=outside(folder),
        dimensions=(24, 100),
        encoding="utf-8",
        timeout=60,
        preexec_fn=heeded,
    )
    try:
        child.expect("fast.*generating.*deep.*generating")
        yield child
    finally:
        child.close(force=True)


def interrupted(folder: Path, *words: str) -> str:
    """What is told after Ctrl-C, as one line, without colours."""
    with terminal(folder, *words) as child:
        child.sendintr()
        child.expect("nothing new starts")
        before = str(child.before)
        (folder / "closed").unlink()
        child.read()
        child.close()
        assert child.exitstatus == 130
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", before).rpartition("^C")[2].strip()


def test_ctrl_c_leaves_jobs_and_the_same_command_fetches_them_paying_no_more(
    folder: Path,
) -> None:
    told = interrupted(folder)
    run = name_of(folder)
    code, out, err = ran(folder, "run", "texts.yaml")

    assert told == "2 jobs go on at shop (at most $0.300);"
    assert (code, name_of(folder)) == (0, run)
    assert f"run={run} (gone on with) new=0 reused=0 reattached=2 likely=$0.00" in err
    assert "2 done in " in out
    assert "billed $0.200, estimated $0.300" in out


def test_the_end_of_an_interrupted_run_says_what_goes_on_until_when_and_how_to_go_on(
    folder: Path,
) -> None:
    with terminal(folder, "--new-run") as child:
        child.sendintr()
        shown = str(child.read())

    end = " ".join(re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown).split())
    told = f"2 left in [0-9.]+s · run {name_of(folder)} interrupted · billed \\$0.000 · exit 130"
    assert re.search(f"{told} · the same command fetches both, paying no more", end)
    assert "collect within 30 days (shop)" in end
    assert end.endswith("go on aipipe run texts.yaml --yes")


def test_ctrl_c_can_let_jobs_finish(folder: Path) -> None:
    told = interrupted(folder, "--on-interrupt", "finish")

    assert told == "2 steps under way are finished (at most $0.300);"
    assert sorted(each.name for each in (folder / "output/texts").glob("*.txt")) == [
        "texts-1.txt",
        "texts-2.txt",
    ]


def test_a_second_ctrl_c_does_not_wait_for_jobs(folder: Path) -> None:
    with terminal(folder, "--on-interrupt", "finish") as child:
        child.sendintr()
        child.expect("once more ends at once")
        child.sendintr()
        child.read()
        child.close()

        assert (child.exitstatus, (folder / "closed").exists()) == (130, True)


def test_a_run_that_another_process_carries_out_is_a_note_where_one_only_looks(
    folder: Path,
) -> None:
    interrupted(folder)
    run = name_of(folder)

    with living(folder / "home", run):
        code, out, err = ran(folder, "plan", "texts.yaml")

    assert code == 0
    assert err.startswith(f"note: run '{run}' is going on in another process")
    assert out.count("re-attached") == 3
