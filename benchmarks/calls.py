"""Paid calls at a server of this machine, ledger on, against a script that does just the calls.

python benchmarks/calls.py [CALLS] [AT ONCE]

Both submit, ask for the job, read its result and download its picture; the script is asyncio and
httpx with connections kept, and keeps nothing but the files. Times are of the run alone.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from aipipe.app import discover
from aipipe.app.options import Options
from aipipe.app.prepare import prepare
from aipipe.app.run import run
from aipipe.app.setting import setting_of

PICTURE = "{type: text_to_image, model: flux_dev}"
SERVER = Path(__file__).with_name("local_fal.py")


@contextmanager
def served(size: int, seconds: float = 0.0, places: int = 1_000_000) -> Iterator[str]:
    """The address of a server of its own process; see there."""
    command = [sys.executable, str(SERVER), str(size), str(seconds), str(places)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.kill()
        process.wait()


async def by_hand(base: str, count: int, at_once: int, folder: Path) -> float:
    """Seconds that a script takes."""
    limits = httpx.Limits(max_connections=at_once, max_keepalive_connections=at_once)
    async with httpx.AsyncClient(limits=limits, headers={"Authorization": "Key a"}) as client:
        gate = asyncio.Semaphore(at_once)

        async def call(number: int) -> None:
            async with gate:
                body = {"prompt": f"picture {number}"}
                job = (await client.post(f"{base}/fal-ai/flux/dev", json=body)).json()
                status = (await client.get(job["status_url"])).json()
                assert status["status"] == "COMPLETED"
                made = (await client.get(job["response_url"])).json()
                content = (await client.get(made["images"][0]["url"])).content
                (folder / f"{number}.png").write_bytes(content)

        began = time.perf_counter()
        await asyncio.gather(*(call(number) for number in range(count)))
        return time.perf_counter() - began


def environment(base: str, home: Path) -> dict[str, str]:
    """What leads to the server."""
    hosts = ("QUEUE", "RUN", "REST", "CDN", "PLATFORM")
    urls = {f"AIPIPE_FAL_{host}_URL": base for host in hosts}
    return {"AIPIPE_HOME": str(home), "FAL_KEY": "a:b", **urls}


def by_aipipe(base: str, count: int, at_once: int, folder: Path, step: str = PICTURE) -> float:
    """Seconds that aipipe takes."""
    file = folder / "calls.yaml"
    items = ", ".join(f"picture {n}" for n in range(count))
    file.write_text(
        f"inputs: [{items}]\n"
        f"limits: {{max_workers: {at_once}, providers: {{fal: {{concurrency: {at_once}}}}}}}\n"
        f"steps:\n  - type: batch_parallel\n    batch_size: {at_once}\n    step_template:\n"
        f"      {step}\n"
    )
    options = Options(
        file=str(file),
        output_dir=str(folder / "out"),
        environment=environment(base, folder / "home"),
        max_workers=at_once,
    )
    prepared = prepare(options, setting_of(discover.registry(), discover.catalog()))
    began = time.perf_counter()
    summary = run(prepared)
    took = time.perf_counter() - began
    assert summary.exit_code == 0, summary.counts
    return took


def main(count: int, at_once: int) -> None:
    """Measure, alternating, and print the ratio."""
    rounds: list[tuple[float, float]] = []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as place, served(2_000) as base:
            folder = Path(place)
            script = asyncio.run(by_hand(base, count, at_once, folder))
            rounds.append((script, by_aipipe(base, count, at_once, folder)))
    script, ours = (min(times) for times in zip(*rounds, strict=True))
    print(f"script  {count / script:8.1f} calls/s")
    print(f"aipipe  {count / ours:8.1f} calls/s, ledger on")
    print(f"ratio   {script / ours:8.2f}  (aim 0.7)")


if __name__ == "__main__":
    os.environ.pop("HTTP_PROXY", None)
    main(*(int(each) for each in [*sys.argv[1:], "400", "64"][:2]))
