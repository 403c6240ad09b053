"""The same command goes on with the run that it had begun: its id, its budget, its calls."""

from decimal import Decimal
from pathlib import Path

import pytest
from support.buying import asked, bought, ready, states
from support.paid import DOLLAR, Shop, texts

from aipipe.app.run import Control, run
from aipipe.contracts.call import Job
from aipipe.contracts.in_flight import Running
from aipipe.contracts.outcome import (
    Failed,
    Lost,
    NotSent,
    Pending,
    Problem,
    Rejected,
    SubmitOutcome,
    Unconfirmed,
    Unreadable,
)
from aipipe.contracts.provider import Candidate
from aipipe.contracts.status import Status
from aipipe.errors import CapError
from aipipe.memory.ledger.liveness import RunTakenError, living
from aipipe.memory.ledger.past import Run
from aipipe.memory.ledger.states import Money, Work
from aipipe.running.summary import Summary

BROKEN = Problem(code="shop.broken", message="it broke")
CUT_OFF = Problem(code="shop.cut_off", message="the download was cut off")


def runs(folder: Path) -> list[Run]:
    found = asked(folder, lambda ledger: list(ledger.runs()))
    assert isinstance(found, list)
    return found


def test_a_run_that_failed_is_gone_on_with_under_its_own_name(tmp_path: Path) -> None:
    shop = Shop(answers={"texts.2": Failed(problem=BROKEN)})
    first = bought(texts("1", "1"), tmp_path, shop)
    shop.answers.clear()

    again = bought(texts("1", "1"), tmp_path, shop)

    assert (first.exit_code, again.exit_code) == (1, 0)
    assert again.run == first.run
    assert [run.finished for run in runs(tmp_path)] == [True]
    assert again.counts == {Status.REUSED: 1, Status.DONE: 1}


def test_a_run_that_is_done_is_not_gone_on_with(tmp_path: Path) -> None:
    first = bought(texts("1"), tmp_path, Shop())

    assert bought(texts("1"), tmp_path, Shop()).run != first.run


@pytest.mark.parametrize("options", [{"new_run": True}, {"prompt": "a hare"}, {"fresh": True}])
def test_another_run_begins_where_that_is_asked_for_or_it_asks_for_something_else(
    tmp_path: Path, options: dict[str, object]
) -> None:
    first = bought(texts("1"), tmp_path, Shop(answers={"texts.1": Failed(problem=BROKEN)}))

    assert bought(texts("1"), tmp_path, Shop(), None, **options).run != first.run


def test_a_run_of_another_process_into_the_same_folder_is_left_alone(tmp_path: Path) -> None:
    first = bought(texts("1"), tmp_path, Shop(answers={"texts.1": Failed(problem=BROKEN)}))

    with living(tmp_path / "home", first.run), pytest.raises(RunTakenError):
        bought(texts("1"), tmp_path, Shop())


def test_a_run_of_another_process_into_another_folder_is_not_in_the_way(tmp_path: Path) -> None:
    first = bought(texts("1"), tmp_path, Shop(answers={"texts.1": Failed(problem=BROKEN)}))

    with living(tmp_path / "home", first.run):
        other = bought(texts("1"), tmp_path, Shop(), output_dir=str(tmp_path / "elsewhere"))

    assert other.run != first.run


def test_the_new_results_of_a_run_are_made_once_over_all_its_processes(tmp_path: Path) -> None:
    shop = Shop()
    bought(texts("1", "1"), tmp_path, shop)
    shop.answers["texts.2"] = Failed(problem=BROKEN)
    bought(texts("1", "1"), tmp_path, shop, fresh=True)
    shop.answers.clear()
    shop.calls.clear()

    again = bought(texts("1", "1"), tmp_path, shop, fresh=True)

    assert shop.calls == ["texts.2"]
    assert again.counts == {Status.REUSED: 1, Status.DONE: 1}


def test_the_budget_of_a_run_spans_its_processes(tmp_path: Path) -> None:
    head = "budget: 2.50\ndefaults: {retry: {max_attempts: 1}}\n"
    billed = Failed(problem=BROKEN, billed_nano_usd=DOLLAR)
    shop = Shop(answers={"texts.2": billed})
    bought(texts("1", "1", head=head), tmp_path, shop)
    shop.answers.clear()

    with pytest.raises(CapError, match=r"likely \$1.00 is above the cap of \$2.50 with \$2.00 "):
        bought(texts("1", "1", head=head), tmp_path, shop)
    again = bought(texts("1", "1", head=head), tmp_path, shop, partial=True)

    assert (again.counts, again.exit_code) == ({Status.REUSED: 1, Status.REFUSED: 1}, 3)
    assert bought(texts("1", "1", head=head), tmp_path, shop, new_run=True).exit_code == 0


def test_a_group_has_a_sum_of_its_own_in_the_ledger(tmp_path: Path) -> None:
    text = texts("1", "1").replace("parallel_group\n", "parallel_group\n    budget: 1.50\n")
    shop = Shop()

    summary = bought(text, tmp_path, shop)

    total = asked(tmp_path, lambda ledger: ledger.total(f"group:{summary.run}/texts").spent)
    assert (summary.exit_code, shop.charged, total) == (3, DOLLAR, DOLLAR)


# --- what is anew


def chain() -> str:
    return """\
name: chain
prompt: a fox
steps:
  - {id: first, type: text_to_text, model: "shop:text", price: 1}
  - {id: second, type: text_to_text, model: "shop:text", price: 1}
  - {id: apart, type: text_to_text, model: "shop:text", price: 1, params: {prompt: else}}
"""


def test_a_step_that_is_done_over_takes_with_it_what_depends_on_it(tmp_path: Path) -> None:
    shop = Shop()
    bought(chain(), tmp_path, shop)
    shop.calls.clear()
    shop.saying = "said anew"

    bought(chain(), tmp_path, shop, redo=("first",))
    bought(chain(), tmp_path, shop)

    assert shop.calls == ["first", "second"]


def test_items_are_done_over_by_their_keys(tmp_path: Path) -> None:
    text = """\
name: items
inputs: [one, two, three]
steps:
  - {type: batch_parallel, id: items,
     step_template: {type: text_to_text, model: "shop:text", price: 1}}
"""
    shop = Shop()
    bought(text, tmp_path, shop)
    shop.calls.clear()

    bought(text, tmp_path, shop, redo=("items[2]",))

    assert shop.calls == ["items[2]"]


# --- what is made is only fetched


def test_a_download_that_fails_is_repeated_and_nothing_is_sent_again(tmp_path: Path) -> None:
    shop = Shop(has_jobs=True, leaves_results=True, fetches=[NotSent(problem=CUT_OFF)])

    summary = bought(texts("1"), tmp_path, shop)

    assert (summary.exit_code, shop.calls) == (0, ["texts.1"])
    assert states(tmp_path) == [("texts.1", Work.DONE, Money.BILLED)]
    assert summary.billed == Decimal(1)


def test_a_result_that_can_not_be_read_is_left_for_the_next_run(tmp_path: Path) -> None:
    unreadable = Unreadable(problem=Problem(code="shop.html", message="a page, and no text"))
    shop = Shop(has_jobs=True, leaves_results=True, fetches=[unreadable])

    first = bought(texts("1"), tmp_path, shop)
    between = states(tmp_path)
    again = bought(texts("1"), tmp_path, shop)

    assert (first.exit_code, again.exit_code) == (1, 0)
    assert between == [("texts.1", Work.REMOTE_DONE, Money.BILLED)]
    assert (shop.calls, shop.charged) == (["texts.1"], DOLLAR)


def test_what_is_made_is_durable_before_it_is_fetched(tmp_path: Path) -> None:
    seen: list[object] = []
    shop = Shop(has_jobs=True, leaves_results=True)
    shop.look = lambda what: seen.append((what, states(tmp_path)[0][1:]))

    bought(texts("1"), tmp_path, shop)

    assert seen[-1] == ("fetch texts.1", (Work.REMOTE_DONE, Money.BILLED))


def test_a_result_that_is_gone_from_the_store_is_fetched_again(tmp_path: Path) -> None:
    shop = Shop(has_jobs=True, leaves_results=True)
    bought(texts("1"), tmp_path, shop)
    empty_store(tmp_path)

    again = bought(texts("1"), tmp_path, shop)

    assert (again.exit_code, again.billed, len(shop.calls)) == (0, Decimal(0), 1)
    assert (tmp_path / "out" / "texts-1.txt").is_file()


def test_what_can_not_be_fetched_any_more_is_bought_again_only_if_that_is_said(
    tmp_path: Path,
) -> None:
    gone = Lost(problem=Problem(code="shop.gone", message="the link has expired"))
    shop = Shop(has_jobs=True, leaves_results=True, fetches=[gone])

    first = bought(texts("1"), tmp_path, shop)
    second = bought(texts("1"), tmp_path, shop)
    third = bought(texts("1"), tmp_path, shop, rebuy=True)

    assert (first.exit_code, second.exit_code, third.exit_code) == (1, 1, 0)
    assert [work for _, work, _ in states(tmp_path)] == [Work.EXPIRED, Work.DONE]
    hints = [row.problem.hint for row in second.rows() if row.problem]
    assert hints == ["--rebuy  buys it again"]
    assert len(shop.calls) == 2


def empty_store(folder: Path) -> None:
    for path in (folder / "home" / "store").rglob("*.txt"):
        path.unlink()


@pytest.mark.parametrize(
    ("answer", "money"),
    [
        (Rejected(problem=BROKEN, refused=True), Money.FREE),
        (Failed(problem=BROKEN, refused=True, billed_nano_usd=DOLLAR), Money.BILLED),
    ],
)
def test_what_moderation_refused_is_sent_again_only_if_that_is_said(
    tmp_path: Path, answer: SubmitOutcome, money: Money
) -> None:
    shop = Shop(answers={"texts.1": answer})

    bought(texts("1"), tmp_path, shop)
    again = bought(texts("1"), tmp_path, shop)
    assert (states(tmp_path), again.exit_code) == ([("texts.1", Work.REFUSED, money)], 1)
    shop.answers.clear()
    third = bought(texts("1"), tmp_path, shop, retry_refused=True, max_cost=Decimal(3))

    assert third.exit_code == 0
    assert len(shop.calls) == 2


# --- what may have been paid for


def unsure(cost: str = "1") -> str:
    return f"""\
name: unsure
prompt: a fox
steps:
  - id: texts
    type: parallel_group
    parallel_steps:
      - {{type: text_to_text, model: "shop:text", price: {cost}}}
      - {{type: text_to_text, model: "shop:text", price: {cost}, params: {{prompt: else}}}}
  - {{id: all, type: merge_outputs, merge_strategy: concat_text}}
"""


SILENT = Unconfirmed(problem=Problem(code="shop.silent", message="no answer came"))


def test_what_may_have_been_paid_for_can_be_skipped_over(tmp_path: Path) -> None:
    shop = Shop(answers={"texts.1": SILENT})

    summary = bought(unsure(), tmp_path, shop, unconfirmed="skip")

    ends = {row.id: row.status for row in summary.rows()}
    assert ends == {
        "texts.1": Status.UNCONFIRMED,
        "texts.2": Status.DONE,
        "all": Status.DONE,
    }
    assert summary.exit_code == 4


def test_only_so_much_is_risked_as_is_allowed(tmp_path: Path) -> None:
    shop = Shop(answers={"texts.1": SILENT, "texts.2": SILENT})
    bought(unsure(), tmp_path, shop)
    shop.answers.clear()
    shop.calls.clear()

    again = bought(
        unsure(),
        tmp_path,
        shop,
        unconfirmed="retry",
        unconfirmed_max=Decimal("1.50"),
        max_cost=Decimal(9),
    )

    assert (len(shop.calls), again.exit_code) == (1, 4)


def candidates(*created: float) -> list[Candidate]:
    return [
        Candidate(job=Job(provider="shop", id=f"found-{n}"), created=at)
        for n, at in enumerate(created)
    ]


NOW, BEFORE = 1e12, 1.0


@pytest.mark.parametrize(
    ("known", "code"), [([], 4), ([NOW], 0), ([NOW, NOW], 4), ([BEFORE], 4), ([BEFORE, NOW], 0)]
)
def test_a_sole_job_that_came_after_the_intent_is_taken_for_the_call(
    tmp_path: Path, known: list[float], code: int
) -> None:
    shop = Shop(has_jobs=True, leaves_results=True, answers={"texts.1": SILENT})
    bought(texts("1"), tmp_path, shop)
    shop.known = candidates(*known)

    again = bought(texts("1"), tmp_path, shop)

    assert (again.exit_code, shop.calls) == (code, ["texts.1"])


def test_a_job_that_is_another_call_is_not_taken_for_this_one(tmp_path: Path) -> None:
    shop = Shop(has_jobs=True, leaves_results=True, answers={"texts.1": SILENT})
    bought(texts("1", "1"), tmp_path, shop)
    shop.known = [Candidate(job=Job(provider="shop", id="job-texts.2"), created=NOW)]

    again = bought(texts("1", "1"), tmp_path, shop)

    assert again.exit_code == 4


def test_an_equal_item_goes_on_with_what_the_first_has_given_up(tmp_path: Path) -> None:
    unreadable = Unreadable(problem=Problem(code="shop.html", message="a page, and no text"))
    shop = Shop(has_jobs=True, leaves_results=True, fetches=[unreadable])
    text = """\
name: items
inputs: [same, same]
steps:
  - {type: batch_parallel, id: items, on_error: continue, batch_size: 1,
     step_template: {type: text_to_text, model: "shop:text", price: 1}}
"""

    summary = bought(text, tmp_path, shop)

    assert shop.calls == ["items[1]"]
    assert summary.counts == {Status.FAILED: 1, Status.DONE: 1}


# --- a run that is stopped


def stopped(
    folder: Path, shop: Shop, how: Running, *, when: str = "poll texts.1"
) -> tuple[Summary, Control]:
    """A run that is interrupted when the shop is asked something."""
    control = Control(how)
    shop.look = lambda what: control.interrupt("SIGINT") if what == when else None
    summary = run(ready(texts("1"), folder, shop), control=control)
    shop.look = lambda _what: None
    return summary, control


def test_a_job_that_is_left_is_collected_by_the_same_command_and_paid_for_once(
    tmp_path: Path,
) -> None:
    shop = Shop(has_jobs=True, polls=[Pending(poll_after=0.2)])

    first, _ = stopped(tmp_path, shop, Running.LEAVE)
    between = states(tmp_path)
    again = bought(texts("1"), tmp_path, shop)

    assert (first.exit_code, first.counts) == (130, {Status.CANCELLED: 1})
    assert between == [("texts.1", Work.SUBMITTED, Money.HELD)]
    assert (again.exit_code, again.run, shop.charged) == (0, first.run, DOLLAR)


def test_a_cancel_is_kept_before_it_is_asked_for_and_ends_as_the_provider_says(
    tmp_path: Path,
) -> None:
    gone = Failed(problem=Problem(code="cancelled", message="as asked"), cancelled=True)
    shop = Shop(has_jobs=True, polls=[Pending(poll_after=0.05), gone])

    summary, _ = stopped(tmp_path, shop, Running.CANCEL)

    assert summary.counts == {Status.CANCELLED: 1}
    assert states(tmp_path) == [("texts.1", Work.CANCELLED, Money.FREE)]


def test_a_result_that_comes_after_a_cancel_is_kept(tmp_path: Path) -> None:
    shop = Shop(has_jobs=True, polls=[Pending(poll_after=0.05)])

    summary, _ = stopped(tmp_path, shop, Running.CANCEL)

    assert summary.counts == {Status.DONE: 1}
    assert states(tmp_path) == [("texts.1", Work.DONE, Money.BILLED)]
