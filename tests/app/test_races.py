"""Races of paid branches: what is paid, kept and paid no more."""

from decimal import Decimal
from pathlib import Path

import pytest
from support.buying import bought, ready, states
from support.paid import DOLLAR, Shop

from aipipe.contracts.outcome import Failed, Pending, Problem
from aipipe.contracts.status import Status
from aipipe.memory.ledger.states import Money, Work

BROKEN = Problem(code="test.broken", message="it broke")
RACE = """
name: texts
prompt: a fox
steps:
  - id: texts
    type: parallel_group
    race: {running: %s}
%s    steps:
      - {id: one, type: text_to_text, model: 'shop:text', price: 1, params: {output_file: 1.txt}}
      - {id: two, type: text_to_text, model: 'shop:text', price: 1, params: {output_file: 2.txt}}
      - {id: three, type: text_to_text, model: 'shop:text', price: 1}
"""


def written(then: str = "finish", more: str = "") -> str:
    return RACE % (then, more)


@pytest.mark.parametrize("has_jobs", [False, True])
def test_a_race_run_again_pays_nothing(has_jobs: bool, tmp_path: Path) -> None:  # noqa: FBT001 (a parameter)
    shop = Shop(has_jobs=has_jobs)
    first = bought(written(), tmp_path, shop)
    paid = shop.charged

    again = bought(written(), tmp_path, shop)

    assert (first.exit_code, again.exit_code) == (0, 0)
    assert shop.charged == paid
    assert not again.billed


def test_an_earlier_result_wins_before_a_branch_that_has_none_is_sent(tmp_path: Path) -> None:
    shop = Shop()
    shop.answers = {"texts.one": Failed(problem=BROKEN)}
    bought(written(), tmp_path, shop)
    shop.answers.clear()
    shop.calls.clear()

    again = bought(written(), tmp_path, shop, max_cost=Decimal(10))

    assert (shop.calls, again.exit_code) == ([], 0)
    assert again.counts[Status.SKIPPED] == 1


def test_branches_that_wait_for_their_turn_are_not_paid_for(tmp_path: Path) -> None:
    shop = Shop()

    summary = bought(written(more="    max_workers: 1\n"), tmp_path, shop)

    assert (shop.calls, shop.charged) == (["texts.one"], DOLLAR)
    assert summary.counts == {Status.DONE: 1, Status.SKIPPED: 2}


def test_jobs_that_lost_are_left_and_never_paid_for_again(tmp_path: Path) -> None:
    shop = Shop(has_jobs=True, polls=[Pending(poll_after=600)] * 2)
    first = bought(written("leave"), tmp_path, shop)
    left = [money for _, work, money in states(tmp_path) if work is Work.SUBMITTED]
    shop.polls.clear()

    again = bought(written("leave"), tmp_path, shop)

    assert (first.exit_code, again.exit_code) == (0, 0)
    assert left == [Money.HELD, Money.HELD]
    assert shop.charged == 3 * DOLLAR


def test_a_cap_holds_for_all_that_a_race_starts(tmp_path: Path) -> None:
    shop = Shop()

    summary = bought(written(), tmp_path, shop, max_cost=Decimal("2.5"), partial=True)

    assert shop.charged <= 2 * DOLLAR
    assert summary.counts[Status.DONE] >= 1


@pytest.mark.parametrize("more", ["", "    max_workers: 1\n"])
def test_a_forecast_counts_every_branch_that_has_no_result(more: str, tmp_path: Path) -> None:
    shop = Shop()
    bought(written(more="    max_workers: 1\n"), tmp_path, shop)

    found = ready(written(more=more), tmp_path, shop).estimate

    assert (found.calls, found.reused, found.at_most) == (2, 1, Decimal(2))
