"""A server that answers each connection with the bytes a test gives it."""

import re
import socket
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

PATIENCE = 20.0
TLS_HELLO = b"\x16"
RESET = struct.pack("ii", 1, 0)
"""SO_LINGER: close with a reset."""


@dataclass
class Raw:
    """Where it listens, and the head of each request that came."""

    base: str
    heads: list[str] = field(default_factory=list)


def good(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """A whole answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@contextmanager
def raw(*answers: bytes | None) -> Iterator[Raw]:
    """One connection for each answer, in order; None: reset when the request is read."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(PATIENCE)
        found = Raw(f"http://127.0.0.1:{listener.getsockname()[1]}")
        thread = threading.Thread(target=_serve, args=(listener, answers, found), daemon=True)
        thread.start()
        yield found
    thread.join(PATIENCE)


def _serve(listener: socket.socket, answers: Sequence[bytes | None], found: Raw) -> None:
    for answer in answers:
        with suppress(OSError):
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(PATIENCE)
                found.heads.append(_head(connection))
                if answer is None:
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                else:
                    connection.sendall(answer)


def _head(connection: socket.socket) -> str:
    """A request's head, its body read too: closing on unread bytes would reset the connection."""
    came = b""
    while _is_missing(came):
        part = connection.recv(65536)
        if not part:
            break
        came += part
    return came.partition(b"\r\n\r\n")[0].decode("latin-1")


def _is_missing(came: bytes) -> bool:
    """Whether more of a request must come. Of TLS one hello is enough."""
    if came.startswith(TLS_HELLO):
        return False
    head, end, body = came.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)^content-length: *(\d+)", head, re.MULTILINE)
    return not end or len(body) < (int(length[1]) if length else 0)


def closed_port() -> str:
    """A base address at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return f"http://127.0.0.1:{port}"


@contextmanager
def deaf() -> Iterator[str]:
    """A base address that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@dataclass
class Patient:
    """Where it listens, and how many connections and requests came."""

    base: str
    connections: int = 0
    requests: int = 0


@contextmanager
def patient(answer: bytes) -> Iterator[Patient]:
    """Gives the answer to the first request of each connection, and resets at a second one."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        found = Patient(f"http://127.0.0.1:{listener.getsockname()[1]}")
        threading.Thread(target=_wait, args=(listener, answer, found), daemon=True).start()
        yield found


def _wait(listener: socket.socket, answer: bytes, found: Patient) -> None:
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            found.connections += 1
            with connection:
                connection.settimeout(PATIENCE)
                _head(connection)
                found.requests += 1
                connection.sendall(answer)
                if _head(connection):
                    found.requests += 1
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
