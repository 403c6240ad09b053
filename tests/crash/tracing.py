"""Runs under a tracer of system calls: seen, killed in one, or told that it failed."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from crash import program_run

LONGEST = 60
"""Seconds that a run may take under a tracer."""


@cache
def traces() -> bool:
    """Whether system calls can be traced here."""
    found = shutil.which("strace")
    if found is None:
        return False
    return subprocess.run([found, "-o", os.devnull, "true"], check=False).returncode == 0


needed = pytest.mark.skipif(not traces(), reason="system calls can't be traced here")


def carried_out(
    folder: Path, till: dict[str, str], *tracer: str, out: str = "out"
) -> "subprocess.CompletedProcess[str]":
    """A run in a folder, under a tracer with these options; without any, under none."""
    command: Sequence[str] = [sys.executable, program_run.__file__, str(folder), out]
    traced = ["strace", "-f", *tracer, *command] if tracer else command
    return subprocess.run(
        traced,
        env={**os.environ, **till},
        check=False,
        capture_output=True,
        text=True,
        timeout=LONGEST,
    )


def injected(what: str, call: str, when: str) -> list[str]:
    """The tracer's options that do something to a system call of each thread, by its number."""
    return ["-o", os.devnull, "-e", f"trace={call}", "-e", f"inject={call}:{what}:when={when}"]
