"""The output folder: what stands in the way, what is replaced, what `--only` and limits leave."""

import json
import threading
from pathlib import Path

import pytest
from support.world import PATIENCE, Actors, ran, ready

from aipipe.app.run import Control, run
from aipipe.contracts.event import RunEvent, RunStatus, StepStarted
from aipipe.contracts.in_flight import Running
from aipipe.errors import OutputInTheWayError, UsageError

ONE = "steps:\n  - {id: hello, type: say, model: local, params: {text: hello}}\n"
CHAIN = """\
steps:
  - {id: first, type: say, model: local, params: {text: first}}
  - {id: second, type: say, model: local, params: {text: second}}
  - {id: third, type: say, model: local, params: {text: "${{ steps.second.output }} again"}}
"""
FOREVER = """\
steps:
  - type: parallel_group
    parallel_steps:
      - {id: quick, type: say, model: local, params: {text: quick}}
      - {id: slow, type: say, model: local, params: {text: slow, forever: true}}
  - {id: after, type: say, model: local, params: {text: after}}
"""


def made(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in (folder / "out").glob("*.txt")}


def test_a_file_that_aipipe_wrote_is_replaced(tmp_path: Path) -> None:
    ran(ONE, tmp_path, Actors())
    ran(ONE.replace("text: hello", "text: goodbye"), tmp_path, Actors())

    assert made(tmp_path) == {"hello.txt": "goodbye"}


def test_a_file_of_somebody_elses_stops_the_run_before_it_starts(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "hello.txt").write_text("mine")
    actors = Actors()

    with pytest.raises(OutputInTheWayError):
        ran(ONE, tmp_path, actors)

    assert (made(tmp_path), actors.said) == ({"hello.txt": "mine"}, [])


def test_a_file_that_was_changed_since_stops_the_run(tmp_path: Path) -> None:
    ran(ONE, tmp_path, Actors())
    (tmp_path / "out" / "hello.txt").write_text("changed by hand")

    with pytest.raises(OutputInTheWayError):
        ran(ONE, tmp_path, Actors())

    assert made(tmp_path) == {"hello.txt": "changed by hand"}


def test_overwrite_replaces_any_file(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "hello.txt").write_text("mine")

    ran(ONE, tmp_path, Actors(), overwrite=True)

    assert made(tmp_path) == {"hello.txt": "hello"}


def test_an_output_folder_that_is_a_file_stops_the_run(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")

    with pytest.raises(OutputInTheWayError):
        ran(ONE, tmp_path, Actors())


def test_only_runs_the_steps_that_are_named(tmp_path: Path) -> None:
    actors = Actors()

    summary = ran(CHAIN, tmp_path, actors, only=("fir*",))

    assert (actors.said, summary.exit_code) == (["first"], 0)


def test_only_what_a_named_step_reads_runs_with_it(tmp_path: Path) -> None:
    actors = Actors()

    ran(CHAIN, tmp_path, actors, only=("third",))

    assert actors.said == ["second", "second again"]


def test_only_without_a_match_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="thrid"):
        ready(CHAIN, tmp_path, Actors(), only=("thrid",))


def test_an_interrupt_stops_what_runs_and_keeps_what_is_done(tmp_path: Path) -> None:
    actors, control = Actors(), Control(Running.CANCEL)

    def interrupt() -> None:
        actors.event("quick").wait(PATIENCE)
        actors.event("forever").wait(PATIENCE)
        control.interrupt("SIGINT")

    threading.Thread(target=interrupt, daemon=True).start()
    summary = run(ready(FOREVER, tmp_path, actors), control=control)

    found = json.loads((tmp_path / "out" / "run.json").read_text())
    statuses = {step["id"].rpartition(".")[2]: step["status"] for step in found["steps"]}
    assert (summary.status, summary.exit_code) == (RunStatus.INTERRUPTED, 130)
    assert statuses == {"quick": "done", "slow": "cancelled", "after": "cancelled"}
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "parallel_group_1-quick.txt",
        "run.json",
    ]


def test_a_time_limit_lets_calls_in_flight_finish_and_starts_nothing_new(tmp_path: Path) -> None:
    actors, control = Actors(), Control()
    text = CHAIN.replace("text: first", "text: first, after: go")

    def limit(event: RunEvent) -> None:
        if isinstance(event, StepStarted):
            control.time_is_up()
            actors.event("go").set()

    summary = run(ready(text, tmp_path, actors), listeners=[limit], control=control)

    assert actors.said == ["first"]
    assert (summary.status, summary.exit_code) == (RunStatus.STOPPED, 5)


def test_a_run_that_wrote_less_leaves_the_rest_known_as_its_own(tmp_path: Path) -> None:
    ran(CHAIN, tmp_path, Actors())
    ran(CHAIN, tmp_path, Actors(), only=("first",))

    summary = ran(CHAIN, tmp_path, Actors())

    assert summary.exit_code == 0
    assert set(made(tmp_path)) == {"first.txt", "second.txt", "third.txt"}


def test_an_earlier_file_that_was_changed_since_is_still_in_the_way(tmp_path: Path) -> None:
    ran(CHAIN, tmp_path, Actors())
    ran(CHAIN, tmp_path, Actors(), only=("first",))
    (tmp_path / "out" / "third.txt").write_text("mine")

    with pytest.raises(OutputInTheWayError):
        ran(CHAIN, tmp_path, Actors())


def test_an_output_folder_that_cant_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file")

    with pytest.raises(UsageError):
        ran(ONE, tmp_path, Actors(), output_dir=str(tmp_path / "file" / "out"))
