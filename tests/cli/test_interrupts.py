"""Signals, in processes of their own."""

import signal
import subprocess
import sys

import pytest

WAITING = """\
import signal, sys, threading
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_DFL)  # as at a terminal, also where the tests run by nohup
from aipipe.cli.interrupts import listening
stop = threading.Event()
def interrupt(name):
    print(name, flush=True)
    {then}
with listening(interrupt, lambda: print("aborted", flush=True)):
    print("ready", flush=True)
    while not stop.wait(0.05):
        pass
print("over", flush=True)
"""


def waiting(then: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", WAITING.format(then=then)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_first_signal_asks_the_run_to_stop(number: signal.Signals) -> None:
    process = waiting(then="stop.set()")
    process.send_signal(number)
    out, _ = process.communicate(timeout=20)

    assert (out, process.returncode) == (f"{number.name}\nover\n", 0)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_the_second_signal_ends_the_process_at_once(number: signal.Signals, code: int) -> None:
    process = waiting(then="pass")
    assert process.stdout is not None
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline() == "SIGINT\n"
    process.send_signal(number)
    out, _ = process.communicate(timeout=20)

    assert (out, process.returncode) == ("aborted\n", code)


def test_a_signal_that_the_shell_ignores_stays_ignored() -> None:
    script = (
        WAITING.format(then="pass")
        .replace(
            "with listening",
            "import os; signal.signal(signal.SIGHUP, signal.SIG_IGN)\nwith listening",
        )
        .replace("while not stop.wait(0.05):\n        pass", "os.kill(os.getpid(), signal.SIGHUP)")
    )
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )

    assert (found.stdout, found.returncode) == ("ready\nover\n", 0)
