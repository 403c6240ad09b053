"""The answer of a synchronous call: where it will lie is kept before it is read.

So a file that is found there after a crash is the whole answer of that call.
"""

from collections.abc import Iterable
from dataclasses import replace

from aipipe.app.keeping import Keeper
from aipipe.app.ledger_steps import ANSWER, SHA256
from aipipe.contracts.call import Job, Receipt
from aipipe.memory.answers import RawAnswers


def answered(
    keeper: Keeper,
    answers: RawAnswers,
    ticket: int,
    job: Job,
    receipt: Receipt | None,
    body: Iterable[bytes],
) -> Job:
    """The job with the file in which its answer lies, and the file's hash.

    Raises:
        LedgerError: it can't be kept that the call was accepted.
        OSError: the answer can't be written.
        Exception: whatever `body` raises.
    """
    path = answers.fresh()
    named = replace(job, data={**job.data, ANSWER: str(path)})
    keeper.accepted(ticket, named, receipt)
    sha256 = answers.keep(path, body)
    return replace(named, data={**named.data, SHA256: sha256})
