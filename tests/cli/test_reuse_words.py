"""What is said of earlier results, in the words of every screen that says it."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from support.plans import group, plan, task

from aipipe.catalog.price import PriceEstimate
from aipipe.cli import estimate_screen, header, plan_screen, reuse_words
from aipipe.cli.diagnostics import Look
from aipipe.planning.estimate import Estimate, estimate
from aipipe.planning.forecast import Changed, Forecast, HeldBack, Outlook
from aipipe.planning.plan import Plan

DIME = Decimal("0.100")
PRICE = PriceEstimate(low=DIME, likely=DIME, at_most=DIME, counted="1 image", priced="undated")
REUSED = Outlook(reused=1, runs=("7k2m",))
NEW = Outlook(new=1, low=DIME, likely=DIME, at_most=DIME, changed=("prompt",))
ATTACHED = Outlook(attached=1, under_way=PRICE)
DOUBTFUL = Outlook(doubtful=1, held_back=(HeldBack.UNCONFIRMED,))


def voices(count: int = 3) -> Plan:
    sold = [task(f"v{n}", plugin="provider:fal", estimate=PRICE) for n in range(count)]
    return plan(group(*sold, id="voices"))


def found(*outlooks: Outlook, changed: tuple[Changed, ...] = ()) -> tuple[Plan, Estimate]:
    """A plan of as many paid steps, and its estimate."""
    whole = voices(len(outlooks))
    numbers = [each.number for each in whole.tasks]
    forecast = Forecast(
        outlooks=dict(zip(numbers, outlooks, strict=True)),
        runs=("7k2m",) if any(each.reused for each in outlooks) else (),
        changed=changed,
        changes=sum(each.changed is not None for each in outlooks),
    )
    return whole, estimate(whole, forecast)


@pytest.mark.parametrize(
    ("outlooks", "told"),
    [
        ([REUSED] * 3, "all 3 reused from run 7k2m, $0.00; new ones: --fresh ($0.300)"),
        ([REUSED], "1 reused from run 7k2m, $0.00; a new one: --fresh ($0.100)"),
        ([REUSED, NEW], "1 new call, 1 reused · likely $0.100, at most $0.100"),
        ([REUSED, ATTACHED], "0 new calls, 1 reused, 1 re-attached · $0.00"),
        ([REUSED, DOUBTFUL], "0 new calls, 1 reused, 1 not sent again · $0.00"),
    ],
)
def test_the_header_says_what_is_new_and_what_is_not(outlooks: list[Outlook], told: str) -> None:
    whole, priced = found(*outlooks)

    assert header.line(whole, priced) == f"story · {told}"


def test_the_header_names_the_run_that_is_gone_on_with() -> None:
    whole, priced = found(REUSED, NEW)

    assert header.line(whole, priced, "7k2m").startswith("story · goes on with run 7k2m · 1 new")


def test_the_estimate_takes_off_what_is_reused_and_says_from_where() -> None:
    changed = (Changed(task="voices.v1", parts=("prompt", "endpoint")),)
    whole, priced = found(REUSED, NEW, ATTACHED, DOUBTFUL, changed=changed)

    lines = estimate_screen.render(whole, priced, Look()).split("\n")

    assert lines[5].startswith("new 1, reused 1, re-attached 1, not sent again 1  ")
    (told,) = (line for line in lines if line.startswith("reuse "))
    assert told == (
        "reuse     1 reused from run 7k2m, 1 changed: prompt and model of voices.v1,"
        " 1 re-attached, 1 not sent again (unconfirmed), +$0.100"
    )


def test_nothing_is_said_of_reuse_where_all_is_new() -> None:
    whole, priced = found(replace(NEW, changed=None), replace(NEW, changed=None))

    assert "reuse     " not in estimate_screen.render(whole, priced, Look())


@pytest.mark.parametrize(
    ("outlook", "told"),
    [
        (REUSED, "reused from run 7k2m"),
        (replace(REUSED, runs=("7k2m", "9c4f")), "reused from runs 7k2m and 9c4f"),
        (replace(REUSED, runs=("a", "b", "c")), "reused from run a and 2 others"),
        (NEW, "new: prompt changed"),
        (replace(NEW, changed=("a", "b", "c")), "new: a, b and c changed"),
        (replace(NEW, changed=()), "new: what it is made from is new"),
        (replace(NEW, changed=None), "new"),
        (ATTACHED, "re-attached"),
        (DOUBTFUL, "not sent again: unconfirmed"),
        (replace(DOUBTFUL, held_back=(HeldBack.REFUSED,)), "not sent again: refused by moderation"),
        (replace(REUSED, reused=12, new=4), "4 new, 12 reused from run 7k2m"),
    ],
)
def test_a_step_of_the_plan_says_what_becomes_of_its_calls(outlook: Outlook, told: str) -> None:
    assert reuse_words.of_step(outlook) == told


def test_a_step_that_buys_nothing_has_no_price_in_the_plan() -> None:
    whole, priced = found(REUSED, NEW)

    shown = plan_screen.render(whole, priced, "out", Look()).split("\n")

    assert [line.rpartition("at fal")[2] for line in shown if "at fal" in line] == [
        " · reused from run 7k2m",
        " · $0.100 · new: prompt changed",
    ]


@pytest.mark.parametrize(
    ("outlook", "state"),
    [
        (REUSED, "reused"),
        (NEW, "new"),
        (ATTACHED, "attached"),
        (DOUBTFUL, "doubtful"),
        (replace(NEW, reused=2), "mixed"),
    ],
)
def test_the_plan_as_json_has_the_state_of_every_step(outlook: Outlook, state: str) -> None:
    whole, priced = found(outlook)

    shown: Any = plan_screen.as_json(whole, priced, "out")

    step = shown["steps"][0]["steps"][0]
    assert step["state"] == state
    assert step["states"] == {
        "new": outlook.new,
        "reused": outlook.reused,
        "attached": outlook.attached,
        "doubtful": outlook.doubtful,
    }


def test_what_is_gone_on_with_is_expected_on_the_bill_and_not_bought() -> None:
    _, priced = found(REUSED, NEW, ATTACHED)

    assert (priced.likely, priced.expected.likely) == (DIME, 2 * DIME)
