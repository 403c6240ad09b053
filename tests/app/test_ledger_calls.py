"""Paid calls in the ledger: kept before they are sent, kept before they are asked for, settled."""

from decimal import Decimal
from pathlib import Path

import pytest
from support.buying import asked, bought, calls, states
from support.paid import DOLLAR, KEY, Shop, texts

from aipipe.app.options import Options
from aipipe.app.prepare import prepare
from aipipe.app.run import Control, run
from aipipe.contracts.outcome import Failed, NotSent, Problem, Rejected, SubmitOutcome, Unconfirmed
from aipipe.contracts.status import Status
from aipipe.errors import UsageError
from aipipe.memory.ledger.states import Money, Work

PROBLEM = Problem(code="shop.closed", message="the shop is closed")


def test_an_intent_is_durable_before_its_call_is_sent(tmp_path: Path) -> None:
    seen: list[object] = []
    shop = Shop(look=lambda _task: seen.append(states(tmp_path)))

    bought(texts("1"), tmp_path, shop)

    assert seen == [[("texts.1", Work.INTENT, Money.HELD)]]


def test_a_job_is_durable_before_it_is_asked_for(tmp_path: Path) -> None:
    seen: list[object] = []
    shop = Shop(has_jobs=True)
    shop.look = lambda what: seen.append((what, states(tmp_path), calls(tmp_path)[0].remote_id))

    bought(texts("1"), tmp_path, shop)

    assert seen == [
        ("texts.1", [("texts.1", Work.INTENT, Money.HELD)], None),
        ("poll texts.1", [("texts.1", Work.SUBMITTED, Money.HELD)], "job-texts.1"),
    ]


@pytest.mark.parametrize("has_jobs", [False, True])
def test_a_finished_call_is_settled_with_its_receipt(tmp_path: Path, *, has_jobs: bool) -> None:
    shop = Shop(has_jobs=has_jobs, price=DOLLAR // 4)

    summary = bought(texts("1", "1"), tmp_path, shop)

    assert states(tmp_path) == [
        ("texts.1", Work.DONE, Money.BILLED),
        ("texts.2", Work.DONE, Money.BILLED),
    ]
    assert [(call.held, call.billed) for call in calls(tmp_path)] == [(DOLLAR, DOLLAR // 4)] * 2
    assert summary.billed == Decimal("0.5")
    total = asked(tmp_path, lambda ledger: ledger.total(f"run:{summary.run}"))
    assert (total.held, total.spent) == (0, DOLLAR // 2)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("answer", "work", "money", "status"),
    [
        (Failed(problem=PROBLEM), Work.FAILED, Money.FREE, Status.FAILED),
        (Failed(problem=PROBLEM, billed_nano_usd=7), Work.FAILED, Money.BILLED, Status.FAILED),
        (Failed(problem=PROBLEM, billed_nano_usd=None), Work.FAILED, Money.BILLED, Status.FAILED),
        (Rejected(problem=PROBLEM), Work.REJECTED, Money.FREE, Status.FAILED),
        (Unconfirmed(problem=PROBLEM), Work.UNCONFIRMED, Money.HELD, Status.UNCONFIRMED),
    ],
)
def test_a_call_that_went_wrong_keeps_its_hold_unless_something_shows_what_it_cost(
    tmp_path: Path, answer: SubmitOutcome, work: Work, money: Money, status: Status
) -> None:
    summary = bought(texts("1"), tmp_path, Shop(answers={"texts.1": answer}))

    assert states(tmp_path) == [("texts.1", work, money)]
    assert summary.counts == {status: 1}


def test_a_failure_of_which_nobody_tells_the_cost_counts_by_the_price_list(tmp_path: Path) -> None:
    failed = Failed(problem=PROBLEM, billed_nano_usd=None)

    summary = bought(texts("1"), tmp_path, Shop(answers={"texts.1": failed}))

    assert [(call.held, call.billed) for call in calls(tmp_path)] == [(DOLLAR, DOLLAR)]
    assert summary.billed == 1


def test_each_attempt_is_a_call_of_its_own(tmp_path: Path) -> None:
    shop = Shop(answers={"texts.1": NotSent(problem=PROBLEM)})
    text = texts("1", head="defaults: {retry: {max_attempts: 2, delay: 0.01}}\n")

    bought(text, tmp_path, shop)

    assert states(tmp_path) == [("texts.1", Work.REJECTED, Money.FREE)] * 2
    assert [call.attempt for call in calls(tmp_path)] == [1, 2]


def test_the_cap_of_a_day_spans_runs(tmp_path: Path) -> None:
    shop = Shop()

    first = bought(texts("1", "1"), tmp_path, shop, per_day="3")
    second = bought(texts("1", "1"), tmp_path, shop, per_day="3", fresh=True)

    assert (first.exit_code, second.exit_code) == (0, 3)
    assert second.counts == {Status.DONE: 1, Status.REFUSED: 1}
    assert shop.charged == 3 * DOLLAR


def test_a_cap_of_a_day_that_is_no_amount_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="AIPIPE_MAX_COST_PER_DAY is 'much'"):
        bought(texts("1"), tmp_path, Shop(), per_day="much")


def test_local_calls_write_no_intent(tmp_path: Path) -> None:
    bought(texts("1", "1"), tmp_path, Shop(), mock=True)

    assert calls(tmp_path) == []


def test_an_interrupted_run_leaves_no_call_in_doubt_that_was_never_sent(tmp_path: Path) -> None:
    control = Control()
    shop = Shop()
    shop.look = lambda _task: control.interrupt("SIGINT")
    file = tmp_path / "texts.yaml"
    file.write_text(texts(*["1"] * 40), encoding="utf-8")
    options = Options(
        file=str(file),
        output_dir=str(tmp_path / "out"),
        environment={"AIPIPE_HOME": str(tmp_path / "home"), KEY: "secret"},
    )

    summary = run(prepare(options, shop.world), control=control)

    assert summary.exit_code == 130
    assert {money for _, work, money in states(tmp_path) if work is Work.REJECTED} <= {Money.FREE}
    assert asked(tmp_path, lambda ledger: ledger.open_calls()) == ()
    assert sum(call.billed or 0 for call in calls(tmp_path)) == shop.charged


def test_a_receipt_above_its_hold_lets_no_other_call_to_that_model_be_sent(tmp_path: Path) -> None:
    shop = Shop(price=3 * DOLLAR)

    summary = bought(texts("1", "1", "1"), tmp_path, shop, max_workers=1)

    assert (len(shop.calls), summary.billed) == (1, Decimal(3))
    assert summary.counts == {Status.DONE: 1, Status.FAILED: 2}
    assert [(group.code, group.messages) for group in summary.errors] == [
        ("price_exceeded", ("billed $3.000 where at most $1.000 was expected",))
    ]
    assert [(call.held, call.billed) for call in calls(tmp_path)] == [(DOLLAR, 3 * DOLLAR)]


def test_a_result_that_was_too_dear_is_kept_and_reused(tmp_path: Path) -> None:
    bought(texts("1", "1"), tmp_path, Shop(price=3 * DOLLAR), max_workers=1)
    fair = Shop()

    again = bought(texts("1", "1"), tmp_path, fair, max_workers=1)

    assert again.counts == {Status.REUSED: 1, Status.DONE: 1}
    assert fair.charged == DOLLAR
