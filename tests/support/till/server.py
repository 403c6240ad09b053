"""The provider on a socket, with connections that break as planned."""

import os
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol

from support.till.replies import Manner, Reply
from support.till.service import Request

CUT = (Manner.CUT_OFF, Manner.CUT_OFF_CHUNKED)
CHUNKED = (Manner.CHUNKED, Manner.CUT_OFF_CHUNKED, Manner.ENDLESS)


class Answering(Protocol):
    """What stands behind a socket."""

    def number(self) -> int:
        """The next request's."""
        ...

    def answer(self, request: Request) -> Reply:
        """What comes of a request."""
        ...

    def close(self) -> None:
        """Nothing more is asked."""
        ...


class Server(ThreadingHTTPServer):
    """A provider at a free port of this machine."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, service: Answering) -> None:
        self.service = service
        super().__init__(("127.0.0.1", 0), Handler)

    def server_close(self) -> None:
        super().server_close()
        self.service.close()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is what these tests are about."""


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the service keeps a log of its own."""

    def _answer(self) -> None:
        length = int(self.headers.get("content-length", "0"))
        body = self._chunks() if self.headers.get("transfer-encoding") else self.rfile.read(length)
        if len(body) < length:  # its client was killed in the middle of it: nothing is accepted
            self.close_connection = True
            return
        request = Request(
            number=self.server.service.number(),
            method=self.command,
            target=self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
        )
        reply = self.server.service.answer(request)
        if reply.wait:
            threading.Event().wait(reply.wait)
        match reply.manner:
            case Manner.RESET:
                self._reset()
            case Manner.SILENT:
                self.connection.recv(1)  # until the client goes
                self.close_connection = True
            case _:
                self._write(reply)

    def _chunks(self) -> bytes:
        """A body whose length the client did not know."""
        parts: list[bytes] = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _write(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.manner in CHUNKED:
            self.send_header("Transfer-Encoding", "chunked")
        elif "Content-Length" not in reply.headers:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        while reply.manner is Manner.ENDLESS:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(reply.body), reply.body))
        is_cut = reply.manner in CUT
        part = reply.body[: len(reply.body) // 2] if is_cut else reply.body
        if reply.manner in CHUNKED:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part) if part else b"")
            self.wfile.write(b"" if is_cut else b"0\r\n\r\n")
        else:
            self.wfile.write(part)
        self.close_connection = self.close_connection or is_cut

    def _reset(self) -> None:
        """Close so that the client gets a reset, not an end."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())


@contextmanager
def served(service: Answering) -> Iterator[str]:
    """The base address of a provider in a thread of this process."""
    server = Server(service)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
