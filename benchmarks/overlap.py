"""1,000 simulated remote jobs of mixed lengths, 100 in flight, against the ideal makespan.

python benchmarks/overlap.py [JOBS]
"""

import sys
import threading

from noop import folder, ideal, lengths, now, prepared

from aipipe.app.run import run

SLOTS = 100


def main(count: int) -> None:
    jobs = lengths(count)
    text = (
        f"limits: {{max_workers: {SLOTS}}}\nsteps:\n  - type: parallel_group\n    parallel_steps:\n"
    )
    text += "".join(
        f"      - {{type: noop, model: 'simulated:job', price: 0, params: {{seconds: {each}}}}}\n"
        for each in jobs
    )
    threads = 0

    def listen(_event: object) -> None:
        nonlocal threads
        threads = max(threads, threading.active_count())

    with folder() as place:
        ready = prepared(text, place)
        started = now()
        summary = run(ready, listeners=[listen])
        took = now() - started
    assert summary.exit_code == 0, summary
    best = ideal(jobs, SLOTS)
    ratio = took / best
    print(f"{took:.2f} s, ideal {best:.2f} s: {ratio:.3f} (aim 1.03), {threads} threads (aim 40)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
