"""Models that were shut down, or will be: what takes their place, and what is said of it."""

from datetime import date

import pytest
from support.planning import lines, planned, planning_of, shown, tasks

STEP = "steps: [{{id: a, type: text_to_image, model: {}, params: {{prompt: x}}}}]"


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 10, 24), []),
        (date(2026, 10, 25), ["1:45 model_ends_soon: model 'leaving' ends on 2026-12-24"]),
        (date(2026, 12, 24), ["1:45 model_ends_soon: model 'leaving' ends on 2026-12-24"]),
        (
            date(2026, 12, 25),
            [
                "1:45 model_ends_soon: model 'leaving' was to end on 2026-12-24, and may be gone",
            ],
        ),
    ],
)
def test_a_model_that_ends_within_60_days_is_warned_of(today: date, expected: list[str]) -> None:
    found = planning_of(STEP.format("leaving"), today=today)

    assert found.plan is not None
    assert lines(found.told) == expected
    assert all(each.severity == "warning" for each in found.told)


def test_a_dead_endpoint_that_is_named_as_such_is_warned_of_and_left_as_it_is() -> None:
    found = planning_of(STEP.format('"acme:acme/old_painter"'))

    assert found.plan is not None
    assert tasks(found.plan)["a"].endpoint == "acme/old_painter"
    assert shown(found.told) == (
        "warning 1:45 retired_model: endpoint 'acme/old_painter' was shut down on 2026-08-17\n"
        '    steps: [{id: a, type: text_to_image, model: >"acme:acme/old_painter"<, '
        "params: {prompt: x}}]\n"
        "  model: painter  takes its place\n"
    )


def captions(*branches: str) -> list[tuple[str, str]]:
    """The label and the caption of each branch."""
    written = "".join(f"      - {{type: text_to_image, {branch}}}\n" for branch in branches)
    plan = planned(f"prompt: x\nsteps:\n  - type: parallel_group\n    steps:\n{written}")
    return [(task.label, task.caption) for task in plan.tasks]


@pytest.mark.parametrize(
    ("branches", "expected"),
    [
        (
            ["model: old_painter", "model: pencil"],
            [("old_painter", "painter"), ("pencil", "")],
        ),
        (
            ["model: old_painter, params: {prompt: a}", "model: old_painter, params: {prompt: b}"],
            [("a", ""), ("b", "")],
        ),
        (
            [
                "model: old_painter, params: {count: 1}",
                "model: old_painter, params: {count: 2}",
                "model: pencil, params: {count: 1}",
            ],
            [
                ("old_painter count 1", "painter count 1"),
                ("old_painter count 2", "painter count 2"),
                ("pencil count 1", ""),
            ],
        ),
        (
            ["model: old_painter, name: old_painter", "model: pencil"],
            [("old_painter", ""), ("pencil", "")],
        ),
    ],
)
def test_what_is_made_is_called_by_the_model_that_makes_it(
    branches: list[str], expected: list[tuple[str, str]]
) -> None:
    assert captions(*branches) == expected
