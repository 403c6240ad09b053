"""What an interrupt tells of the calls in flight, and what they count as."""

from typing import Any

import pytest
from support.plans import group, plan, task
from support.running import Story, made, tell

from aipipe.contracts.call import Call, Job, Produced
from aipipe.contracts.event import InterruptRequested, StepEnded
from aipipe.contracts.in_flight import Running
from aipipe.contracts.outcome import Accepted, Finished, Pending, PollOutcome, SubmitOutcome
from aipipe.running.instructions import Poll, StopRequested


def accept(call: Call) -> SubmitOutcome:
    return Accepted(job=Job(provider="shop", id=call.task), poll_after=1.0)


def take_long(poll: Poll) -> PollOutcome:
    if poll.at < 50:
        return Pending(poll_after=60.0)
    return Finished(produced=Produced(artefacts=(made(poll.call.task),)))


def stopped(then: Running, **terms: Any) -> Story:
    """Two jobs, a call that is being sent, and a local step, when the signal comes."""
    sold = [task(name, plugin="provider:shop") for name in ("one", "two", "slow")]
    given = {"hold_of": lambda _task, _call: 70, "likely_of": lambda _task, _call: 50}
    return tell(
        plan(group(*sold, task("here"))),
        answers={f"group.{name}": accept for name in ("one", "two", "slow")},
        seconds=lambda call: 0.1 if call.task in {"group.one", "group.two"} else 9.0,
        poll=take_long,
        stop_at=(5.0, StopRequested("SIGINT", then)),
        **{**given, **terms},
    )


def request(story: Story) -> InterruptRequested:
    return next(each for each in story.events if isinstance(each, InterruptRequested))


def test_an_interrupt_tells_how_many_jobs_go_on_where_and_what_they_may_cost() -> None:
    found = request(stopped(Running.LEAVE))

    assert found == InterruptRequested(
        at=5.0,
        signal="SIGINT",
        running=4,
        then=Running.LEAVE,
        jobs=2,
        sending=1,
        providers=("shop",),
        at_most=210,
    )


def test_a_worst_case_that_nobody_knows_is_unknown() -> None:
    assert request(stopped(Running.LEAVE, hold_of=lambda _task, _call: None)).at_most is None


def test_jobs_that_are_left_are_not_billed_yet_and_nobody_waits_for_them() -> None:
    story = stopped(Running.LEAVE)

    ended = {each.task: each for each in story.events if isinstance(each, StepEnded)}
    assert {name: each.billed for name, each in ended.items()} == dict.fromkeys(ended, 0)
    left = {name for name, each in ended.items() if each.problem and each.problem.code == "left"}
    assert left == {"group.one", "group.two", "group.slow"}
    assert (story.end.billed, story.end.exit_code, story.seconds < 20) == (0, 130, True)


def test_jobs_that_are_finished_are_waited_for_and_billed() -> None:
    story = stopped(Running.FINISH)

    assert (request(story).then, story.end.billed) == (Running.FINISH, 150)
    assert set(story.ends.values()) == {"done"}


@pytest.mark.parametrize("then", Running)
def test_every_task_ends_once_whatever_becomes_of_the_jobs(then: Running) -> None:
    story = stopped(then)

    ends = [each.task for each in story.events if isinstance(each, StepEnded)]
    assert sorted(ends) == ["group.here", "group.one", "group.slow", "group.two"]
