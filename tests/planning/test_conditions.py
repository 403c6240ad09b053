"""Steps with `when:` and `approve:` as they are planned and priced."""

from __future__ import annotations

from decimal import Decimal

import pytest
from support.planning import edges, outputs, planned, tasks, told

from aipipe.planning.estimate import estimate
from aipipe.planning.select import selected

PAINT = "type: text_to_image, model: painter, params: {prompt: x}"


def test_a_step_whose_condition_is_false_already_costs_nothing_and_waits_for_nothing() -> None:
    made = planned(f"""
        vars: {{quality: low}}
        steps:
          - {{id: a, {PAINT}}}
          - {{id: b, {PAINT}, when: vars.quality == 'high'}}
        """)

    found = estimate(made)
    assert tasks(made)["b"].is_skipped
    assert edges(made)["b"] == []
    assert (found.calls, found.likely, found.at_most) == (1, Decimal("0.04"), Decimal("0.04"))
    assert [line.price.counted for line in found.lines] == ["1 image", "skipped"]


def test_all_that_is_in_a_skipped_container_costs_nothing() -> None:
    made = planned(f"""
        steps:
          - type: batch_parallel
            id: each
            inputs: [a, b]
            when: false
            steps: [{{id: one, {PAINT}}}]
        """)

    assert (estimate(made).calls, estimate(made).at_most) == (0, Decimal(0))


@pytest.mark.parametrize("condition", ["vars.n > 1", "true", "not (prompt == null)"])
def test_a_condition_that_is_true_already_is_none(condition: str) -> None:
    made = planned(
        f"""
        vars: {{n: 2}}
        steps:
          - {{id: b, {PAINT}, when: {condition}}}
        """,
        prompt="x",
    )

    assert tasks(made)["b"].guard is None


def test_a_variable_without_a_value_is_null_in_a_condition() -> None:
    made = planned(f"""
        vars: {{style: {{type: string}}}}
        steps:
          - {{id: b, {PAINT}, when: vars.style == null and prompt == null}}
        """)

    assert tasks(made)["b"].guard is None


def test_a_condition_that_only_the_run_will_tell_is_priced_as_if_it_held() -> None:
    made = planned(f"""
        steps:
          - {{id: check, type: text_to_text, model: local, params: {{prompt: x}}}}
          - {{id: b, {PAINT}, when: steps.check.output == 'yes'}}
        """)

    assert estimate(made).at_most == Decimal("0.04")
    assert edges(made)["b"] == ["check*"]


def test_asking_how_a_step_ended_makes_an_edge_that_its_failure_does_not_break() -> None:
    made = planned(f"""
        steps:
          - {{id: a, {PAINT}}}
          - {{id: b, {PAINT}, when: steps.a.status == 'failed'}}
        """)

    assert [(need.reads, need.tested) for need in tasks(made)["b"].needs] == [(False, True)]


def test_a_selected_step_brings_what_its_condition_asks_of() -> None:
    made = planned(f"""
        steps:
          - {{id: a, {PAINT}}}
          - {{id: b, {PAINT}}}
          - {{id: c, {PAINT}, when: steps.a.status == 'failed'}}
        """)

    assert {made.templates[number].id for number in selected(made, ["c"])} == {"a", "c"}


def test_branches_of_a_group_are_planned_after_those_that_their_conditions_ask_of() -> None:
    made = planned(f"""
        steps:
          - type: parallel_group
            id: g
            parallel_steps:
              - {{id: a, {PAINT}, when: steps.b.status == 'done'}}
              - {{id: b, {PAINT}}}
        """)

    assert edges(made)["g.a"] == ["g.b"]


def test_branches_that_ask_each_other_are_a_cycle() -> None:
    found = told(f"""
        steps:
          - type: parallel_group
            parallel_steps:
              - {{id: a, {PAINT}, when: steps.b.status == 'done'}}
              - {{id: b, {PAINT}, when: steps.a.status == 'done'}}
        """)

    assert [each.split()[1] for each in found] == ["cycle:"]


def test_of_two_steps_with_one_file_only_one_may_run_and_then_there_is_no_fault() -> None:
    either = "type: text_to_image, model: painter, params: {prompt: x, output_file: hero.png}"
    made = planned(f"""
        vars: {{quality: low}}
        steps:
          - {{id: a, {either}, when: vars.quality == 'high'}}
          - {{id: b, {either}, when: vars.quality != 'high'}}
        """)

    assert outputs(made) == ["hero.png"]


def test_a_step_that_is_skipped_is_no_earlier_occurrence_of_an_equal_one() -> None:
    made = planned(f"""
        steps:
          - {{id: a, {PAINT}, when: false}}
          - {{id: b, {PAINT}}}
        """)

    assert tasks(made)["b"].occurrence == 1


def test_a_group_that_is_merged_takes_its_condition_along() -> None:
    made = planned(f"""
        steps:
          - type: parallel_group
            id: outer
            parallel_steps:
              - type: parallel_group
                id: g
                merge_strategy: collect
                when: false
                approve: Fine?
                parallel_steps: [{{id: a, {PAINT}}}, {{id: b, {PAINT}}}]
        """)

    skipped = {each.path: each.approve for each in made.templates if each.is_skipped}
    assert skipped == {"outer.g": "Fine?"}
