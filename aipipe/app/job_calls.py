"""A call as far as the ledger still knows it, and what its outcome says of its cost."""

from aipipe.contracts.call import Call, OutputRequest, Provenance, Receipt
from aipipe.contracts.outcome import Failed, FetchOutcome, Finished, Lost, Made, PollOutcome
from aipipe.contracts.registry import Registry
from aipipe.memory.ledger.past import Call as PastCall
from aipipe.memory.ledger.states import Money
from aipipe.running.instructions import Answered


def rebuilt(past: PastCall, pipeline: str, registry: Registry) -> Call:
    """The call, without what the ledger does not keep: `params`, `raw` and `inputs`."""
    step = registry.steps.get(past.type)
    return Call(
        task=past.task,
        plugin=f"provider:{past.provider}",
        type=past.type,
        model=past.model,
        endpoint=past.endpoint,
        output=OutputRequest(medium=None if step is None else step.produces, extension=None),
        provenance=Provenance(
            pipeline=pipeline,
            step=past.task,
            model=past.model,
            provider=past.provider,
            mock=False,
        ),
        attempt=past.attempt,
        occurrence=past.occurrence,
        rebuilt=True,
    )


def answered(past: PastCall, outcome: PollOutcome | FetchOutcome) -> Answered:
    """What came of the call, with its cost: as reported, else by the price list."""
    spent, computed = _cost(past, outcome)
    return Answered(past.id, outcome, spent, computed)


def _cost(past: PastCall, outcome: PollOutcome | FetchOutcome) -> tuple[int | None, bool]:
    match outcome:
        case Made(receipt=receipt):
            return _told(receipt)
        case Finished(produced=produced):
            return _settled(past, produced.receipt)
        case Lost(receipt=receipt):
            return _settled(past, receipt)
        case Failed(billed_nano_usd=None):
            return _settled(past, None)
        case Failed(billed_nano_usd=billed):
            return billed, False
        case _:
            return None, False


def _told(receipt: Receipt | None) -> tuple[int | None, bool]:
    return (None, False) if receipt is None else (receipt.nano_usd, receipt.computed)


def _settled(past: PastCall, receipt: Receipt | None) -> tuple[int | None, bool]:
    """What a call cost that has ended: nothing new where that is known already."""
    if receipt is not None or past.state.money is not Money.HELD:
        return _told(receipt)
    return (past.held if past.likely is None else past.likely), True
