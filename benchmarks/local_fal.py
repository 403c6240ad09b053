"""A server that answers as fal's queue does, as quickly as it can. Its port is printed.

python benchmarks/local_fal.py [BYTES OF A RESULT]
"""

import asyncio
import itertools
import json
import sys
import zlib

NUMBERS = itertools.count(1)


def chunk(kind: bytes, content: bytes) -> bytes:
    """A part of a PNG."""
    ends = zlib.crc32(kind + content).to_bytes(4, "big")
    return len(content).to_bytes(4, "big") + kind + content + ends


def picture(size: int) -> bytes:
    """A PNG of about so many bytes: black, with a comment that fills it up."""
    head = (16).to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0])
    rows = zlib.compress(b"\0" * 17 * 16)
    padding = chunk(b"tEXt", b"Comment\0" + b"x" * max(0, size - 120))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + padding
        + chunk(b"IDAT", rows)
        + chunk(b"IEND", b"")
    )


class Fal:
    """Jobs are done when they are first asked for."""

    def __init__(self, size: int) -> None:
        self.base = ""
        self.file = picture(size)

    def answer(self, method: str, path: str) -> tuple[int, bytes, str]:
        """Status, body and type."""
        if path.startswith("/files/"):
            return 200, self.file, "image/png"
        if method == "POST":
            url = f"{self.base}/fal-ai/flux/requests/{next(NUMBERS)}"
            told = {"status": "IN_QUEUE", "request_id": url.rpartition("/")[2]}
            urls = {
                "status_url": f"{url}/status",
                "response_url": url,
                "cancel_url": f"{url}/cancel",
            }
            return 200, json.dumps({**told, **urls}).encode(), "application/json"
        if path.partition("?")[0].endswith("/status"):
            return 200, b'{"status": "COMPLETED"}', "application/json"
        found = {"images": [{"url": f"{self.base}/files/{path.rpartition('/')[2]}.png"}]}
        return 200, json.dumps(found).encode(), "application/json"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                first, *rest = head.decode("latin-1").split("\r\n")
                method, path, _ = first.split(" ", 2)
                named = dict(line.lower().split(": ", 1) for line in rest if ": " in line)
                await reader.readexactly(int(named.get("content-length", "0")))
                status, body, kind = self.answer(method, path)
                writer.write(
                    f"HTTP/1.1 {status} OK\r\nContent-Type: {kind}\r\n"
                    f"Content-Length: {len(body)}\r\n\r\n".encode()
                    + body
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


async def main(size: int) -> None:
    """Serve until killed."""
    fal = Fal(size)
    server = await asyncio.start_server(fal.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    fal.base = f"http://127.0.0.1:{port}"
    print(port, flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000))
