"""Many jobs at a provider with few places: the makespan against the ideal one.

python benchmarks/fal_jobs.py [JOBS] [PLACES] [SECONDS A JOB]

The server is of its own process and makes a job wait for its place; the limit is the file's.
"""

import sys
import tempfile
import threading
import time
from pathlib import Path

from calls import environment, served

from aipipe.app import discover
from aipipe.app.options import Options
from aipipe.app.prepare import prepare
from aipipe.app.run import run
from aipipe.app.setting import setting_of


def main(jobs: int, places: int, seconds: float) -> None:
    """Run once and compare."""
    with tempfile.TemporaryDirectory() as folder, served(2_000, seconds, places) as base:
        file = Path(folder, "jobs.yaml")
        items = ", ".join(f"picture {n}" for n in range(jobs))
        file.write_text(
            f"inputs: [{items}]\n"
            f"limits: {{providers: {{fal: {{concurrency: {places}}}}}}}\n"
            "steps:\n  - type: batch_parallel\n    batch_size: 300\n    step_template:\n"
            "      {type: text_to_image, model: flux_dev}\n"
        )
        options = Options(
            file=str(file),
            output_dir=str(Path(folder, "out")),
            environment=environment(base, Path(folder, "home")),
        )
        prepared = prepare(options, setting_of(discover.registry(), discover.catalog()))
        most = 0

        def look(_event: object) -> None:
            nonlocal most
            most = max(most, threading.active_count())

        began = time.perf_counter()
        summary = run(prepared, listeners=(look,))
        took = time.perf_counter() - began
    ideal = seconds * -(-jobs // places)
    print(f"{summary.counts}, at most {most} threads")
    print(f"ideal   {ideal:7.1f} s")
    print(f"aipipe  {took:7.1f} s")
    print(f"ratio   {took / ideal:7.3f}  (aim 1.05)")


if __name__ == "__main__":
    given = [float(each) for each in [*sys.argv[1:], "300", "10", "4"][:3]]
    main(int(given[0]), int(given[1]), given[2])
