"""An answer comes after the log is on disk: seen from the system calls."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from memory.ledger.keeping import TESTS, all_calls, program, world

from aipipe.memory.ledger.connecting import Place
from aipipe.memory.ledger.writer import Writer

CALLS = re.compile(r"(?P<call>pwrite64|write|fsync|fdatasync)\((?P<what>[^,)]*)(?P<rest>.*)")

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is missing")


def traced(home: Path, *how: str) -> str:
    """What the program says."""
    command = ["strace", "-f", *how, *program("traced", home)]
    run = subprocess.run(command, cwd=TESTS, capture_output=True, text=True, check=False)
    if "Operation not permitted" in run.stderr:
        pytest.skip("strace may not trace here")
    assert run.returncode == 0, run.stderr
    return run.stdout


def happened(home: Path, log: Path) -> list[str]:
    """What happened, in order: `wrote` and `synced` the log, `answered`."""
    traced(home, "-y", "-e", "trace=pwrite64,write,fsync,fdatasync", "-o", str(log))
    told = [_what(line) for line in log.read_text(errors="replace").splitlines()]
    return [what for what in told if what]


def _what(line: str) -> str | None:
    found = CALLS.search(line)
    if found is None:
        return None
    if "answered" in found["rest"]:
        return "answered"
    if "opened" in found["rest"]:
        return "opened"
    if "ledger.sqlite3-wal>" not in found["what"]:
        return None
    return "synced" if "sync" in found["call"] else "wrote"


def test_the_log_is_on_disk_before_each_answer_with_one_wait_for_the_disk(tmp_path: Path) -> None:
    story = happened(tmp_path / "home", tmp_path / "trace")

    after_opening = " ".join(story[story.index("opened") + 1 :])
    parts = after_opening.split("answered")[:5]
    assert [part.split()[-1:] for part in parts] == [["synced"]] * 5
    assert ["wrote" in part for part in parts] == [True] * 5
    assert [part.count("synced") for part in parts[1:]] == [1] * 4


def test_a_disk_that_fails_is_told_and_what_comes_later_is_kept(place: Place) -> None:
    with Writer(place, world()):
        pass

    fault = "inject=fsync,fdatasync:error=EIO:when=3"
    said = traced(place.home, "-o", "/dev/null", "-e", fault).splitlines()

    told = f"answered the ledger '{place.file}' can't be read or written: disk I/O error"
    kept = [line for line in said if line.startswith("answered (Taken(call=")]
    assert (said.count(told), len(kept)) == (1, 4)
    assert len(all_calls(place)) == 4
