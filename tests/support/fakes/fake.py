"""A provider that is not the real one: stateful, exact about requests, with trouble on order."""

import json
import re
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import ClassVar

from support.till.replies import Reply, of_json
from support.till.service import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A request that came, with what it was for."""

    kind: str
    request: Request
    status: int


class Fake:
    """What all of them share. A subclass has its `routes`, and a method `on_…` for each kind."""

    routes: ClassVar[Mapping[str, str]]
    """By kind: the method and path of its requests, as a pattern. The first that fits counts."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.faults: list[str] = []
        """Requests that the published specification does not allow."""
        self.charged: list[object] = []
        """What was paid for, in the order of it."""
        self.base = ""
        """Its own address, once it is served."""
        self._trouble: dict[str, deque[Reply]] = defaultdict(deque)
        self._lock = threading.RLock()

    @property
    def environment(self) -> dict[str, str]:
        """What leads to it, and its key."""
        raise NotImplementedError

    def kind_of(self, request: Request) -> str:
        """`submit`, `status`, `result`, `file`, `upload`, `cancel`, `list`, …"""
        asked = f"{request.method} {request.path}"
        return next(
            (k for k, route in self.routes.items() if re.fullmatch(route, asked)), "unknown"
        )

    def respond(self, kind: str, request: Request) -> Reply:
        """The answer where nothing goes wrong: what the method `on_…` of its kind says."""
        answer: Callable[[Request], Reply] = getattr(self, f"on_{kind}", not_found)
        return self.closed(kind, request) or answer(request)

    def closed(self, kind: str, request: Request) -> Reply | None:
        """What is answered to somebody without the key; None: come in."""
        raise NotImplementedError

    def check(self, kind: str, request: Request) -> None:
        """Note in `faults` what the specification does not allow."""

    def trouble(self, kind: str, *replies: Reply, after: bool = False) -> None:
        """Answer the next requests of a kind so. `after`: what they ask for is done before."""
        for reply in replies:
            self._trouble[f"{kind}+" if after else kind].append(reply)

    def count(self, kind: str) -> int:
        """How many requests of a kind came."""
        return sum(each.kind == kind for each in self.seen)

    # --- what a socket asks

    def number(self) -> int:
        """The next request's."""
        return len(self.seen) + 1

    def answer(self, request: Request) -> Reply:
        """What comes of a request."""
        with self._lock:
            kind = self.kind_of(request)
            reply = self._planned(kind)
            if reply is None:
                self.check(kind, request)
                reply = self.respond(kind, request)
                reply = self._planned(f"{kind}+") or reply
            self.seen.append(Seen(kind=kind, request=request, status=reply.status))
            return reply

    def _planned(self, kind: str) -> Reply | None:
        return self._trouble[kind].popleft() if self._trouble[kind] else None

    def close(self) -> None:
        """Nothing more is asked."""


def json_in(request: Request) -> dict[str, object]:
    """A request's body."""
    found = json.loads(request.body or b"{}")
    assert isinstance(found, dict)
    return found


def not_found(request: Request) -> Reply:
    """For what no such provider has."""
    return of_json(HTTPStatus.NOT_FOUND, {"detail": f"nothing is at '{request.path}'"})


def media(body: bytes, kind: str, headers: Mapping[str, str] | None = None) -> Reply:
    """A file's bytes."""
    return Reply(body=body, headers={"Content-Type": kind, **(headers or {})})


_PART = re.compile(rb'name="([^"]*)"(?:; filename="([^"]*)")?')


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a form."""

    name: str
    content: bytes
    filename: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def form_in(request: Request) -> list[Part]:
    """The fields of a `multipart/form-data` body."""
    boundary = request.headers["content-type"].partition("boundary=")[2].strip('"').encode()
    parts: list[Part] = []
    for piece in request.body.split(b"--" + boundary)[1:-1]:
        head, _, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        found = _PART.search(head)
        assert found is not None, head
        filename = found[2].decode() if found[2] is not None else None
        parts.append(Part(found[1].decode(), content.removesuffix(b"\r\n"), filename))
    return parts
