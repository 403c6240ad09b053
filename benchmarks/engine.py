"""The engine's cost of a step: 10,000 that do nothing, in one group, against a bare thread pool.

python benchmarks/engine.py [STEPS]
"""

import sys
from concurrent.futures import ThreadPoolExecutor

from noop import folder, now, prepared, setting

from aipipe.app.check import check
from aipipe.app.run import run


def main(count: int) -> None:
    text = "steps:\n  - type: parallel_group\n    parallel_steps:\n"
    text += "      - {type: noop, model: local}\n" * count
    with folder() as place:
        ready = prepared(text, place)
        started = now()
        check(ready.options, setting())
        checking = (now() - started) / count
        started = now()
        summary = run(ready)
        running = (now() - started) / count
    assert summary.exit_code == 0, summary
    started = now()
    with ThreadPoolExecutor(max_workers=32) as pool:
        for future in [pool.submit(lambda: None) for _ in range(count)]:
            future.result()
    bare = (now() - started) / count
    print(f"read, check and plan: {checking * 1e6:.0f} µs a step")
    print(f"run, events, summary, run.json: {running * 1e6:.0f} µs a step (aim 150 with planning)")
    print(f"bare thread pool: {bare * 1e6:.0f} µs a step; ratio {running / bare:.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
