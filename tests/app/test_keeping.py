"""What the ledger can't keep at once it keeps later, in its order, and until then it is told."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any, cast

import pytest
from support.buying import calls
from support.kept import CENT, NOON, begun, keep, paid

from aipipe.app.keeping import Keeper
from aipipe.contracts.call import Job, Produced, Receipt
from aipipe.contracts.outcome import Accepted, Finished, Made
from aipipe.memory.ledger.connecting import Place
from aipipe.memory.ledger.faults import LedgerError
from aipipe.memory.ledger.intents import World
from aipipe.memory.ledger.records import Record
from aipipe.memory.ledger.states import CallState, Money, Work
from aipipe.memory.ledger.writer import Reply, Writer
from aipipe.running.instructions import Answered

TICKET = 7
JOB = Job(provider="shop", id="job", data={"answer": "/answers/1"})
MADE = Job(provider="shop", id="job", data={"answer": "/answers/1", "sha256": "abc"})
NOTHING = Produced(artefacts=())
FAULT = LedgerError("the disk gave no room")


@dataclass
class Flaky:
    """A writer that keeps nothing of some requests: those with these numbers."""

    writer: Writer
    fails: frozenset[int]
    requests: int = 0

    def put(self, records: Sequence[Record], reply: Callable[[Reply], None]) -> None:
        """Keep them, or say why not."""
        self.requests += 1
        if self.requests - 1 in self.fails:
            reply(FAULT)
        else:
            self.writer.put(records, reply)


@pytest.mark.parametrize("fails", range(8))
@pytest.mark.parametrize("is_remote", [True, False])
def test_whichever_steps_were_not_kept_the_ledger_knows_them_in_the_end(
    fails: int, *, is_remote: bool, tmp_path: Path
) -> None:
    keep(tmp_path / "home", begun("7k2m"), paid("7k2m", "one", "text", 3, "shop"))
    removed: list[str] = []
    world = World(now=lambda: NOON, is_alive=lambda _: True)
    with Writer(Place(home=tmp_path / "home"), world) as writer:
        flaky = Flaky(writer, frozenset(n for n in range(3) if fails >> n & 1))
        keeper = Keeper(cast("Writer", flaky), removed.append)
        inbox: SimpleQueue[Any] = SimpleQueue()
        keeper.begin(TICKET, 1, 2 * CENT, inbox)

        carry_out(keeper, inbox, is_remote=is_remote)
        settled(writer)
        told = keeper.trouble
        keeper.try_again()

        assert keeper.trouble is None
    assert told is (FAULT if fails & 0b100 else None)
    (call,) = calls(tmp_path)
    assert call.state == CallState(work=Work.DONE, money=Money.BILLED, computed=False)
    assert (call.billed, call.remote_id, call.outputs) == (3 * CENT, "job", [])
    assert removed == ([] if fails & 0b100 else ["/answers/1"])


def carry_out(keeper: Keeper, inbox: SimpleQueue[Any], *, is_remote: bool) -> None:
    """A call from its acceptance to its end: three requests to the writer."""
    receipt = Receipt(nano_usd=3 * CENT)
    if is_remote:
        keeper.answered(Answered(TICKET, Accepted(job=JOB)), inbox)
    else:
        with suppress(LedgerError):
            keeper.accepted(TICKET, JOB, receipt)
    keeper.answered(Answered(TICKET, Made(result=MADE), spent=3 * CENT), inbox)
    keeper.answered(Answered(TICKET, Finished(produced=NOTHING), spent=3 * CENT), inbox)


def settled(writer: Writer) -> None:
    """Wait until all that was put is answered."""
    replies: SimpleQueue[Reply] = SimpleQueue()
    writer.put((), replies.put)
    replies.get(timeout=30)
