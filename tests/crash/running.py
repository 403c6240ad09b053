"""A run against the till, as every process of the crash tests carries it out."""

import os
import sys
from pathlib import Path

from support.till.provider import till

from aipipe.app import discover
from aipipe.app.options import Options
from aipipe.app.prepare import prepare
from aipipe.app.run import run
from aipipe.app.setting import setting_of
from aipipe.errors import AipipeError

PROVIDER = till(silence=1.0)
TIMES = "{max_attempts: 4, delay: 0.01}"


def pipeline(jobs: int, now: int) -> str:
    """So many jobs and so many calls that answer at once, each with a prompt of its own."""
    return f"""\
name: crash
defaults: {{retry: {TIMES}}}
steps:
  - type: parallel_group
    id: all
    on_error: continue
    parallel_steps:
      - type: batch_parallel
        id: jobs
        on_error: continue
        batch_size: 8
        inputs: [{", ".join(f"job{n}" for n in range(jobs))}]
        step_template: {_step("jobs")}
      - type: batch_parallel
        id: now
        on_error: continue
        batch_size: 4
        inputs: [{", ".join(f"now{n}" for n in range(now))}]
        step_template: {_step("now")}
"""


def _step(form: str) -> str:
    file = f'"{form}_${{{{ item.key }}}}.txt"'
    params = f'prompt: "${{{{ item.value }}}}", output_file: {file}'
    return f"{{type: text_to_text, model: 'till:{form}/text', price: 0.10, params: {{{params}}}}}"


def carry_out(folder: Path, out: str = "out") -> int:
    """The exit code of the run in a folder; AIPIPE_TILL_BASE_URL says where the till is."""
    registry = discover.own_registry().with_plugins([PROVIDER])
    options = Options(
        file=str(folder / "crash.yaml"),
        output_dir=str(folder / out),
        environment={**os.environ, "AIPIPE_HOME": str(folder / "home")},
    )
    try:
        summary = run(prepare(options, setting_of(registry, discover.catalog())))
    except AipipeError as error:  # told and not raised, as the command line does
        sys.stderr.write(f"error: {error}\n")
        return error.exit_code
    return int(summary.exit_code or 0)
