"""Chains whose value is another step's than the last, and what reads a step inside one."""

from typing import Any

from support.plans import after, chain, plan, task
from support.running import fail, tell

from aipipe.language.spec import OnError
from aipipe.planning.bindings import FromStep, StepRef
from aipipe.planning.plan import Chain, Need, Task


def reader(ref: StepRef) -> Task:
    """A task that reads a step, after the one that holds it."""
    needs = (Need(StepRef(ref.up, ref.index), reads=True),)
    return task("reader", needs=needs, params={"read": FromStep(ref)})


def used(*steps: str, **more: Any) -> Chain:
    """A chain of tasks, called `p`."""
    return chain(*(task(step) for step in steps), id="p", **more)


def test_a_step_inside_is_read_by_its_place() -> None:
    story = tell(plan(used("a", "b", "c"), reader(StepRef(0, 0, (1,)))))

    assert story.sent[-1].params == {"read": "p.b"}


def test_the_value_of_a_chain_is_its_results() -> None:
    story = tell(plan(used("a", "b", result=(0,)), reader(StepRef(0, 0))))

    assert story.sent[-1].params == {"read": "p.a"}


def test_without_a_result_it_is_the_last_steps() -> None:
    story = tell(plan(used("a", "b"), reader(StepRef(0, 0))))

    assert story.sent[-1].params == {"read": "p.b"}


def test_a_result_that_failed_fails_the_chain() -> None:
    steps = (task("a", on_error=OnError.CONTINUE), task("b"))

    story = tell(
        plan(chain(*steps, id="p", result=(0,)), reader(StepRef(0, 0))), answers={"p.a": fail}
    )

    assert story.ends == {"p.a": "failed", "p.b": "done", "reader": "skipped"}


def test_a_last_step_that_may_fail_leaves_the_result() -> None:
    steps = (task("a"), task("b", on_error=OnError.CONTINUE))

    story = tell(
        plan(chain(*steps, id="p", result=(0,)), reader(StepRef(0, 0))), answers={"p.b": fail}
    )

    assert story.ends == {"p.a": "done", "p.b": "failed", "reader": "done"}


def test_the_reader_of_a_step_that_never_came_to_be_is_skipped() -> None:
    never = chain(
        task("x"), id="never", on_error=OnError.CONTINUE, needs=(Need(StepRef(0, 0), reads=True),)
    )
    steps = (task("a", on_error=OnError.CONTINUE), never, task("z", needs=(after(1),)))

    story = tell(plan(chain(*steps, id="p"), reader(StepRef(0, 0, (1, 0)))), answers={"p.a": fail})

    assert story.ends == {
        "p.a": "failed",
        "p.never.x": "skipped",
        "p.z": "done",
        "reader": "skipped",
    }
