"""Has everything imported, and carries out a run in a process of its own whenever it is told.

A line on standard input is a folder; the answer is the process's number, and, once it has
ended, its exit code, or minus the number of the signal that ended it.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import httpx
from crash.running import PROVIDER, carry_out

import aipipe.media.probe  # noqa: F401 (so that no run has to)
from aipipe.app import discover
from aipipe.app.setting import setting_of


def serve() -> None:
    """Until standard input ends."""
    setting_of(discover.own_registry().with_plugins([PROVIDER]), discover.catalog())
    httpx.create_ssl_context()
    for line in iter(sys.stdin.readline, ""):
        child = os.fork()
        if child == 0:
            code = 70
            try:
                code = carry_out(Path(line.strip()))
            finally:
                os._exit(code)
        print(child, flush=True)  # noqa: T201 (whoever asked waits for it)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201 (the same)


if __name__ == "__main__":
    serve()
