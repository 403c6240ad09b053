"""Nothing is paid twice: results stand in for equal calls, jobs go on, doubts stay."""

from decimal import Decimal
from pathlib import Path

import pytest
from support.buying import bought, calls, leave_open, states
from support.paid import DOLLAR, Shop, texts

from aipipe.contracts.outcome import Problem, Unconfirmed, Unreadable
from aipipe.contracts.status import Status
from aipipe.memory.ledger.states import Money, Work

CUT = Unreadable(problem=Problem(code="shop.down", message="the shop can't be reached"))
"""After this a run leaves the call to the next."""

CHAIN = """\
name: chain
prompt: a fox
vars: {{words: {words}}}
steps:
  - id: {first}
    type: text_to_text
    model: "shop:text"
    price: 1
    params: {{prompt: "${{{{ vars.words }}}}", output_file: {file}}}
  - {{id: second, type: text_to_text, model: "shop:text", price: 1}}
  - id: third
    type: text_to_text
    model: "shop:text"
    price: 1
    params: {{prompt: always the same}}
"""


def chain(words: str = "one", first: str = "first", file: str = "first.txt") -> str:
    return CHAIN.format(words=words, first=first, file=file)


def test_the_same_again_buys_nothing_and_says_so(tmp_path: Path) -> None:
    shop = Shop()
    bought(texts("1", "2"), tmp_path, shop)

    again = bought(texts("1", "2"), tmp_path, shop)

    assert len(shop.calls) == 2
    assert (again.counts, again.exit_code) == ({Status.REUSED: 2}, 0)
    assert (again.billed, again.saved) == (Decimal(0), Decimal(2))
    assert [row.outputs[0].path for row in again.rows()] == ["texts-1.txt", "texts-2.txt"]


def test_fresh_buys_everything_anew(tmp_path: Path) -> None:
    shop = Shop()
    bought(texts("1"), tmp_path, shop)
    bought(texts("1"), tmp_path, shop, fresh=True)

    assert len(shop.calls) == 2


def test_a_step_that_wants_no_reuse_is_bought_each_time(tmp_path: Path) -> None:
    shop = Shop()
    text = chain().replace("price: 1\n", "price: 1\n    cache: false\n", 1)
    bought(text, tmp_path, shop)
    again = bought(text, tmp_path, shop)

    assert shop.calls.count("first") == 2
    assert again.counts == {Status.DONE: 1, Status.REUSED: 2}


def test_a_changed_prompt_buys_that_step_and_what_depends_on_it(tmp_path: Path) -> None:
    shop = Shop()
    bought(chain("one"), tmp_path, shop)
    shop.calls.clear()

    shop.saying = "in other words"
    bought(chain("two"), tmp_path, shop)

    assert shop.calls == ["first", "second"]


def test_other_names_and_output_files_buy_nothing(tmp_path: Path) -> None:
    shop = Shop()
    bought(chain(), tmp_path, shop)
    shop.calls.clear()

    bought(chain(first="opening", file="opening.txt"), tmp_path, shop)

    assert shop.calls == []
    assert (tmp_path / "out" / "opening.txt").is_file()


def test_equal_variants_are_as_many_results_and_one_more_buys_one(tmp_path: Path) -> None:
    shop = Shop()
    bought(texts("1", "1"), tmp_path, shop)
    assert len(shop.calls) == 2

    bought(texts("1", "1", "1"), tmp_path, shop)

    assert len(shop.calls) == 3


def test_equal_items_share_one_call(tmp_path: Path) -> None:
    shop = Shop()
    text = """\
name: items
inputs: [same, other, same]
steps:
  - type: batch_parallel
    batch_size: 1
    step_template: {type: text_to_text, model: "shop:text", price: 1}
"""

    summary = bought(text, tmp_path, shop)

    assert len(shop.calls) == 2
    assert summary.counts == {Status.DONE: 2, Status.REUSED: 1}


def test_an_unconfirmed_call_and_its_equal_item_both_end(tmp_path: Path) -> None:
    unsure = Unconfirmed(problem=Problem(code="shop.silent", message="no answer came"))
    shop = Shop(answers={"items[1]": unsure})
    text = """\
name: items
inputs: [same, same]
steps:
  - {type: batch_parallel, id: items, on_error: continue, batch_size: 1,
     step_template: {type: text_to_text, model: "shop:text", price: 1}}
"""

    summary = bought(text, tmp_path, shop)

    assert shop.calls == ["items[1]"]
    assert (summary.counts, summary.exit_code) == ({Status.UNCONFIRMED: 2}, 4)


def test_a_paid_result_that_is_gone_from_the_store_is_not_bought_again_by_itself(
    tmp_path: Path,
) -> None:
    shop = Shop()
    bought(texts("1"), tmp_path, shop)
    for path in (tmp_path / "home" / "store").rglob("*.txt"):
        path.unlink()

    again = bought(texts("1"), tmp_path, shop)

    assert len(shop.calls) == 1
    assert [row.problem.code for row in again.rows() if row.problem] == ["store.missing"]


# --- after a process that was killed


def test_a_job_that_was_accepted_is_gone_on_with_and_not_sent_again(tmp_path: Path) -> None:
    shop = Shop(has_jobs=True)
    leave_open(tmp_path, shop)
    assert states(tmp_path) == [("texts.1", Work.SUBMITTED, Money.HELD)]

    summary = bought(texts("1"), tmp_path, shop)

    assert shop.calls == []
    assert summary.counts == {Status.DONE: 1}
    assert states(tmp_path) == [("texts.1", Work.DONE, Money.BILLED)]


def test_an_answer_that_came_whole_is_found_though_the_ledger_did_not_learn_of_it(
    tmp_path: Path,
) -> None:
    shop = Shop(keeps=True, fetches=[CUT])
    leave_open(tmp_path, shop)
    assert states(tmp_path) == [("texts.1", Work.SUBMITTED, Money.BILLED)]

    summary = bought(texts("1"), tmp_path, shop)

    assert shop.calls == []
    assert summary.counts == {Status.DONE: 1}
    assert states(tmp_path) == [("texts.1", Work.DONE, Money.BILLED)]
    assert list((tmp_path / "home" / "answers").iterdir()) == []


def test_an_answer_that_was_cut_off_with_its_process_is_lost_and_not_bought_again(
    tmp_path: Path,
) -> None:
    shop = Shop(keeps=True, fetches=[CUT])
    leave_open(tmp_path, shop)
    for answer in (tmp_path / "home" / "answers").iterdir():
        answer.unlink()

    summary = bought(texts("1"), tmp_path, shop)

    assert shop.calls == []
    assert [row.problem.code for row in summary.rows() if row.problem] == ["result.lost"]
    assert states(tmp_path) == [("texts.1", Work.EXPIRED, Money.BILLED)]


def test_an_intent_without_an_answer_is_never_sent_again_by_itself(tmp_path: Path) -> None:
    shop = Shop()
    leave_open(tmp_path, shop)

    summary = bought(texts("1"), tmp_path, shop)
    again = bought(texts("1"), tmp_path, shop)

    assert shop.calls == []
    assert (summary.counts, summary.exit_code) == ({Status.UNCONFIRMED: 1}, 4)
    assert again.exit_code == 4
    assert states(tmp_path) == [("texts.1", Work.UNCONFIRMED, Money.HELD)]


def test_an_unconfirmed_call_is_sent_again_when_that_is_asked_for(tmp_path: Path) -> None:
    shop = Shop()
    leave_open(tmp_path, shop)

    summary = bought(texts("1"), tmp_path, shop, unconfirmed="retry")

    assert shop.calls == ["texts.1"]
    assert summary.exit_code == 0
    assert sorted(states(tmp_path)) == [
        ("texts.1", Work.ABANDONED, Money.HELD),
        ("texts.1", Work.DONE, Money.BILLED),
    ]
    assert sum(call.billed or call.held for call in calls(tmp_path)) == 2 * DOLLAR


@pytest.mark.parametrize("per_day", ["1.50"])
def test_what_may_have_been_paid_for_counts_for_the_cap_of_the_day(
    tmp_path: Path, per_day: str
) -> None:
    shop = Shop()
    leave_open(tmp_path, shop)

    summary = bought(texts("1"), tmp_path, shop, per_day, unconfirmed="retry")

    assert (summary.exit_code, shop.calls) == (3, [])


def test_variants_in_another_order_buy_nothing(tmp_path: Path) -> None:
    def pipeline(*seeds: int) -> str:
        steps = "".join(
            f"      - {{type: text_to_text, model: 'shop:text', price: 1, raw: {{seed: {n}}}}}\n"
            for n in seeds
        )
        head = "name: v\nprompt: a fox\nsteps:\n  - type: parallel_group\n    parallel_steps:\n"
        return head + steps

    shop = Shop()
    bought(pipeline(1, 2, 3, 3), tmp_path, shop)
    shop.calls.clear()

    bought(pipeline(3, 2, 3, 1), tmp_path, shop)
    assert shop.calls == []
    bought(pipeline(3, 2, 3, 4, 1), tmp_path, shop)

    assert len(shop.calls) == 1


def test_other_policies_buy_nothing(tmp_path: Path) -> None:
    shop = Shop()
    bought(chain(), tmp_path, shop)
    shop.calls.clear()

    policies = "price: 1\n    on_error: continue\n    timeout: 5m\n    retry: {max_attempts: 9}\n"
    bought(chain().replace("price: 1\n", policies, 1), tmp_path, shop)

    assert shop.calls == []
