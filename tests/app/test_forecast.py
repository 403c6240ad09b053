"""What a run will find of earlier ones is foreseen before it begins, to the call and the cent."""

import random
from decimal import Decimal
from pathlib import Path

import pytest
from support.buying import bought, ready
from support.paid import Shop, texts

from aipipe.contracts.outcome import Failed, Problem, Unconfirmed
from aipipe.planning.estimate import Estimate

SILENT = Unconfirmed(problem=Problem(code="shop.silent", message="no answer came"))


def foreseen(text: str, folder: Path, shop: Shop, **options: object) -> Estimate:
    return ready(text, folder, shop, None, **options).estimate


def test_what_was_bought_costs_nothing_more(tmp_path: Path) -> None:
    shop = Shop()
    bought(texts("1", "2"), tmp_path, shop)

    found = foreseen(texts("1", "2"), tmp_path, shop)

    assert (found.calls, found.reused, found.likely) == (0, 2, Decimal(0))
    assert (found.forecast.saved, found.whole) == (Decimal(2), Decimal(3))


def test_a_run_under_a_low_cap_starts_where_it_reuses_all(tmp_path: Path) -> None:
    shop = Shop()
    bought(texts("1", "2"), tmp_path, shop)

    again = bought(texts("1", "2"), tmp_path, shop, max_cost=Decimal("0.50"))

    assert (again.exit_code, len(shop.calls)) == (0, 2)


CHAIN = """\
name: chain
prompt: {prompt}
steps:
  - {{id: hero, type: text_to_text, model: "shop:text", price: 1}}
  - {{id: clip, type: text_to_text, model: "shop:text", price: 2}}
  - {{id: apart, type: text_to_text, model: "shop:text", price: 4, params: {{prompt: else}}}}
"""


def test_a_change_is_named_at_its_root_and_counted_for_all_that_follows(tmp_path: Path) -> None:
    shop = Shop()
    bought(CHAIN.format(prompt="a fox"), tmp_path, shop)

    found = foreseen(CHAIN.format(prompt="a hare"), tmp_path, shop)

    assert (found.calls, found.reused, found.likely) == (2, 1, Decimal(3))
    assert found.forecast.changes == 2
    assert [(each.task, each.parts) for each in found.forecast.changed] == [("hero", ("prompt",))]


def test_what_is_to_be_made_anew_is_new(tmp_path: Path) -> None:
    shop = Shop()
    bought(CHAIN.format(prompt="a fox"), tmp_path, shop)

    fresh = foreseen(CHAIN.format(prompt="a fox"), tmp_path, shop, fresh=True)
    redone = foreseen(CHAIN.format(prompt="a fox"), tmp_path, shop, redo=("clip",))

    assert (fresh.reused, fresh.likely) == (0, Decimal(7))
    assert (redone.reused, redone.likely) == (2, Decimal(2))


def test_a_call_in_doubt_is_neither_new_nor_reused(tmp_path: Path) -> None:
    shop = Shop(answers={"texts.1": SILENT})
    bought(texts("1", "2"), tmp_path, shop)

    found = foreseen(texts("1", "2"), tmp_path, shop)
    sent_again = foreseen(texts("1", "2"), tmp_path, shop, unconfirmed="retry", max_cost=Decimal(9))

    assert (found.calls, found.reused, found.forecast.doubtful) == (0, 1, 1)
    assert (sent_again.calls, sent_again.likely) == (1, Decimal(1))


LOCAL = """\
name: local
prompt: {prompt}
steps:
  - {{id: speech, type: text_to_speech, model: local, params: {{voice: {voice}}}}}
  - {{id: heard, type: speech_to_text, model: "shop:ears", price: 1}}
"""


def test_what_a_local_step_makes_is_known_by_the_step_and_not_by_its_bytes(tmp_path: Path) -> None:
    shop = Shop()
    bought(LOCAL.format(prompt="a fox", voice="rachel"), tmp_path, shop)

    same = foreseen(LOCAL.format(prompt="a fox", voice="rachel"), tmp_path, shop)
    other = foreseen(LOCAL.format(prompt="a fox", voice="drew"), tmp_path, shop)

    assert (same.reused, same.likely) == (1, Decimal(0))
    assert (other.reused, other.likely) == (0, Decimal(1))
    assert [(e.task, e.parts) for e in other.forecast.changed] == [("heard", ("audio",))]


def test_a_batch_of_which_some_items_are_new_costs_what_those_cost(tmp_path: Path) -> None:
    shop = Shop()
    bought(batch("one", "two"), tmp_path, shop)

    found = foreseen(batch("one", "two", "three", "four"), tmp_path, shop)

    assert (found.calls, found.reused, found.likely) == (2, 2, Decimal(2))
    assert found.lines[0].price.counted == "2 new, 2 reused"


def batch(*items: str, template: str = "") -> str:
    return (
        f"name: items\ninputs: [{', '.join(items)}]\n"
        "steps:\n  - type: batch_parallel\n    id: items\n"
        f'    step_template: {{type: text_to_text, model: "shop:text", price: 1{template}}}\n'
    )


def test_a_ledger_that_knows_nothing_of_a_model_is_not_gone_through(tmp_path: Path) -> None:
    shop = Shop()
    bought(texts("1"), tmp_path, shop)

    other = texts("1").replace("shop:text", "shop:other")

    assert ready(other, tmp_path, shop).estimate.forecast.outlooks == {}


# --- any pipeline, any change


def invented(chance: random.Random) -> str:
    """A pipeline of chains, groups and batches of paid and local steps."""
    steps = "".join(step(chance, f"s{n}", "  ") for n in range(chance.randint(1, 5)))
    return f"name: invented\nprompt: {word(chance)}\nsteps:\n{steps}"


def word(chance: random.Random) -> str:
    return chance.choice(["fox", "hare", "owl", "lynx"])


def step(chance: random.Random, name: str, indent: str, simplest: int = 0) -> str:
    match chance.randint(simplest, 4):
        case 0:
            inner = "".join(step(chance, f"{name}b{n}", indent + "    ", 2) for n in range(2))
            return (
                f"{indent}- id: {name}\n{indent}  type: parallel_group\n"
                f"{indent}  on_error: continue\n{indent}  parallel_steps:\n{inner}"
                f"{indent}- {{id: {name}m, type: merge_outputs, merge_strategy: concat_text}}\n"
            )
        case 1:
            items = ", ".join(f'"{word(chance)} {n}"' for n in range(chance.randint(1, 3)))
            template = f'{{type: text_to_text, model: "shop:a", price: {chance.randint(1, 3)}}}'
            return (
                f"{indent}- id: {name}\n{indent}  type: batch_parallel\n"
                f"{indent}  inputs: [{items}]\n{indent}  step_template: {template}\n"
                f"{indent}- {{id: {name}m, type: merge_outputs, merge_strategy: concat_text}}\n"
            )
        case 2:
            return f"{indent}- {{id: {name}, type: text_to_text, model: local}}\n"
        case kind:
            own = f", params: {{prompt: {word(chance)}}}" if kind == 3 else ""
            paid = f'model: "shop:a", price: {chance.randint(1, 3)}{own}'
            return f"{indent}- {{id: {name}, type: text_to_text, {paid}}}\n"


def check(folder: Path, seed: int) -> None:
    """A pipeline is run, and then others that have much in common with it."""
    shop = Shop(never_the_same=True)
    for turn in range(4):
        text = invented(random.Random(seed // 3 + turn // 2 * 7))
        chance = random.Random(seed + turn)
        if chance.random() < 0.5:
            text = text.replace("fox", "stag", 1)
        failing = chance.choice(["s0", "s1", "s2"]) if chance.random() < 0.3 else ""
        shop.answers = {failing: Failed(problem=Problem(code="shop.broken", message="broken"))}
        before, charged = len(shop.calls), shop.charged
        shop.price = 10**9
        found = foreseen(text, folder, shop, max_cost=Decimal(999))
        summary = bought(text, folder, shop, max_cost=Decimal(999))
        bought_now = len(shop.calls) - before
        assert found.paid is not None
        if failing in shop.calls[before:]:
            assert bought_now <= found.paid
        else:
            assert (bought_now, summary.exit_code) == (found.paid, 0), (seed, turn, text)
            assert shop.charged - charged == bought_now * shop.price


@pytest.mark.parametrize("seed", range(12))
def test_as_many_calls_are_bought_as_were_foreseen(tmp_path: Path, seed: int) -> None:
    check(tmp_path, seed)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(100, 700))
def test_as_many_calls_are_bought_as_were_foreseen_in_many_pipelines(
    tmp_path: Path, seed: int
) -> None:
    check(tmp_path, seed)
