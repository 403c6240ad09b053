"""The question before a step with `approve:`, at a terminal and where there is none."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

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
