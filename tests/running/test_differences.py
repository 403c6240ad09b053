"""Bills that differ from their estimates: which count, which are named, and in which order."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.stories import (
    batch,
    chain,
    ended,
    plan_of,
    priced,
    summary_of,
    task,
    wide_plan,
)

from aipipe.contracts.status import Status
from aipipe.planning.bindings import Item
from aipipe.planning.plan import Plan
from aipipe.running.differences import (
    NAMED,
    Differences,
    ModelDifference,
    StepDifference,
    differ,
)


def one(price: str | None) -> Plan:
    return plan_of(task(1, "hero", label="hero", model="flux_dev", price=priced(price)))


def found(plan: Plan, billed: str, **more: object) -> Differences:
    """What one step comes to."""
    event = ended(next(plan.tasks), 1.0, seconds=1.0, billed=billed, order=(0,), **more)  # type: ignore[arg-type]
    return summary_of(plan, [event]).differences


@pytest.mark.parametrize("billed", ["0.120", "0.080", "0", "0.1101"])
def test_a_bill_more_than_a_tenth_away_is_a_difference(billed: str) -> None:
    differences = found(one("0.1"), billed)

    assert differences == Differences(
        count=1,
        steps=(
            StepDifference(
                order=(0,),
                id="hero",
                label="hero",
                estimated=Decimal("0.1"),
                billed=Decimal(billed),
            ),
        ),
        models=(
            ModelDifference(
                model="flux_dev",
                steps=1,
                estimated=Decimal("0.1"),
                billed=Decimal(billed),
                averaged=False,
            ),
        ),
    )


@pytest.mark.parametrize("billed", ["0.1", "0.110", "0.090"])
def test_a_bill_within_a_tenth_is_none(billed: str) -> None:
    assert found(one("0.1"), billed) == Differences()


def test_what_was_free_and_is_billed_is_a_difference() -> None:
    assert found(one("0"), "0.001").count == 1


@pytest.mark.parametrize(
    ("price", "more"),
    [
        ("0.1", {"status": Status.REUSED}),
        ("0.1", {"status": Status.FAILED}),
        ("0.1", {"billed_known": False}),
        (None, {}),
    ],
    ids=["reused", "failed", "computed", "estimate unknown"],
)
def test_where_there_is_nothing_to_compare_there_is_none(
    price: str | None, more: dict[str, object]
) -> None:
    assert found(one(price), "9", **more) == Differences()


@given(st.permutations(range(12)))
def test_the_first_are_named_in_the_order_written_and_all_are_counted(ends: list[int]) -> None:
    plan = wide_plan(12)
    tasks = tuple(plan.tasks)
    events = [ended(tasks[n], 1.0, seconds=1.0, billed="0.030", order=(0, n)) for n in ends]

    differences = summary_of(plan, events).differences

    assert differences.count == 12
    assert [each.id for each in differences.steps] == [f"pictures.{n + 1}" for n in range(NAMED)]
    assert {(each.model, each.steps) for each in differences.models} == {
        ("flux_dev", 4),
        ("nano_banana_2", 4),
        ("seedream_4_5", 4),
    }


def test_items_whose_estimate_is_a_mean_differ_only_together() -> None:
    item = task(3, "lines[]", label="line", model="tts", price=priced("0.2"), times=2)
    item = replace(item, total=priced("0.3"))
    body = chain(2, "", "lines[]", [item])
    plan = plan_of(batch(1, "lines", body, [Item("a", "short"), Item("b", "longer")]))
    events = [
        ended(item, 1.0, seconds=1.0, billed=billed, order=(0, n), path=f"lines[{n}]")
        for n, billed in enumerate(("0.1", "0.2"))
    ]

    assert summary_of(plan, events).differences == Differences()
    (model,) = summary_of(plan, events[:1]).differences.models
    assert (model.averaged, model.estimated, model.billed) == (
        True,
        Decimal("0.15"),
        Decimal("0.1"),
    )


@given(st.decimals(0, 100, places=3), st.decimals(0, 100, places=3))
def test_what_differs_is_more_than_a_tenth_of_the_estimate(
    billed: Decimal, estimated: Decimal
) -> None:
    away = abs(billed - estimated)

    assert differ(billed, estimated) == (away > estimated / 10)
