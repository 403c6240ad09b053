"""The provider in a process of its own, from the outside: started, told, read, killed."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from support.till.account import Charge, charges

PROGRAM = Path(__file__).with_name("program.py")
KEY = "till-key"
"""The key that is good unless a plan says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Till:
    """A provider that runs."""

    folder: Path
    base: str
    process: "subprocess.Popen[str]" = field(repr=False)

    @property
    def environment(self) -> dict[str, str]:
        """What a client's environment needs."""
        return {"TILL_KEY": KEY, "AIPIPE_TILL_BASE_URL": self.base}

    def order(self, **plan: object) -> None:
        """Put a plan in force."""
        with httpx.Client(trust_env=False) as client:
            client.post(f"{self.base}/control", json=plan).raise_for_status()

    def charges(self) -> list[Charge]:
        """All that was charged so far."""
        return charges(self.folder)

    def requests(self) -> list[dict[str, object]]:
        """The log of requests."""
        return logged(self.folder)

    def kill(self) -> None:
        """End it at once."""
        self.process.kill()
        self.process.wait()


def logged(folder: Path) -> list[dict[str, object]]:
    """The log of requests of the provider in a folder."""
    text = (folder / "requests.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@contextmanager
def started(folder: Path, plan: Mapping[str, object] | None = None) -> Iterator[Till]:
    """A provider over a folder; a second one there goes on with the account of the first."""
    folder.mkdir(parents=True, exist_ok=True)
    if plan is not None:
        (folder / "faults.json").write_text(json.dumps(plan), encoding="utf-8")
    command = [sys.executable, str(PROGRAM), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            port = process.stdout.readline().strip()
            assert port, "the provider did not start"
            yield Till(folder=folder, base=f"http://127.0.0.1:{port}", process=process)
        finally:
            process.kill()
