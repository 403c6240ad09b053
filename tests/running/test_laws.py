"""Random plans, durations, failures and interrupts keep the laws of a run."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from typing import Any, TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st
from support.plans import batch, chain, group, plan, task
from support.running import BROKEN, Story, succeed, tell

from aipipe.contracts.call import Call
from aipipe.contracts.event import StepEnded, StepStarted
from aipipe.contracts.in_flight import Running
from aipipe.contracts.outcome import Failed, SubmitOutcome
from aipipe.language.spec import OnError, Retry
from aipipe.planning.plan import Batch, Chain, Group, Plan, Task, Template
from aipipe.running.instructions import StopRequested

policies = st.sampled_from(list(OnError))


@st.composite
def templates(draw: st.DrawFn, depth: int = 0) -> Template:
    kind = draw(st.sampled_from(["task"] * 3 + ["group", "chain", "batch"] * (depth < 3)))
    name = kind[0]
    policy = draw(policies)
    if kind == "task":
        attempts = draw(st.integers(1, 3))
        return task(name, on_error=policy, retry=Retry(max_attempts=attempts))
    inner = draw(st.lists(templates(depth + 1), min_size=1, max_size=4))
    if kind == "group":
        workers = draw(st.sampled_from([None, 1, 2]))
        success = draw(st.sampled_from([None, None, 1, len(inner)]))
        return group(*inner, id=name, on_error=policy, max_workers=workers, min_success=success)
    if kind == "chain":
        return chain(*inner, id=name, on_error=policy)
    return batch(inner, draw(st.integers(1, 4)), id=name, on_error=policy, window=2)


Parent = TypeVar("Parent", Chain, Group)


def distinct(template: Template, place: str) -> Template:
    """The same template with ids that are unique."""
    named = replace(template, id=f"{template.id[0]}{place}")
    if isinstance(named, Batch):
        return replace(named, body=_distinct_children(named.body, place))
    if isinstance(named, Chain):
        return _distinct_children(named, place)
    if isinstance(named, Group):
        return _distinct_children(named, place)
    return named


def _distinct_children(container: Parent, place: str) -> Parent:
    children = [distinct(c, f"{place}_{n}") for n, c in enumerate(container.children)]
    return replace(container, children=tuple(children))


plans = st.lists(templates(), min_size=1, max_size=4).map(
    lambda steps: plan(*(distinct(step, str(n)) for n, step in enumerate(steps)))
)
stops = st.one_of(
    st.none(),
    st.tuples(
        st.floats(0, 5),
        st.sampled_from(
            [
                StopRequested("SIGINT", Running.CANCEL),
                StopRequested("SIGTERM", Running.FINISH),
                StopRequested(None, Running.FINISH),
            ]
        ),
    ),
)


def told(made: Plan, seed: int, stop: tuple[float, StopRequested] | None, **more: Any) -> Story:
    chance = random.Random(seed)

    def answer(call: Call) -> SubmitOutcome:
        if chance.random() < 0.3:
            return Failed(problem=BROKEN, retryable=chance.random() < 0.5)
        return succeed(call)

    return tell(
        made, otherwise=answer, seconds=lambda _c: chance.random() * 2, stop_at=stop, **more
    )


@settings(max_examples=150, deadline=None)
@given(plans, st.integers(0, 99), stops)
def test_every_task_ends_once_and_only_what_began_has_begun_once(
    made: Plan, seed: int, stop: tuple[float, StopRequested] | None
) -> None:
    story = told(made, seed, stop)

    ends = Counter(e.task for e in story.events if isinstance(e, StepEnded))
    starts = Counter(e.task for e in story.events if isinstance(e, StepStarted))
    assert set(ends.values()) <= {1}
    assert set(starts.values()) <= {1}
    assert set(starts) <= set(ends)


@settings(max_examples=100, deadline=None)
@given(plans, st.integers(0, 99))
def test_an_undisturbed_run_ends_every_task_that_was_written(made: Plan, seed: int) -> None:
    story = told(made, seed, None)

    written = {t.path for t in made.templates if isinstance(t, Task) and "[]" not in t.path}
    assert written <= set(story.ends)


@settings(max_examples=100, deadline=None)
@given(plans, st.integers(0, 99), st.integers(1, 4))
def test_no_more_calls_are_in_flight_than_allowed(made: Plan, seed: int, most: int) -> None:
    assert told(made, seed, None, max_workers=most).most_in_flight <= most


@settings(max_examples=100, deadline=None)
@given(plans, st.integers(0, 99))
def test_nothing_begins_before_the_step_before_it_in_its_chain_has_ended(
    made: Plan, seed: int
) -> None:
    story = told(made, seed, None)

    ended: set[str] = set()
    steps = [child.path for child in made.root.children]
    for event in story.events:
        if isinstance(event, StepEnded):
            ended.add(event.task)
        elif isinstance(event, StepStarted):
            place = next(i for i, p in enumerate(steps) if _is_in(event.task, p))
            before = {t for t in story.ends if any(_is_in(t, p) for p in steps[:place])}
            assert before <= ended


def _is_in(task_path: str, step: str) -> bool:
    return task_path == step or task_path.startswith((f"{step}.", f"{step}["))


@settings(max_examples=100, deadline=None)
@given(plans, st.integers(0, 99), stops)
def test_the_same_story_is_told_twice_the_same(
    made: Plan, seed: int, stop: tuple[float, StopRequested] | None
) -> None:
    assert told(made, seed, stop).events == told(made, seed, stop).events
