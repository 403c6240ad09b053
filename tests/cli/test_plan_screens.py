"""The screens of a plan: the estimate, the tree, the header line."""

import csv
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from support.golden import golden
from support.plans import after, batch, chain, group, plan, task

from aipipe.catalog.price import UNKNOWN, PriceEstimate
from aipipe.cli import estimate_screen, header, plan_screen
from aipipe.cli.diagnostics import Look
from aipipe.contracts.in_flight import Running
from aipipe.planning.bindings import Const, FromItem, Joined, StepRef
from aipipe.planning.estimate import estimate
from aipipe.planning.plan import OutputName, Plan, SlotSource, Task

GOLDEN = Path(__file__).parent / "golden"


def priced(
    likely: str, counted: str = "1 image", unit: str = "", day: str = "undated", note: str = ""
) -> PriceEstimate:
    return PriceEstimate(
        low=Decimal(likely),
        likely=Decimal(likely),
        at_most=Decimal(likely),
        counted=counted,
        unit_price=unit or f"${likely}",
        priced=day,
        assumptions=(note,) if note else (),
    )


def picture(number: int, label: str, model: str, price: PriceEstimate) -> Task:
    made = task(
        str(number),
        plugin="provider:fal",
        type="text_to_image",
        asked=label,
        model=model,
        estimate=price,
        sources=(SlotSource(slot="prompt", words="carried: the run's prompt"),),
        medium="image",
        output=OutputName(stem=Const(f"{label}_result"), extension="png"),
    )
    return replace(made, label=label)


def pictures() -> Plan:
    return plan(
        group(
            picture(
                1,
                "imagen4",
                "nano_banana_2",
                priced("0.08", "1 image, 1K", "$0.08", note="nano_banana_2: 1K"),
            ),
            picture(
                2,
                "flux",
                "flux_dev",
                priced("0.025", "1 image, 1 MP", "$0.025/MP", note="flux_dev: rounds up to 1 MP"),
            ),
            picture(3, "seedream", "seedream_4_5", priced("0.04", unit="$0.04", day="2026-04")),
            id="parallel_group_1",
        )
    )


def nested() -> Plan:
    clip = task(
        "clip",
        plugin="provider:fal",
        type="image_to_video",
        asked="kling",
        model="kling",
        estimate=UNKNOWN,
        times=None,
        sources=(
            SlotSource(slot="image", words="arriving: the item"),
            SlotSource(slot="prompt", words="params"),
        ),
        output=OutputName(stem=Joined((Const("clip_"), FromItem(0, "key"))), extension="mp4"),
        medium="video",
    )
    sheet = task(
        "sheet",
        plugin="merge:combine_images",
        type="merge_outputs",
        asked="combine_images",
        medium="image",
        output=OutputName(stem=Const("sheet"), extension="png"),
    )
    return plan(
        task("hero", type="text_to_image", asked="local", model="local", medium="image"),
        group(
            chain(task("draw"), task("polish"), id="long"),
            task("short"),
            id="two",
            max_workers=1,
        ),
        replace(sheet, needs=(after(1), after(0))),
        batch([clip], None, id="clips", window=8),
        batch(
            [group(task("a"), task("b"), id="pair"), task("last", reads=StepRef(2, 0))],
            9,
            id="many",
        ),
    )


def test_the_estimate_is_drawn_step_by_step() -> None:
    found = pictures()

    golden(GOLDEN / "estimate.txt", estimate_screen.render(found, estimate(found), Look()) + "\n")


def test_an_unknown_price_is_unknown_and_never_zero() -> None:
    found = nested()

    shown = estimate_screen.render(found, estimate(found), Look())

    golden(GOLDEN / "estimate_unknown.txt", shown + "\n")


def test_a_mock_costs_nothing_and_says_so() -> None:
    found = replace(plan(task("a")), mock=True)

    golden(
        GOLDEN / "estimate_mock.txt", estimate_screen.render(found, estimate(found), Look()) + "\n"
    )


def test_the_estimate_fits_a_narrow_terminal() -> None:
    found = pictures()

    shown = estimate_screen.render(found, estimate(found), Look(columns=72))

    assert max(map(len, shown.split("\n")[:5])) <= 72
    assert "$0.145" in shown


def test_the_estimate_as_json_has_amounts_as_strings_and_null_for_unknown() -> None:
    found = nested()
    shown = json.loads(json.dumps(estimate_screen.as_json(found, estimate(found))))

    assert shown["cost"] == {"low": None, "likely": None, "at_most": None}
    assert [step["id"] for step in shown["steps"]] == [t.path for t in found.tasks]
    assert shown["unknown"] == ["clips[].clip"]


def test_the_estimate_as_csv_has_a_row_a_step() -> None:
    found = pictures()
    rows = list(csv.DictReader(estimate_screen.as_csv(estimate(found)).splitlines()))

    assert [(row["model"], row["likely_usd"], row["priced"]) for row in rows] == [
        ("nano_banana_2", "0.080", "undated"),
        ("flux_dev", "0.025", "undated"),
        ("seedream_4_5", "0.040", "2026-04"),
    ]


def test_the_plan_is_a_tree_with_sources_waits_and_outputs() -> None:
    found = pictures()

    shown = plan_screen.render(found, estimate(found), "output/story", Look())

    golden(GOLDEN / "plan.txt", shown + "\n")


def test_the_plan_shows_chains_groups_and_batches_in_each_other() -> None:
    found = nested()

    shown = plan_screen.render(found, estimate(found), "output/story", Look())

    golden(GOLDEN / "plan_nested.txt", shown + "\n")


def test_the_plan_says_who_wins_a_race_and_what_becomes_of_the_others() -> None:
    found = plan(group(task("one"), task("two"), race=Running.LEAVE))

    shown = plan_screen.render(found, estimate(found), "output/story", Look())
    written = json.dumps(plan_screen.as_json(found, estimate(found), "output/story"))

    assert "2 branches side by side · the first to succeed wins, others are left" in shown
    assert '"race": "leave"' in written


def test_the_plan_says_what_only_leaves_out() -> None:
    whole = pictures()
    found = replace(whole, only=frozenset({next(whole.tasks).number}))

    shown = plan_screen.render(found, estimate(found), "output/story", Look())

    assert [
        line.endswith("not in this run") for line in shown.split("\n") if "text_to" in line
    ] == [
        False,
        True,
        True,
    ]


def test_the_plan_as_json_is_the_same_tree() -> None:
    found = nested()

    shown = plan_screen.as_json(found, estimate(found), "output/story")

    golden(GOLDEN / "plan.json", json.dumps(shown, indent=2) + "\n")


def test_the_header_says_calls_and_money() -> None:
    found = pictures()

    assert (
        header.line(found, estimate(found))
        == "story · 3 new calls, 0 reused · likely $0.145, at most $0.145"
    )


def test_the_header_says_what_is_unknown() -> None:
    found = nested()

    assert (
        header.line(found, estimate(found))
        == "story · an unknown number of new calls, 0 reused · cost unknown"
    )


def seeds(number: int) -> Plan:
    cells = [
        replace(
            picture(seed, f"seed {seed}", "flux" if seed % 2 else "seedream", price),
            id=f"[seed={seed}]",
        )
        for seed in range(1, number + 1)
        for price in [priced("0.025" if seed % 2 else "0.04", "1 image, 1 MP")]
    ]
    return plan(replace(group(*cells, id="pictures"), axes=("seed",)))


def test_a_large_matrix_is_told_by_model_and_shown_by_its_first_cells() -> None:
    made = seeds(1_001)
    found = estimate(made)
    screens = (
        plan_screen.render(made, found, "output/story", Look()),
        estimate_screen.render(made, found, Look()),
    )

    golden(GOLDEN / "matrix_large.txt", "\n\n".join(screens) + "\n")


def test_a_small_matrix_is_told_cell_by_cell() -> None:
    made = seeds(3)
    found = estimate(made)
    screens = (
        plan_screen.render(made, found, "output/story", Look()),
        estimate_screen.render(made, found, Look()),
    )

    golden(GOLDEN / "matrix_small.txt", "\n\n".join(screens) + "\n")
