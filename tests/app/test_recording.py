"""What the ledger knows of a run: from before its first step, through its end."""

import threading
from pathlib import Path

from support.buying import bought
from support.paid import Shop, texts
from support.world import Actors, ran, ready

from aipipe.app.run import run
from aipipe.contracts.event import RunEvent, StepStarted
from aipipe.memory.ledger.connecting import Place
from aipipe.memory.ledger.liveness import is_alive
from aipipe.memory.ledger.past import Run
from aipipe.memory.ledger.reading import reading

HELLO = "steps:\n  - {id: hello, type: say, model: local, params: {text: hello}}\n"


def runs(folder: Path) -> tuple[Run, ...]:
    with reading(Place(home=folder / "home")) as ledger:
        return () if ledger is None else ledger.runs()


def test_a_run_is_in_the_ledger_with_what_it_came_to(tmp_path: Path) -> None:
    summary = ran(HELLO, tmp_path, Actors(), prompt="a fox", vars={})

    (found,) = runs(tmp_path)
    assert (found.id, found.pipeline, found.status, found.exit_code) == (
        summary.run,
        "pipeline",
        "done",
        0,
    )
    assert (found.file, found.folder) == (
        str(tmp_path / "pipeline.yaml"),
        str(tmp_path / "out"),
    )
    assert isinstance(found.totals, dict)
    assert (found.totals["counts"], found.totals["billed"]) == ({"done": 1}, "0.000")


def test_it_is_there_and_alive_before_its_first_step_begins(tmp_path: Path) -> None:
    seen: list[tuple[str, str | None, bool]] = []

    def look(event: RunEvent) -> None:
        if isinstance(event, StepStarted):
            (found,) = runs(tmp_path)
            seen.append((found.id, found.status, is_alive(tmp_path / "home", found.id)))

    summary = run(ready(HELLO, tmp_path, Actors()), listeners=[look])

    assert seen == [(summary.run, None, True)]
    assert not is_alive(tmp_path / "home", summary.run)


def test_a_failed_run_can_be_gone_on_with(tmp_path: Path) -> None:
    ran(HELLO.replace("hello}", "hello, fail: true}"), tmp_path, Actors())

    (found,) = runs(tmp_path)
    assert (found.status, found.exit_code, found.finished) == ("failed", 1, False)


def test_the_same_file_and_inputs_have_the_same_keys(tmp_path: Path) -> None:
    ran(HELLO, tmp_path, Actors(), prompt="one")
    ran(HELLO, tmp_path, Actors(), prompt="one")
    ran(HELLO, tmp_path, Actors(), prompt="two")

    third, second, first = runs(tmp_path)
    assert (first.file_key, first.inputs_key) == (second.file_key, second.inputs_key)
    assert first.file_key == third.file_key
    assert first.inputs_key != third.inputs_key


def test_a_run_leaves_no_thread_behind(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    bought(texts("1", "1"), tmp_path, Shop())
    begun = set(threading.enumerate()) - before

    for thread in begun:
        thread.join(timeout=5)

    assert not any(thread.is_alive() for thread in begun)
