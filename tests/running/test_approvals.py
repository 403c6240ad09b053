"""Steps with `approve:` wait for a person, and only what needs them waits with them."""

from __future__ import annotations

from dataclasses import replace
from textwrap import dedent
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.planning import planned
from support.plans import batch, chain, group, plan, task
from support.running import Story, fail, tell

from aipipe.contracts.event import ContainerEnded, RunStatus, StepEnded, StepWaiting
from aipipe.contracts.in_flight import Running
from aipipe.errors import ExitCode
from aipipe.planning.approving import behind, is_approved
from aipipe.planning.plan import Batch, Chain, Group, Plan, Task, Template
from aipipe.running.instructions import StopRequested

NOTE = "type: text_to_text, model: local, params: {prompt: x}"


def plan_of(text: str) -> Plan:
    return planned(dedent(text).replace("NOTE", NOTE))


CLIPS = plan_of("""
    steps:
      - {id: hero, NOTE}
      - {id: clips, NOTE, approve: Is the hero good?}
      - {id: film, NOTE}
      - {id: apart, NOTE, needs: [hero]}
    """)


def test_where_nobody_is_there_only_the_step_and_what_is_behind_it_waits() -> None:
    story = tell(CLIPS)

    assert story.ends == {"hero": "done", "clips": "waiting", "film": "waiting", "apart": "done"}
    assert (story.end.status, story.end.exit_code) == (RunStatus.WAITING, ExitCode.STOPPED)


def test_it_is_told_when_a_step_begins_to_wait_with_its_question() -> None:
    waiting = [e for e in tell(CLIPS).events if isinstance(e, StepWaiting)]

    assert [(e.task, e.question, e.at) for e in waiting] == [("clips", "Is the hero good?", 1.0)]


def test_what_waits_says_for_what() -> None:
    ends = [e for e in tell(CLIPS).events if isinstance(e, StepEnded)]

    assert {e.task: (e.problem.code, e.problem.hint) for e in ends if e.problem is not None} == {
        "clips": ("approval", "--approve clips"),
        "film": ("waits", None),
    }


@pytest.mark.parametrize("pattern", ["clips", "cl*", "*"])
def test_a_step_that_somebody_has_agreed_to_does_not_wait(pattern: str) -> None:
    story = tell(CLIPS, approved=lambda template: is_approved(template, [pattern]))

    assert set(story.ends.values()) == {"done"}
    assert not any(isinstance(e, StepWaiting) for e in story.events)


def test_a_yes_lets_it_begin_and_the_rest_has_gone_on_meanwhile() -> None:
    story = tell(CLIPS, decisions={"clips": (60.0, True)})

    assert set(story.ends.values()) == {"done"}
    assert story.started == ["hero", "apart", "clips", "film"]
    assert story.end.exit_code == 0


def test_a_no_is_as_if_nobody_had_been_there() -> None:
    story = tell(CLIPS, decisions={"clips": (1.0, False)})

    assert story.ends["film"] == "waiting"
    assert story.end.status is RunStatus.WAITING


def test_an_interrupt_ends_what_is_held_and_a_late_answer_changes_nothing() -> None:
    stop = (5.0, StopRequested("SIGINT", Running.FINISH))

    story = tell(CLIPS, decisions={"clips": (9.0, True)}, stop_at=stop)

    assert story.ends["clips"] == "cancelled"
    assert story.end.exit_code == ExitCode.INTERRUPTED


def test_a_step_behind_a_failed_one_is_skipped_and_nobody_is_asked() -> None:
    story = tell(CLIPS, answers={"hero": fail})

    assert story.ends["clips"] == "skipped"
    assert not any(isinstance(e, StepWaiting) for e in story.events)
    assert story.end.exit_code == ExitCode.STEPS_FAILED


def test_a_failure_elsewhere_counts_less_than_what_waits() -> None:
    story = tell(CLIPS, answers={"apart": fail})

    assert story.end.exit_code == ExitCode.STOPPED


def test_a_step_that_is_skipped_asks_nobody() -> None:
    story = tell(plan_of("steps: [{id: a, NOTE, approve: true, when: false}]"))

    assert story.ends == {"a": "skipped"}


@pytest.mark.parametrize(
    "inner",
    [
        "type: parallel_group, parallel_steps: [{id: a, NOTE}, {id: b, NOTE}]",
        "type: batch_parallel, inputs: [x, y], steps: [{id: a, NOTE}]",
    ],
)
def test_a_container_waits_with_all_that_is_in_it(inner: str) -> None:
    text = f"steps: [{{id: hero, NOTE}}, {{id: box, {inner}, approve: true}}]"
    waiting = tell(plan_of(text))
    agreed = tell(plan_of(text), decisions={"box": (1.0, True)})

    ended = [str(e.status) for e in waiting.events if isinstance(e, ContainerEnded)]
    assert [call.task for call in waiting.sent] == ["hero"]
    assert ended == ["waiting"]
    assert waiting.end.status is RunStatus.WAITING
    assert (len(agreed.sent), agreed.end.exit_code) == (3, 0)


def test_a_group_waits_with_a_branch_of_it_and_neither_fails() -> None:
    story = tell(
        plan_of("""
        steps:
          - type: parallel_group
            id: g
            max_failures: 0
            merge_strategy: concat_text
            parallel_steps: [{id: a, NOTE, approve: true}, {id: b, NOTE}]
        """)
    )

    assert story.ends == {"g.a": "waiting", "g.b": "done", "merge_outputs_1": "waiting"}
    assert story.end.status is RunStatus.WAITING


def test_a_condition_that_asks_of_a_step_that_waits_waits_too() -> None:
    story = tell(
        plan_of("""
        steps:
          - {id: a, NOTE, approve: true}
          - {id: b, NOTE, when: steps.a.status != 'done'}
        """)
    )

    assert story.ends == {"a": "waiting", "b": "waiting"}


def test_a_step_that_is_no_part_of_the_run_asks_nobody() -> None:
    hero = next(each.number for each in CLIPS.tasks if each.id == "hero")

    story = tell(replace(CLIPS, only=frozenset({hero})))

    assert story.ends == {"hero": "done"}
    assert story.end.exit_code == 0


# --- laws

Parent = TypeVar("Parent", Chain, Group)


@st.composite
def templates(draw: st.DrawFn, depth: int = 0, *, asks: bool = True) -> Template:
    kind = draw(st.sampled_from(["task"] * 3 + ["group", "chain", "batch"] * (depth < 2)))
    approve = draw(st.sampled_from([None, None, "Fine?"])) if asks else None
    if kind == "task":
        return task("t", approve=approve)
    may_ask = asks and kind != "batch"
    inner = draw(st.lists(templates(depth + 1, asks=may_ask), min_size=1, max_size=3))
    made: Template
    if kind == "group":
        made = group(*inner, id="g")
    elif kind == "chain":
        made = chain(*inner, id="c")
    else:
        made = batch(inner, 2, id="b")
    return replace(made, approve=approve)


def distinct(template: Template, place: str) -> Template:
    named = replace(template, id=f"{template.id[0]}{place}")
    if isinstance(named, Task):
        return named
    if isinstance(named, Batch):
        return replace(named, body=_inside(named.body, place))
    if isinstance(named, Chain):
        return _inside(named, place)
    return _inside(named, place)


def _inside(container: Parent, place: str) -> Parent:
    children = [distinct(child, f"{place}_{n}") for n, child in enumerate(container.children)]
    return replace(container, children=tuple(children))


plans = st.lists(templates(), min_size=1, max_size=4).map(
    lambda steps: plan(*(distinct(step, str(n)) for n, step in enumerate(steps)))
)


def asking(made: Plan) -> list[Template]:
    return [each for each in made.templates if each.approve is not None]


def numbers_sent(made: Plan, story: Story) -> set[int]:
    by_path = {t.path: t.number for t in made.templates}
    return {by_path[_plain(call.task)] for call in story.sent}


def _plain(path: str) -> str:
    return path.replace("[1]", "[]").replace("[2]", "[]")


@settings(max_examples=100, deadline=None)
@given(plans)
def test_just_what_is_behind_no_question_runs_where_nobody_is_there(made: Plan) -> None:
    story = tell(made)

    held = frozenset().union(*(behind(made, each.number) for each in asking(made)))
    every = {each.number for each in made.tasks}
    assert numbers_sent(made, story) == every - held
    assert story.end.exit_code == (ExitCode.STOPPED if asking(made) else ExitCode.OK)


@settings(max_examples=100, deadline=None)
@given(plans, st.integers(1, 3))
def test_who_agrees_to_everything_gets_everything(made: Plan, workers: int) -> None:
    decisions: Any = {each.path: (float(each.number), True) for each in asking(made)}

    story = tell(made, decisions=decisions, max_workers=workers)

    assert set(story.ends.values()) == {"done"}
    assert story.end.exit_code == 0
    assert {e.task for e in story.events if isinstance(e, StepWaiting)} == set(decisions)
