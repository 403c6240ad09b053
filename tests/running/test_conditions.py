"""Steps with `when:` run where their condition holds, and are no failure where it does not."""

from __future__ import annotations

import re
from dataclasses import replace
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.planning import planning_of
from support.plans import batch, chain, group, plan, task
from support.running import Story, fail, made, succeed, tell

from aipipe.contracts.artefact import ArtefactRef
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.event import ContainerEnded, RunStatus, StepEnded
from aipipe.contracts.outcome import Finished, SubmitOutcome
from aipipe.language.conditions.parsing import parsed
from aipipe.planning.bindings import Const
from aipipe.planning.plan import Batch, Guard, Plan, Task, Template

NOTE = "type: text_to_text, model: local, params: {prompt: x}"


def plan_of(text: str) -> Plan:
    found = planning_of(dedent(text).replace("NOTE", NOTE))
    assert found.plan is not None, found.told
    return found.plan


def saying(text: str) -> Any:
    def answer(_call: Call) -> SubmitOutcome:
        return Finished(produced=Produced(artefacts=(made(text),)))

    return answer


def told(text: str, **more: Any) -> Story:
    return tell(plan_of(text), **more)


def reasons(story: Story) -> dict[str, str]:
    ends = [e for e in story.events if isinstance(e, StepEnded)]
    return {e.task: e.problem.message for e in ends if e.problem is not None}


def merged(story: Story) -> list[str]:
    """The texts that the last call joined."""
    given = story.sent[-1].inputs["input"]
    assert isinstance(given, tuple)
    return [each.text or "" for each in given if isinstance(each, ArtefactRef)]


ASKING = """
    steps:
      - {id: check, NOTE}
      - {id: next, NOTE, when: "steps.check.output in ['yes', 'ok']"}
    """


@pytest.mark.parametrize(("says", "end"), [(" yes\n", "done"), ("no", "skipped")])
def test_a_text_that_was_made_decides_without_the_blanks_around_it(says: str, end: str) -> None:
    story = told(ASKING, answers={"check": saying(says)})

    assert story.ends == {"check": "done", "next": end}
    assert story.end.exit_code == 0
    assert story.end.status is RunStatus.DONE


def test_a_skipped_step_says_which_condition_is_false() -> None:
    story = told(ASKING, answers={"check": saying("no")})

    assert reasons(story) == {"next": "when: steps.check.output in ['yes', 'ok'] is false"}


def test_a_condition_that_is_false_already_waits_for_nothing() -> None:
    story = told(
        """
        vars: {quality: low}
        steps:
          - {id: check, NOTE}
          - {id: next, NOTE, when: vars.quality == 'high'}
        """,
        answers={"check": fail},
    )

    assert story.ends == {"check": "failed", "next": "skipped"}
    assert next(e.task for e in story.events if isinstance(e, StepEnded)) == "next"


def test_what_needs_the_value_of_a_skipped_step_is_skipped_and_nothing_fails() -> None:
    story = told(
        """
        steps:
          - {id: a, NOTE, when: false}
          - {id: b, type: text_to_text, model: local, params: {prompt: "${{ steps.a.output }}"}}
          - {id: c, NOTE}
        """
    )

    assert story.ends == {"a": "skipped", "b": "skipped", "c": "done"}
    assert reasons(story)["b"] == "needs a, which was skipped"
    assert story.end.exit_code == 0


@pytest.mark.parametrize("policy", ["fail", "continue"])
def test_a_step_that_asks_how_another_ended_runs_after_it_whatever_its_end(policy: str) -> None:
    story = told(
        f"""
        steps:
          - {{id: a, NOTE, on_error: {policy}}}
          - {{id: b, NOTE, when: steps.a.status == 'failed'}}
          - {{id: c, NOTE, needs: [a], when: steps.a.status == 'skipped'}}
        """,
        answers={"a": fail},
    )

    assert story.ends == {"a": "failed", "b": "done", "c": "skipped"}
    assert story.end.exit_code == 1


def test_a_step_that_reads_a_failed_one_is_skipped_and_that_failure_counts() -> None:
    story = told(ASKING, answers={"check": fail})

    assert reasons(story)["next"] == "needs check"
    assert story.end.exit_code == 1


def test_the_status_of_a_skipped_step_is_skipped() -> None:
    story = told(
        """
        steps:
          - {id: a, NOTE, when: false}
          - {id: b, NOTE, when: steps.a.status == 'skipped'}
        """
    )

    assert story.ends == {"a": "skipped", "b": "done"}


def test_things_of_unlike_kinds_fail_the_step() -> None:
    story = told(
        """
        steps:
          - type: batch_parallel
            id: each
            inputs: [{id: a, score: 7}, {id: b, score: high}]
            on_error: continue
            steps: [{id: one, NOTE, when: item.score > 5}]
        """
    )

    assert story.ends == {"each[a].one": "done", "each[b].one": "failed"}
    assert "can't compare a text with a number" in reasons(story)["each[b].one"]


def test_in_a_batch_each_item_is_judged_and_a_gap_is_no_failure() -> None:
    story = told(
        """
        steps:
          - type: batch_parallel
            id: each
            inputs: [{id: a, lang: de}, {id: b, lang: en}, {id: c, lang: de}]
            steps: [{id: one, NOTE, when: item.lang == 'de'}]
          - {id: all, type: merge_outputs, merge_strategy: concat_text}
        """
    )

    assert story.ends == {
        "each[a].one": "done",
        "each[b].one": "skipped",
        "each[c].one": "done",
        "all": "done",
    }
    assert merged(story) == ["each[a].one", "each[c].one"]


GROUP = """
    steps:
      - type: parallel_group
        id: g
        parallel_steps:
          - {id: a, NOTE, when: steps.b.output == 'go'}
          - {id: b, NOTE}
      - {id: all, type: merge_outputs, merge_strategy: concat_text}
    """


def test_a_branch_may_ask_another_and_a_merge_drops_the_gap() -> None:
    story = told(GROUP, answers={"g.b": saying("stop")})

    assert story.ends == {"g.a": "skipped", "g.b": "done", "all": "done"}
    assert merged(story) == ["stop"]


@pytest.mark.parametrize("kind", ["group", "chain", "batch"])
def test_a_container_is_skipped_with_all_that_is_in_it(kind: str) -> None:
    inner = {
        "group": "type: parallel_group, parallel_steps: [{id: a, NOTE}, {id: b, NOTE}]",
        "chain": "type: parallel_group, parallel_steps: [{id: c, steps: [{id: a, NOTE}]}]",
        "batch": "type: batch_parallel, inputs: [x, y], steps: [{id: a, NOTE}]",
    }[kind]
    story = told(
        f"""
        steps:
          - {{id: check, NOTE}}
          - {{id: inner, {inner}, when: steps.check.output == 'yes'}}
          - {{id: after, type: merge_outputs, merge_strategy: concat_text}}
          - {{id: last, NOTE, needs: [check]}}
        """
    )

    assert [call.task for call in story.sent] == ["check", "last"]
    assert story.ends["after"] == "skipped"
    assert story.end.exit_code == 0
    ended = [e for e in story.events if isinstance(e, ContainerEnded) and e.task == "inner"]
    assert [str(e.status) for e in ended] == ["skipped"]


def test_a_group_of_which_nothing_is_left_is_skipped() -> None:
    story = told(
        """
        steps:
          - type: parallel_group
            id: g
            merge_strategy: concat_text
            parallel_steps: [{id: a, NOTE, when: false}, {id: b, NOTE, when: false}]
        """
    )

    assert set(story.ends.values()) == {"skipped"}
    assert story.sent == []
    assert story.end.exit_code == 0


def test_a_skipped_branch_is_neither_a_success_nor_a_failure() -> None:
    text = """
        steps:
          - type: parallel_group
            id: g
            LIMIT
            parallel_steps: [{id: a, NOTE, when: false}, {id: b, NOTE}]
        """
    few = told(text.replace("LIMIT", "min_success: 2"))
    none = told(text.replace("LIMIT", "max_failures: 0"))

    assert (few.end.exit_code, none.end.exit_code) == (1, 0)
    ended = [e for e in few.events if isinstance(e, ContainerEnded)]
    assert [e.problem.message for e in ended if e.problem is not None] == [
        "0 failed and 1 were skipped, and 'g' has min_success 2"
    ]


def test_what_a_step_cost_can_be_compared_also_of_a_group() -> None:
    story = told(
        """
        steps:
          - {id: g, type: parallel_group, parallel_steps: [{id: a, NOTE}, {id: b, NOTE}]}
          - {id: dear, NOTE, when: steps.g.cost > 0.01}
          - {id: cheap, NOTE, when: steps.g.cost <= 0.01}
        """,
        otherwise=succeed,
    )

    assert (story.ends["dear"], story.ends["cheap"]) == ("skipped", "done")


EITHER = """
    vars: {quality: QUALITY}
    steps:
      - {id: fast, NOTE, when: vars.quality == 'low'}
      - {id: good, NOTE, when: vars.quality == 'high'}
      - {id: best, type: merge_outputs, merge_strategy: concat_text, needs: [fast, good]}
    """


@pytest.mark.parametrize(("quality", "taken"), [("low", "fast"), ("high", "good")])
def test_a_merge_of_several_steps_takes_those_that_are_not_left_out(
    quality: str, taken: str
) -> None:
    story = told(EITHER.replace("QUALITY", quality))

    assert merged(story) == [taken]
    assert story.ends["best"] == "done"


def test_a_merge_of_which_nothing_is_left_is_left_out_too() -> None:
    story = told(EITHER.replace("QUALITY", "none"))

    assert story.ends == {"fast": "skipped", "good": "skipped", "best": "skipped"}
    assert story.end.exit_code == 0


def test_a_merge_of_several_steps_of_which_one_failed_is_skipped_as_ever() -> None:
    story = told(EITHER.replace("QUALITY", "low"), answers={"fast": fail})

    assert story.ends["best"] == "skipped"
    assert story.end.exit_code == 1


# --- laws


def guarded(template: Template, draw: st.DrawFn) -> Template:
    """The same template, each step in it with a condition that is true or false."""
    holds = draw(st.sampled_from([True, True, True, False]))
    guard = Guard(parsed("vars.x"), {("vars", "x"): Const(holds)})
    if isinstance(template, Batch):
        body = replace(template.body, children=_each(template.body.children, draw))
        return replace(template, guard=guard, body=body)
    if isinstance(template, Task):
        return replace(template, guard=guard)
    return replace(template, guard=guard, children=_each(template.children, draw))


def _each(templates: tuple[Template, ...], draw: st.DrawFn) -> tuple[Template, ...]:
    return tuple(guarded(each, draw) for each in templates)


@st.composite
def guarded_plans(draw: st.DrawFn) -> Plan:
    nested = group(task("a"), chain(task("b"), task("c"), id="line"), task("d"), id="g")
    steps: list[Template] = [
        task("first"),
        nested,
        batch([task("e"), task("f")], 3, id="each"),
        task("last"),
    ]
    order = draw(st.permutations(steps))
    return plan(*(guarded(step, draw) for step in order))


def wanted(template: Template) -> set[str]:
    """The tasks in a template in which, and around which, every condition is true."""
    guard = template.guard
    if guard is not None and guard.values["vars", "x"] == Const(False):
        return set()
    if isinstance(template, Task):
        return {template.path}
    inner = template.body.children if isinstance(template, Batch) else template.children
    return set().union(*(wanted(each) for each in inner))


@settings(max_examples=100, deadline=None)
@given(guarded_plans())
def test_just_what_every_condition_lets_run_runs_and_nothing_fails(made_plan: Plan) -> None:
    story = tell(made_plan)

    begun = {re.sub(r"\[\d\]", "[]", path) for path in story.started}
    assert begun == wanted(made_plan.root)
    assert set(story.ends.values()) <= {"done", "skipped"}
    assert story.end.exit_code == 0
