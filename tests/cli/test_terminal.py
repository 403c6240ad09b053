"""A run at a real terminal: what is shown while it goes on, and what Ctrl-C does to it."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pexpect = pytest.importorskip("pexpect", reason="there are no pseudo-terminals here")

LONG = """\
name: films
prompt: a lighthouse in fog
steps:
  - type: batch_parallel
    id: clips
    inputs: [first, second, third, fourth, fifth, sixth, seventh, eighth]
    batch_size: 8
    steps:
      - {type: text_to_speech, model: local, params: {text: "${{ item.value }}"}}
      - id: film
        type: text_to_video
        model: local
        params: {prompt: "${{ item.value }}", duration: 40, resolution: 1080p}
"""


def heeded() -> None:
    """Signals as at a terminal, also where the tests themselves run in the background."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Any]:
    """The run of a long pipeline, at a terminal of 24 rows, once its first sounds are there."""
    (tmp_path / "films.yaml").write_text(LONG, encoding="utf-8")
    outside = {name: value for name, value in os.environ.items() if name != "CI"}
    child = pexpect.spawn(
        sys.executable,
        ["-m", "aipipe", "run", "films.yaml"],
        cwd=str(tmp_path),
        env={**outside, "AIPIPE_HOME": str(tmp_path / "home"), "TERM": "xterm"},
        dimensions=(24, 80),
        encoding="utf-8",
        timeout=60,
        preexec_fn=heeded,
    )
    try:
        child.expect("encoding")
        yield child
    finally:
        child.close(force=True)


def processes_in(folder: Path) -> list[int]:
    """The processes that work in a folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").readlink().is_relative_to(folder):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def half_files(folder: Path) -> list[Path]:
    return [p for p in (folder / "output").rglob("*") if ".part" in p.name or ".tmp" in p.name]


def code_of(child: Any) -> int:
    child.expect(pexpect.EOF)
    child.close()
    return int(child.exitstatus if child.exitstatus is not None else -child.signalstatus)


def test_ctrl_c_ends_with_the_table_of_what_is_done(terminal: Any, tmp_path: Path) -> None:
    terminal.sendintr()

    terminal.expect("interrupted")
    assert code_of(terminal) == 130
    assert half_files(tmp_path) == []
    assert processes_in(tmp_path) == []


def test_a_second_ctrl_c_ends_it_at_once(terminal: Any, tmp_path: Path) -> None:
    terminal.sendintr()
    terminal.sendintr()

    assert code_of(terminal) == 130
    assert half_files(tmp_path) == []
    assert processes_in(tmp_path) == []


def test_a_run_that_is_resized_goes_on(terminal: Any) -> None:
    terminal.setwinsize(10, 40)
    terminal.kill(signal.SIGWINCH)
    terminal.expect("encoding")
    terminal.setwinsize(40, 120)
    terminal.kill(signal.SIGWINCH)
    terminal.expect("encoding")
    terminal.sendintr()

    assert code_of(terminal) == 130
