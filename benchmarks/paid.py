"""Paid steps through the whole engine, ledger on, against the bare engine; and the same again.

python benchmarks/paid.py [STEPS] [SECONDS A CALL]

The first runs send calls that do nothing, which shows what keeping them costs. The second pair
sends calls that take a little, as no real one takes less, and is run again: all is reused.
"""

import os
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path

from noop import NOOP, folder, now

from aipipe.app import discover
from aipipe.app.options import Options
from aipipe.app.prepare import prepare
from aipipe.app.run import run
from aipipe.app.setting import Setting, setting_of
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.outcome import Finished, SubmitOutcome
from aipipe.contracts.provider import Provider
from aipipe.contracts.tools import Tools
from aipipe.running.summary import Summary

IN_FLIGHT = 32


def _pause(call: Call, tools: Tools) -> SubmitOutcome:
    del tools
    time.sleep(float(str(call.raw.get("pause", 0))))
    return Finished(produced=Produced())


def world() -> Setting:
    """The package's plug-ins, a step that does nothing and a shop that sells nothing."""
    shop = Provider(name="shop", title="Shop", concurrency=IN_FLIGHT, submit=_pause)
    return setting_of(discover.registry().with_plugins([NOOP, shop]), discover.catalog())


def pipeline(count: int, model: str, pause: float) -> str:
    """Equal steps for items that differ."""
    paid = f", price: 0.01, raw: {{pause: {pause}}}" if model != "local" else ""
    step = f"{{type: noop, model: '{model}'{paid}, params: {{seconds: '${{{{ item.index }}}}'}}}}"
    return (
        f"inputs: [{', '.join(f'item{n}' for n in range(count))}]\n"
        f"steps:\n  - type: batch_parallel\n    batch_size: {IN_FLIGHT}\n"
        f"    step_template: {step}\n"
    )


def timed(count: int, model: str, pause: float, place: str) -> tuple[float, float, Summary]:
    """Seconds to prepare a run and to run it."""
    file = Path(place, "pipeline.yaml")
    file.write_text(pipeline(count, model, pause))
    home = {"AIPIPE_HOME": str(Path(place, "home"))}
    options = Options(file=str(file), output_dir=str(Path(place, "out")), environment=home)
    setting, started = world(), now()
    ready = prepare(options, setting)
    prepared = now()
    summary = run(ready)
    return prepared - started, now() - prepared, summary


def fsync() -> float:
    """Seconds for an fsync of one written page: the median of 50."""
    found = []
    with tempfile.TemporaryFile() as file:
        for _ in range(50):
            file.write(b"x" * 4096)
            file.flush()
            started = now()
            os.fsync(file.fileno())
            found.append(now() - started)
    return sorted(found)[len(found) // 2]


def main(count: int, pause: float) -> None:
    with folder() as place:
        _, bare, summary = timed(count, "local", 0, place)
        assert summary.exit_code == 0, summary
    with folder() as place:
        _, paid, summary = timed(count, "shop:job", 0, place)
        assert summary.exit_code == 0, summary
    with folder() as place:
        planned, first, summary = timed(count, "shop:job", pause, place)
        foreseen, again, reused = timed(count, "shop:job", pause, place)
        assert (reused.exit_code, reused.billed) == (0, Decimal(0)), reused
    one = 1e6 / count
    print(f"fsync of a page: {fsync() * 1e6:.0f} µs")
    print(f"bare engine: {bare * one:.0f} µs a step; paid and kept: {paid * one:.0f} µs a step")
    print(f"on top of the bare engine: {(paid - bare) * one:.0f} µs (aim 400), {paid / bare:.1f}x")
    print(
        f"first run, {pause * 1e3:.0f} ms a call, {IN_FLIGHT} at once: {first * one:.0f} µs a step"
    )
    print(f"planned anew with all foreseen: {(foreseen - planned) * one:.0f} µs a step more")
    print(f"the same again: {again * one:.0f} µs a step", end="; ")
    print(f"{(again + foreseen) / (first + planned):.3f} of the first run (aim 0.1)")


if __name__ == "__main__":
    given = sys.argv[1:]
    main(int(given[0]) if given else 10_000, float(given[1]) if len(given) > 1 else 0.2)
