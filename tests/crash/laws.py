"""What must hold of the money and the results, whenever anybody looks."""

import json
import re
from collections import Counter
from pathlib import Path

from support.till.account import Charge, charges

from aipipe.memory.ledger.connecting import Place
from aipipe.memory.ledger.past import Call
from aipipe.memory.ledger.reading import reading
from aipipe.memory.ledger.states import Money, Work

ENDED_BADLY = frozenset({Work.FAILED, Work.REFUSED, Work.EXPIRED})
MADE = re.compile(r"made (\d+) of (.*)\n")


def calls(folder: Path) -> list[Call]:
    """All calls in the ledger of a folder."""
    with reading(Place(home=folder / "home")) as ledger:
        if ledger is None:
            return []
        return [call for run in ledger.runs() for call in (ledger.run(run.id) or (None, ()))[1]]


def account(folder: Path) -> list[Charge]:
    """What the till has charged. Read before the ledger, which must know of all of it."""
    return charges(folder / "till")


def prompt_of(charge: Charge) -> str:
    """What was paid for."""
    return str(json.loads(charge.body)["prompt"])


def check_money(folder: Path) -> None:
    """Held plus billed is at least what was charged, call by call; nothing was sent twice."""
    charged = account(folder)
    known = calls(folder)
    covered = sum(_covers(call) for call in known)
    assert covered >= sum(each.nano_usd for each in charged)
    rows = Counter(_form(call.endpoint, call.task) for call in known if _covers(call))
    paid = Counter(_form(each.endpoint, prompt_of(each)) for each in charged)
    assert not paid - rows, "a charge has no row"
    failed = Counter(
        _form(call.endpoint, call.task)
        for call in known
        if call.state.work in ENDED_BADLY and call.state.money is Money.BILLED
    )
    twice = [what for what, times in paid.items() if times > 1 + failed[what]]
    assert not twice, "sent again without leave"


def _covers(call: Call) -> int:
    if call.state.money is Money.BILLED:
        return call.billed or 0
    return call.held if call.state.money is Money.HELD else 0


def _form(endpoint: str, name: str) -> str:
    """`jobs/3` for the prompt `job3` and for the task `all.jobs[4]`."""
    found = re.search(r"(\d+)\]?$", name)
    number = int(found[1]) if found else 0
    form = endpoint.partition("/")[0]
    return f"{form}/{number - 1 if name.endswith(']') else number}"


def check_results(folder: Path, code: int) -> None:
    """The end: every file is what its charge paid for, and whatever was paid for is here.

    But for what the till has lost, refused or made to fail, and what nobody knows.
    """
    known = calls(folder)
    assert not [call for call in known if call.state.work in _UNDER_WAY]
    assert (code == 4) == any(call.state.work is Work.UNCONFIRMED for call in known)
    files = {path.stem: path.read_text() for path in (folder / "out").glob("*_*.txt")}
    by_number = {each.id: each for each in account(folder)}
    for name, text in files.items():
        found = MADE.fullmatch(text)
        assert found, (name, text)
        assert prompt_of(by_number[int(found[1])]) == found[2]
    done = Counter(call.endpoint for call in known if call.state.work is Work.DONE)
    assert len(files) == done.total()


_UNDER_WAY = frozenset(
    {
        Work.INTENT,
        Work.SUBMITTED,
        Work.REMOTE_DONE,
        Work.ANSWERED,
        Work.STORED,
        Work.CANCELLING,
    }
)
