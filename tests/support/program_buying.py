"""Runs a pipeline of paid calls at a shop whose account outlives it: `program_buying.py FOLDER`.

Each accepted call is one line of `account`, on disk before the answer is given. Where there is
a file `stop_after`, the process gets a SIGTERM when it has been charged so many times.
"""

import os
import signal
import sys
import threading
from pathlib import Path

from aipipe.app import discover
from aipipe.app.options import Options
from aipipe.app.prepare import prepare
from aipipe.app.run import Control, run
from aipipe.app.setting import setting_of
from aipipe.cli.interrupts import listening
from aipipe.contracts.call import Call, Job, Produced, Receipt
from aipipe.contracts.outcome import Accepted, Finished, Pending, PollOutcome, SubmitOutcome
from aipipe.contracts.provider import Provider
from aipipe.contracts.tools import Tools

FOLDER = Path(sys.argv[-1])
PRICE = 1_000_000_000
ONE = threading.Lock()


def sell(call: Call, tools: Tools) -> SubmitOutcome:
    """A job, charged for before it is answered."""
    del tools
    item = str(call.inputs["prompt"])
    account = os.open(FOLDER / "account", os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    os.write(account, f"{item}\n".encode())
    os.fsync(account)
    os.close(account)
    _stop()
    return Accepted(job=Job(provider="shop", id=item), poll_after=0.01)


def _stop() -> None:
    """One SIGTERM, as of a job that is cancelled, when that many calls were charged for."""
    with ONE:
        wanted = FOLDER / "stop_after"
        charged = len((FOLDER / "account").read_text().splitlines())
        if wanted.exists() and charged >= int(wanted.read_text()):
            wanted.unlink()
            os.kill(os.getpid(), signal.SIGTERM)


def ask(job: Job, call: Call, tools: Tools) -> PollOutcome:
    """Its text, when it was asked for twice."""
    del call
    asked = FOLDER / f"asked-{job.id}"
    if not asked.exists():
        asked.touch()
        return Pending(poll_after=0.01)
    made = tools.sink.adopt_text(f"a text for {job.id}")
    return Finished(produced=Produced(artefacts=(made,), receipt=Receipt(nano_usd=PRICE)))


def main() -> int:
    """The exit code of the run."""
    shop = Provider(name="shop", title="the Shop", submit=sell, poll=ask, concurrency=3)
    registry = discover.own_registry().with_plugins([shop])
    options = Options(
        file=str(FOLDER / "texts.yaml"),
        output_dir=str(FOLDER / "out"),
        environment={"AIPIPE_HOME": str(FOLDER / "home")},
    )
    control = Control()
    with listening(control.interrupt, control.abandon):
        summary = run(prepare(options, setting_of(registry, discover.catalog())), control=control)
    return int(summary.exit_code or 0)


if __name__ == "__main__":
    sys.exit(main())
