"""A run that waits for a person goes on later, and pays for nothing twice."""

from pathlib import Path

import pytest
from support.buying import asked, bought, states
from support.paid import DOLLAR, Shop

from aipipe.contracts.event import RunStatus
from aipipe.contracts.status import Status
from aipipe.errors import UsageError
from aipipe.memory.ledger.states import Money, Work

TEXT = """\
name: clips
prompt: a fox
steps:
  - {id: hero, type: text_to_text, model: "shop:text", price: 1}
  - {id: clips, type: text_to_text, model: "shop:text", price: 1, approve: Good?}
  - {id: film, type: text_to_text, model: "shop:text", price: 1}
"""


def test_agreeing_later_goes_on_with_the_same_run_and_buys_only_what_waited(
    tmp_path: Path,
) -> None:
    shop = Shop()
    first = bought(TEXT, tmp_path, shop)
    paid = shop.charged

    again = bought(TEXT, tmp_path, shop, approve=("clips",))

    assert (first.status, first.exit_code, first.waiting) == (RunStatus.WAITING, 5, ("clips",))
    assert paid == DOLLAR
    assert (again.run, again.exit_code, again.waiting) == (first.run, 0, ())
    assert again.counts == {Status.REUSED: 1, Status.DONE: 2}
    assert (shop.calls, shop.charged) == (["hero", "clips", "film"], 3 * DOLLAR)


def test_what_waits_holds_no_money_in_the_ledger(tmp_path: Path) -> None:
    summary = bought(TEXT, tmp_path, Shop())

    assert asked(tmp_path, lambda ledger: ledger.total(f"run:{summary.run}").spent) == DOLLAR
    assert states(tmp_path) == [("hero", Work.DONE, Money.BILLED)]


def test_agreeing_to_a_step_that_asks_nobody_is_refused_before_anything_is_bought(
    tmp_path: Path,
) -> None:
    shop = Shop()

    with pytest.raises(UsageError, match="'hero' means no step that has  approve:") as caught:
        bought(TEXT, tmp_path, shop, approve=("hero",))

    assert caught.value.hints == ("there are: clips",)
    assert shop.calls == []
