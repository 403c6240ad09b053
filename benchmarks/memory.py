"""Memory of a batch over 100,000 literal items, above the bare import.

python benchmarks/memory.py [ITEMS]
"""

import resource
import sys
from pathlib import Path

from noop import folder, now, prepared

from aipipe.app.run import run


def resident() -> float:
    """Resident memory now, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def main(items: int) -> None:
    bare = resident()
    text = "steps:\n  - type: batch_parallel\n    batch_size: 32\n    inputs:\n"
    text += "".join(f"      - item number {n}\n" for n in range(items))
    text += "    step_template: {type: noop, model: local}\n"
    with folder() as place:
        ready = prepared(text, place)
        del text
        read = resident()
        marks: list[float] = []
        seen = 0

        def listen(_event: object) -> None:
            nonlocal seen
            seen += 1
            if seen % (items // 5) == 0:
                marks.append(resident())

        started = now()
        summary = run(ready, listeners=[listen])
        took = now() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert summary.exit_code == 0, summary
    print(f"bare import {bare:.0f} MB, file read {read:.0f} MB, peak {peak:.0f} MB")
    print(f"above the bare import: {peak - bare:.0f} MB (aim 150)")
    print("while it runs:", " ".join(f"{mark:.0f}" for mark in marks), "MB")
    print(f"{took:.1f} s, {took / items * 1e6:.0f} µs an item")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
