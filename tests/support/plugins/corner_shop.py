"""A provider as another package brings it, for runs in processes of their own.

Beside it a fal that makes nothing. Each call at the shop is a job at $0.10. Jobs are done when
they are asked for, but as long as the file that `SHOP_CLOSED` names exists they go on.
"""

import os
from pathlib import Path

from aipipe.contracts.call import Call, Job, Produced, Receipt
from aipipe.contracts.outcome import (
    Accepted,
    Finished,
    Pending,
    PollOutcome,
    Problem,
    Rejected,
    SubmitOutcome,
)
from aipipe.contracts.provider import Provider
from aipipe.contracts.tools import Tools

_PRICE = 100_000_000


def _sell(call: Call, tools: Tools) -> SubmitOutcome:
    del tools
    return Accepted(job=Job(provider="shop", id=f"job-{call.task}"), poll_after=0.05)


def _ask(job: Job, call: Call, tools: Tools) -> PollOutcome:
    if Path(os.environ.get("SHOP_CLOSED", "/nowhere/closed")).exists():
        return Pending(poll_after=0.05)
    made = tools.sink.adopt_text(f"{job.id} made this of {call.inputs}")
    return Finished(produced=Produced(artefacts=(made,), receipt=Receipt(nano_usd=_PRICE)))


def _turn_away(call: Call, tools: Tools) -> SubmitOutcome:
    del call, tools
    return Rejected(problem=Problem(code="fal.closed", message="fal is closed today"))


PROVIDER = Provider(name="shop", title="the Shop", submit=_sell, poll=_ask, keeps="30 days")
FAL = Provider(name="fal", title="fal", submit=_turn_away)
