"""A server that answers as fal's queue does, as quickly as it can. Its port is printed.

python benchmarks/local_fal.py [BYTES OF A VIDEO] [SECONDS A JOB] [PLACES]

A job more than there are places ends the server: the limit was not kept.
"""

import asyncio
import io
import itertools
import json
import sys
import time
from fractions import Fraction

import av
from PIL import Image

NUMBERS = itertools.count(1)


def picture() -> bytes:
    """A small PNG."""
    with io.BytesIO() as out:
        Image.new("RGB", (16, 16)).save(out, "PNG")
        return out.getvalue()


def film(size: int) -> bytes:
    """An MP4 of so many bytes at least, most of which mean nothing."""
    with io.BytesIO() as out:
        with av.open(out, "w", format="mp4") as container:
            track = container.add_stream("libx264", rate=10)
            track.width, track.height, track.pix_fmt = 32, 32, "yuv420p"
            for place in range(5):
                frame = av.VideoFrame(32, 32, "yuv420p")
                frame.pts, frame.time_base = place, Fraction(1, 10)
                container.mux(track.encode(frame))
            container.mux(track.encode(None))
        padding = max(8, size - out.tell())
        return out.getvalue() + padding.to_bytes(4, "big") + b"free" + bytes(padding - 8)


class Fal:
    """Jobs take so many seconds from their submit on; 0: they are done when first asked for."""

    def __init__(self, size: int, seconds: float, places: int) -> None:
        self.base = ""
        self.seconds, self.places = seconds, places
        self.ends: dict[str, float] = {}
        self.seen: set[str] = set()
        self.picture, self.film = picture(), film(size)

    def answer(self, method: str, path: str) -> tuple[int, bytes, str]:
        """Status, body and type."""
        if path.startswith("/files/"):
            is_film = path.endswith(".mp4")
            return (
                200,
                self.film if is_film else self.picture,
                "video/mp4" if is_film else "image/png",
            )
        if method == "POST":
            url = f"{self.base}/fal-ai/flux/requests/{next(NUMBERS)}"
            told = {"status": "IN_QUEUE", "request_id": url.rpartition("/")[2]}
            self._began(told["request_id"])
            urls = {
                "status_url": f"{url}/status",
                "response_url": url,
                "cancel_url": f"{url}/cancel",
            }
            return 200, json.dumps({**told, **urls}).encode(), "application/json"
        if path.partition("?")[0].endswith("/status"):
            is_done = self._is_done(path.split("/")[-2])
            status = b'{"status": "COMPLETED"}' if is_done else b'{"status": "IN_PROGRESS"}'
            return 200, status, "application/json"
        file = f"{self.base}/files/{path.rpartition('/')[2]}"
        found = {"images": [{"url": f"{file}.png"}], "video": {"url": f"{file}.mp4"}}
        return 200, json.dumps(found).encode(), "application/json"

    def _began(self, job: str) -> None:
        self.ends[job] = time.monotonic() + self.seconds
        under_way = self.ends.keys() - self.seen
        if len(under_way) > self.places:
            raise SystemExit(f"{len(under_way)} jobs at one time")

    def _is_done(self, job: str) -> bool:
        if time.monotonic() < self.ends[job]:
            return False
        self.seen.add(job)
        return True

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


async def main(size: int, seconds: float, places: int) -> None:
    """Serve until killed."""
    fal = Fal(size, seconds, places)
    server = await asyncio.start_server(fal.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    fal.base = f"http://127.0.0.1:{port}"
    print(port, flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    given = sys.argv[1:] or ["2000", "0", "1000000"]
    asyncio.run(main(int(given[0]), float(given[1]), int(given[2])))
