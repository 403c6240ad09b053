"""A web server with the pages that a test puts there."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from support.till.replies import Manner, Reply
from support.till.server import served
from support.till.service import Request

HTML = b"<!doctype html><html><head><title>Not for you</title></head></html>"


@dataclass
class Web:
    """What stands at each path; several replies come one after the other, the last for good."""

    pages: dict[str, list[Reply]] = field(default_factory=dict)
    seen: list[Request] = field(default_factory=list)
    base: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, path: str, *replies: Reply | bytes) -> str:
        """The address of what stands at a path from now on."""
        whole = [file(reply) if isinstance(reply, bytes) else reply for reply in replies]
        self.pages[path] = whole
        return f"{self.base}{path}"

    @property
    def asked(self) -> list[str]:
        """The targets of all requests, in order of their names."""
        return sorted(request.target for request in self.seen)

    def number(self) -> int:
        return len(self.seen) + 1

    def answer(self, request: Request) -> Reply:
        with self._lock:
            self.seen.append(request)
            replies = self.pages.get(request.path)
            if not replies:
                return file(HTML, status=404)
            return replies.pop(0) if len(replies) > 1 else replies[0]

    def close(self) -> None:
        """Nothing more is asked."""


def file(
    body: bytes,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    manner: Manner = Manner.WHOLE,
) -> Reply:
    """A file as it is sent."""
    return Reply(status=status, body=body, headers=dict(headers or {}), manner=manner)


def moved(to: str) -> Reply:
    """A redirect."""
    return file(b"", status=302, headers={"Location": to})


@contextmanager
def web() -> Iterator[Web]:
    """A server without pages, at a free port of this machine."""
    found = Web()
    with served(found) as base:
        found.base = base
        yield found
