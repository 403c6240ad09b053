"""The question before a step with `approve:`, at a terminal and where there is none."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest
from support.planning import planned

from aipipe.cli.approving import Approver
from aipipe.contracts.artefact import ArtefactRef
from aipipe.contracts.event import Published, StepEnded, StepWaiting
from aipipe.contracts.status import Status
from aipipe.planning.estimate import estimate
from aipipe.planning.plan import Plan

pexpect = pytest.importorskip("pexpect", reason="there are no pseudo-terminals here")

PIPELINE = """\
name: clips
prompt: a lighthouse in fog
steps:
  - {id: hero, type: text_to_text, model: local}
  - {id: clips, type: text_to_text, model: local, approve: Is the hero good?}
  - {id: film, type: text_to_text, model: local}
"""
RUN = ["-m", "aipipe", "run", "clips.yaml"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "clips.yaml").write_text(PIPELINE, encoding="utf-8")
    return tmp_path


def surroundings(folder: Path) -> dict[str, str]:
    outside = {name: value for name, value in os.environ.items() if name != "CI"}
    return {**outside, "AIPIPE_HOME": str(folder / "home"), "TERM": "xterm"}


@pytest.fixture
def terminal(folder: Path) -> Iterator[Any]:
    """A run at a terminal that has come to its question."""
    child = pexpect.spawn(
        sys.executable,
        RUN,
        cwd=str(folder),
        env=surroundings(folder),
        dimensions=(24, 100),
        encoding="utf-8",
        timeout=60,
    )
    try:
        child.expect(r"\[y/N\] ")
        yield child
    finally:
        child.close(force=True)


def end_of(child: Any) -> tuple[str, int]:
    child.expect(pexpect.EOF)
    child.close()
    return child.before, child.exitstatus


def run(folder: Path, *more: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *RUN, *more],
        cwd=folder,
        env=surroundings(folder),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_the_question_shows_what_there_is_and_what_comes(terminal: Any) -> None:
    words = [line.strip() for line in terminal.before.splitlines()[-4:]]

    assert words == [
        "'clips' waits for you",
        "so far    output/clips/hero.txt",
        "to come   nothing that costs anything",
        "Is the hero good?",
    ]


def test_a_yes_goes_on_to_the_end(terminal: Any) -> None:
    terminal.sendline("y")

    words, code = end_of(terminal)
    assert "3 done" in words
    assert code == 0


@pytest.mark.parametrize("answer", ["n", "", "yep"])
def test_anything_else_waits_and_tells_how_to_go_on(terminal: Any, answer: str) -> None:
    terminal.sendline(answer)

    words, code = end_of(terminal)
    assert "aipipe run clips.yaml --approve clips" in words
    assert code == 5


def test_ctrl_c_at_the_question_ends_the_run(terminal: Any) -> None:
    terminal.sendintr()

    words, code = end_of(terminal)
    assert "interrupted" in words
    assert code == 130


def test_without_a_terminal_it_waits_also_with_yes(folder: Path) -> None:
    done = run(folder, "--yes", "--json")

    told = json.loads(done.stdout)
    assert (done.returncode, told["status"], told["waiting"]) == (5, "waiting", ["clips"])
    assert [step["status"] for step in told["steps"]] == ["done", "waiting", "waiting"]


def test_the_command_that_is_told_goes_on(folder: Path) -> None:
    waited = run(folder)
    lines = waited.stdout.splitlines()
    told = next(line.split()[2:] for line in lines if line.startswith("go on"))

    done = run(folder, *told[3:])

    assert told[3:] == ["--approve", "clips"]
    assert (waited.returncode, done.returncode) == (5, 0)


def test_programs_are_told_that_a_step_waits(folder: Path) -> None:
    done = run(folder, "--progress", "json")

    events = [json.loads(line) for line in done.stderr.splitlines()]
    waiting = [event for event in events if event["event"] == "step_waiting"]
    assert [(e["task"], e["question"]) for e in waiting] == [("clips", "Is the hero good?")]


PRICED = """
    steps:
      - {id: hero, type: text_to_image, model: painter, params: {prompt: x, count: 20}}
      - {id: clips, type: text_to_image, model: painter, params: {prompt: y}, approve: true}
      - {id: film, type: text_to_image, model: painter, params: {prompt: z}}
      - {id: apart, type: text_to_image, model: painter, params: {prompt: w}, needs: [hero]}
    """


def test_it_names_some_of_the_files_and_what_the_step_and_all_behind_it_cost() -> None:
    made = planned(PRICED)
    asked: list[str] = []
    answers: SimpleQueue[tuple[str, bool]] = SimpleQueue()

    def ask(words: str, _is_over: object) -> str:
        asked.append(words)
        return "yes"

    approver = Approver(
        made,
        estimate(made),
        "out/",
        ask=ask,
        answer=lambda step, agrees: answers.put((step, agrees)),
        paused=nullcontext,
    )
    with approver:
        approver.add(made_of(made, "hero", 20))
        approver.add(made_of(made, "apart", 1))
        approver.add(waiting(made, "clips"))
        answer = answers.get(timeout=10)

    lines = asked[0].splitlines()
    assert answer == ("clips", True)
    assert lines[2] == "so far    out/hero-1.png"
    assert lines[13:] == [
        "          out/hero-12.png",
        "          and 8 more",
        "to come   2 paid calls, likely $0.080, at most $0.080",
        "Go on with 'clips'? [y/N] ",
    ]


def number_of(made: Plan, id: str) -> int:
    return next(task.number for task in made.tasks if task.id == id)


def made_of(made: Plan, id: str, count: int) -> StepEnded:
    picture = ArtefactRef(sha256=id, medium="image", extension="png", bytes=1)
    outputs = [
        Published(path=f"{id}-{n}.png", artefact=picture, sha256=id, bytes=1)
        for n in range(1, count + 1)
    ]
    return StepEnded(
        at=1.0,
        task=id,
        template=number_of(made, id),
        label=id,
        status=Status.DONE,
        outputs=tuple(outputs),
    )


def waiting(made: Plan, id: str) -> StepWaiting:
    return StepWaiting(at=1.0, task=id, template=number_of(made, id), label=id, question="")
