"""What was charged: one line a charge, on disk before anybody is told."""

import json
import os
import threading
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """One charge. `job` is the id of the job or, of a synchronous call, of the request."""

    id: int
    endpoint: str
    """With its form: `jobs/text`, `now/text`."""
    body_sha256: str
    body: str
    nano_usd: int
    job: str
    created: float
    """Seconds since 1970."""


def charges(folder: Path) -> list[Charge]:
    """All that was charged. A last line without its end was never answered: it is no charge."""
    path = folder / "account.jsonl"
    content = path.read_bytes() if path.exists() else b""
    lines = content.split(b"\n")[:-1]
    return [Charge(**json.loads(line)) for line in lines]


class Account:
    """The account in a folder, which goes on where an earlier process ended."""

    def __init__(self, folder: Path) -> None:
        self._lock = threading.Lock()
        self._path = folder / "account.jsonl"
        self.earlier = charges(folder)
        self._next = len(self.earlier) + 1
        self._file = self._path.open("ab")
        self._cut_half_line()

    def charge(
        self, *, endpoint: str, body: bytes, sha256: str, nano_usd: int, job: str, created: float
    ) -> Charge:
        """A charge that is on disk."""
        with self._lock:
            charge = Charge(
                id=self._next,
                endpoint=endpoint,
                body_sha256=sha256,
                body=body.decode("utf-8", "replace"),
                nano_usd=nano_usd,
                job=job,
                created=created,
            )
            self._file.write(json.dumps(asdict(charge)).encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())
            self._next += 1
            return charge

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _cut_half_line(self) -> None:
        content = self._path.read_bytes()
        self._file.truncate(content.rfind(b"\n") + 1)
