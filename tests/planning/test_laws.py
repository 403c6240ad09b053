"""What holds for every plan, however it is nested."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from support.planning import children, planned, planning_of, walk

from aipipe.planning.plan import Batch, Chain, Group, Plan, Task, Template
from aipipe.running.policy import planned_tasks

LEAF = st.sampled_from(
    [
        {"type": "text_to_text", "model": "local"},
        {"type": "text_to_speech", "model": "speaker"},
        {"type": "text_to_image", "model": "painter"},
    ]
)
"""Steps that a carried text is enough for."""


def inside(steps: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    some = st.lists(steps, min_size=1, max_size=4)
    chains = some.map(lambda each: {"steps": each})
    branches = st.lists(steps | chains, min_size=1, max_size=4)
    groups = branches.map(lambda each: {"type": "parallel_group", "steps": each})
    batches = st.builds(
        lambda each, count: {
            "type": "batch_parallel",
            "inputs": [f"item {number}" for number in range(count)],
            "steps": each,
        },
        some,
        st.integers(1, 3),
    )
    return groups | batches


STEPS = st.recursive(LEAF, inside, max_leaves=12)
PIPELINES = st.lists(STEPS, min_size=1, max_size=4).map(
    lambda steps: {"prompt": "a lighthouse", "steps": steps}
)


@dataclass(frozen=True)
class Written:
    """A pipeline and its plan."""

    data: dict[str, Any]
    plan: Plan


@st.composite
def written(draw: st.DrawFn) -> Written:
    data = guarded(draw(PIPELINES))
    return Written(data, planned(yaml.safe_dump(data)))


def guarded(data: dict[str, Any]) -> dict[str, Any]:
    """The same pipeline, where every step says its own text: no list arrives at one."""
    return {**data, "steps": [_guarded(step) for step in data["steps"]]}


def _guarded(step: dict[str, Any]) -> dict[str, Any]:
    if "steps" in step:
        return {**step, "steps": [_guarded(each) for each in step["steps"]]}
    slot = "prompt" if step["type"] == "text_to_image" else "text"
    return {**step, "params": {slot: "said"}}


@given(written())
@settings(deadline=None, max_examples=60)
def test_templates_are_numbered_in_the_order_written(case: Written) -> None:
    numbers = [template.number for template, _ in walk(case.plan.root)]

    assert numbers == list(range(len(case.plan.templates)))
    assert [template.number for template in case.plan.templates] == numbers


@given(written())
@settings(deadline=None, max_examples=60)
def test_every_need_leads_to_a_template_that_does_not_hold_the_reader(case: Written) -> None:
    for template, parents in walk(case.plan.root):
        for need in template.needs:
            target = children(parents[-1 - need.ref.up])[need.ref.index]
            assert target not in (*parents, template)


@given(written())
@settings(deadline=None, max_examples=60)
def test_the_types_of_tasks_stand_as_they_were_written(case: Written) -> None:
    assert [task.type for task in case.plan.tasks] == list(leaf_types(case.data["steps"]))


@given(written())
@settings(deadline=None, max_examples=60)
def test_the_number_of_tasks_is_the_product_of_the_items_around_them(case: Written) -> None:
    assert planned_tasks(case.plan) == count_of(case.data["steps"])
    for template, parents in walk(case.plan.root):
        if isinstance(template, Task):
            assert template.times == math.prod(items_around(parents))


@given(written())
@settings(deadline=None, max_examples=60)
def test_fewer_tasks_follow_the_later_a_step_stands_in_a_chain(case: Written) -> None:
    for template, _ in walk(case.plan.root):
        depths = [child.depth for child in children(template)]
        if isinstance(template, Chain):
            assert depths == sorted(set(depths), reverse=True)
        if isinstance(template, Group):
            assert max(depths) == template.depth


@given(PIPELINES)
@settings(deadline=None, max_examples=60)
def test_any_pipeline_has_a_plan_or_faults_with_a_place(data: dict[str, Any]) -> None:
    found = planning_of(yaml.safe_dump(data))

    assert (found.plan is None) == bool(found.told)
    assert all(diagnostic.line is not None for diagnostic in found.told)


@given(st.lists(st.sets(st.integers(0, 6)), min_size=1, max_size=7))
@settings(deadline=None, max_examples=100)
def test_branches_that_need_each_other_have_a_plan_unless_they_wait_in_a_circle(
    waits: list[set[int]],
) -> None:
    graph = {
        here: {n for n in needs if n < len(waits)} - {here} for here, needs in enumerate(waits)
    }
    branches = [
        {"id": f"b{here}", "type": "text_to_text", "model": "local", "params": {"text": "x"}}
        | {"needs": [f"b{each}" for each in sorted(needs)]}
        for here, needs in graph.items()
    ]
    found = planning_of(yaml.safe_dump({"steps": [{"type": "parallel_group", "steps": branches}]}))

    if found.plan is None:
        assert [diagnostic.code for diagnostic in found.told] == ["cycle"]
        assert_is_circle(found.told[0].message, graph)
        return
    assert is_acyclic(graph)
    edges = {
        int(template.id[1:]): {need.ref.index for need in template.needs}
        for template in found.plan.tasks
    }
    assert edges == graph


def is_acyclic(graph: dict[int, set[int]]) -> bool:
    done: set[int] = set()
    while ready := {node for node, needs in graph.items() if needs <= done} - done:
        done |= ready
    return len(done) == len(graph)


def assert_is_circle(message: str, graph: dict[int, set[int]]) -> None:
    """Each branch of the message needs the one that follows it, and the last is the first."""
    circle = [int(number) for number in re.findall(r"'b([0-9])'", message)]
    assert circle[0] == circle[-1]
    assert len(circle) > 2
    assert all(after in graph[before] for before, after in pairwise(circle))


def leaf_types(steps: list[dict[str, Any]]) -> Iterator[str]:
    for step in steps:
        if "steps" in step:
            yield from leaf_types(step["steps"])
        else:
            yield step["type"]


def count_of(steps: list[dict[str, Any]]) -> int:
    return sum(
        len(step.get("inputs", [None])) * count_of(step["steps"]) if "steps" in step else 1
        for step in steps
    )


def items_around(parents: tuple[Template, ...]) -> Iterator[int]:
    for parent in parents:
        if isinstance(parent, Batch):
            assert parent.items is not None
            yield len(parent.items)
