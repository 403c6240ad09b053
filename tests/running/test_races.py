"""The first branch to succeed wins: what it gives, and what becomes of the others."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.plans import batch, chain, group, plan, task
from support.running import Story, fail, made, succeed, tell

from aipipe.contracts.call import Call, Job, Produced
from aipipe.contracts.event import ContainerEnded, RunStatus, StepEnded
from aipipe.contracts.in_flight import Running
from aipipe.contracts.outcome import (
    Accepted,
    Finished,
    NotSent,
    Pending,
    PollOutcome,
    SubmitOutcome,
    Unconfirmed,
)
from aipipe.language.spec import OnError, Retry
from aipipe.planning.bindings import StepRef
from aipipe.planning.plan import Group, Plan, Template
from aipipe.running.instructions import (
    Answered,
    Cancelling,
    Intent,
    News,
    Poll,
    Record,
    Released,
    Reused,
    StopRequested,
    answers_at_once,
)

SOLD = "provider:shop"


def race(*branches: Template, then: Running = Running.FINISH, **more: Any) -> Group:
    return group(*branches, race=then, **more)


def of(*branches: Template, then: Running = Running.FINISH, **more: Any) -> Plan:
    """A race, and a step that uses what it gives."""
    return plan(race(*branches, then=then, **more), task("next", reads=StepRef(0, 0)))


def lasting(**seconds: float) -> Any:
    return lambda call: seconds.get(call.task.removeprefix("group."), 1.0)


def ended(story: Story) -> dict[str, StepEnded]:
    return {each.task: each for each in story.events if isinstance(each, StepEnded)}


def why(story: Story, name: str) -> str:
    problem = ended(story)[name].problem
    return "" if problem is None else problem.message


def test_the_value_of_a_race_is_the_output_of_the_first_to_succeed() -> None:
    story = tell(of(task("slow"), task("fast")), seconds=lasting(slow=9.0, fast=2.0))

    assert story.sent[-1].inputs["input"].text == "group.fast"  # type: ignore[union-attr]


def test_what_follows_a_race_does_not_wait_for_those_that_lost() -> None:
    story = tell(of(task("slow"), task("fast")), seconds=lasting(slow=9.0, fast=2.0))

    assert ended(story)["next"].at == 3.0
    assert (ended(story)["group.slow"].at, story.seconds) == (9.0, 9.0)
    assert (story.end.status, story.end.exit_code) == (RunStatus.DONE, 0)


def test_nothing_new_starts_once_one_has_won() -> None:
    waits = [task("one"), task("two"), task("three")]
    story = tell(of(*waits, max_workers=1))

    assert story.started == ["group.one", "next"]
    assert story.ends["group.three"] == "skipped"
    assert why(story, "group.two") == "'one' was first"


def test_a_branch_that_failed_before_another_won_does_not_count() -> None:
    story = tell(of(task("bad"), task("good")), answers={"group.bad": fail})

    assert story.ends == {"group.bad": "failed", "group.good": "done", "next": "done"}
    assert (story.end.status, story.end.exit_code) == (RunStatus.DONE_WITH_FAILURES, 0)


@pytest.mark.parametrize("policy", [OnError.FAIL, OnError.CONTINUE])
def test_a_race_that_nobody_wins_fails_and_counts(policy: OnError) -> None:
    branches = [task(name, on_error=policy) for name in ("one", "two")]
    story = tell(of(*branches), answers={"group.one": fail, "group.two": fail})

    assert story.ends["next"] == "skipped"
    assert story.end.exit_code == 1
    last = [each for each in story.events if isinstance(each, ContainerEnded)][-1]
    assert last.problem is not None
    assert last.problem.message == "no branch of 'group' succeeded"


def test_a_call_that_may_have_been_paid_for_counts_whoever_wins() -> None:
    doubtful = {"group.one": lambda _call: Unconfirmed(problem=made_up())}
    story = tell(
        of(task("one", plugin=SOLD), task("two")), answers=doubtful, seconds=lasting(two=3.0)
    )

    assert (story.ends["next"], story.end.exit_code) == ("done", 4)


def made_up() -> Any:
    return fail(None).problem  # type: ignore[arg-type, union-attr] # it does not look at its call


def test_a_chain_that_lost_ends_after_the_call_that_it_was_in() -> None:
    slow = chain(task("first"), task("second"), id="slow")
    story = tell(of(slow, task("fast")), seconds=lasting(**{"slow.first": 5.0}))

    assert story.ends["group.slow.first"] == "done"
    assert (story.ends["group.slow.second"], story.end.exit_code) == ("skipped", 0)


def test_a_batch_that_lost_opens_no_call_more() -> None:
    many = batch([task("each")], 6, id="many", window=2)
    story = tell(of(many, task("fast")), seconds=lasting(fast=1.5))

    sent = [call.task for call in story.sent if "many" in call.task]
    assert len(sent) == 4
    assert Counter(story.ends.values())["skipped"] == 2


def test_a_call_that_lost_is_not_tried_again() -> None:
    stubborn = task("slow", plugin=SOLD, retry=Retry(max_attempts=5))
    refused = {"group.slow": lambda _call: NotSent(problem=made_up())}
    story = tell(of(stubborn, task("fast")), answers=refused, seconds=lasting(slow=3.0))

    assert Counter(call.task for call in story.sent)["group.slow"] == 1
    assert story.end.exit_code == 0


# --- jobs in flight


def accept(call: Call) -> SubmitOutcome:
    return Accepted(job=Job(provider="shop", id=call.task), poll_after=1.0)


def take_long(poll: Poll) -> PollOutcome:
    if poll.at < 50:
        return Pending(poll_after=25.0)
    return Finished(produced=Produced(artefacts=(made(poll.call.task),)))


class Kept:
    """A ledger that remembers what it was told."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def __call__(self, records: Sequence[Record]) -> Iterator[News]:
        self.records.extend(records)
        return answers_at_once(records)


def raced(then: Running, kept: Kept | None = None, **seconds: float) -> Story:
    """A job that takes long against a local step that takes 5 seconds."""
    return tell(
        of(task("job", plugin=SOLD), task("fast"), then=then),
        answers={"group.job": accept},
        seconds=lasting(**{"fast": 5.0, "job": 0.1, **seconds}),
        poll=take_long,
        ledger=kept or Kept(),
        hold_of=lambda _task, _call: 70,
        likely_of=lambda _task, _call: 50,
    )


def test_a_job_that_finishes_is_billed_and_its_result_kept() -> None:
    story = raced(Running.FINISH)

    assert (story.ends["group.job"], story.end.billed) == ("done", 50)
    assert ended(story)["next"].at == 6.0
    assert story.end.exit_code == 0


@pytest.mark.parametrize("sent_for", [0.1, 8.0])
def test_a_job_that_is_left_is_given_up_for_others_and_nobody_waits_for_it(sent_for: float) -> None:
    kept = Kept()
    story = raced(Running.LEAVE, kept, job=sent_for)

    assert story.seconds < 20
    assert why(story, "group.job") == "'fast' was first; job group.job goes on at shop"
    assert sum(isinstance(each, Released) for each in kept.records) == 1
    assert (story.end.billed, story.end.exit_code) == (0, 0)


@pytest.mark.parametrize("sent_for", [0.1, 8.0])
def test_a_job_is_asked_to_stop_only_once_it_is_safe_that_it_is_known(sent_for: float) -> None:
    kept = Kept()
    raced(Running.CANCEL, kept, job=sent_for)

    known = next(
        place
        for place, each in enumerate(kept.records)
        if isinstance(each, Answered) and isinstance(each.outcome, Accepted)
    )
    asked = next(n for n, each in enumerate(kept.records) if isinstance(each, Cancelling))
    assert known < asked


def test_a_result_that_comes_though_its_job_was_asked_to_stop_is_kept_and_billed() -> None:
    story = raced(Running.CANCEL)

    assert (story.ends["group.job"], story.end.billed, story.end.exit_code) == ("done", 50, 0)


def test_a_local_call_that_lost_stops_where_the_race_says_so() -> None:
    story = tell(
        of(task("slow"), task("fast"), then=Running.CANCEL), seconds=lasting(slow=9.0, fast=1.0)
    )

    assert story.ends["group.slow"] == "cancelled"
    assert why(story, "group.slow") == "'fast' was first"
    assert story.end.exit_code == 0


def test_an_interrupt_stops_a_race_that_is_over_too() -> None:
    story = tell(
        of(task("job", plugin=SOLD), task("fast")),
        answers={"group.job": accept},
        seconds=lasting(fast=2.0),
        poll=take_long,
        stop_at=(10.0, StopRequested("SIGINT", Running.LEAVE)),
    )

    assert (story.ends["group.job"], story.end.exit_code) == ("cancelled", 130)


# --- earlier results


def reusing(*names: str) -> Any:
    """A ledger that has results of these tasks, and answers in the order in which it is asked."""

    def answer(records: Sequence[Record]) -> Iterator[News]:
        for record in records:
            if isinstance(record, Intent) and record.task in names:
                produced = Produced(artefacts=(made(record.task),))
                yield Reused(record.ticket, produced, 7)
            else:
                yield from answers_at_once([record])

    return answer


@pytest.mark.parametrize("first", ["one", "two", "three"])
def test_a_race_that_an_earlier_result_wins_sends_nothing(first: str) -> None:
    branches = [task(name, plugin=SOLD) for name in ("one", "two", "three")]
    story = tell(plan(race(*branches)), ledger=reusing(f"group.{first}"))

    assert story.sent == []
    assert Counter(story.ends.values()) == {"reused": 1, "skipped": 2}
    assert (story.end.exit_code, story.end.saved) == (0, 7)


def test_a_call_that_was_spared_is_kept_as_never_sent() -> None:
    kept: list[Record] = []

    def ledger(records: Sequence[Record]) -> Iterator[News]:
        kept.extend(records)
        return iter(list(reusing("group.two")(records)))

    tell(plan(race(task("one", plugin=SOLD), task("two", plugin=SOLD))), ledger=ledger)

    unsent = [each for each in kept if isinstance(each, Answered)]
    assert [(each.ticket, type(each.outcome), each.spent) for each in unsent] == [(0, NotSent, 0)]


# --- laws


@st.composite
def branches(draw: st.DrawFn) -> list[Template]:
    found: list[Template] = []
    for number in range(draw(st.integers(1, 5))):
        plugin, name = draw(st.sampled_from([SOLD, "step:noop"])), f"b{number}"
        policy = draw(st.sampled_from([OnError.FAIL, OnError.IGNORE]))
        inner = task("a", plugin=plugin, on_error=policy), task("z", plugin=plugin)
        kinds: list[Template] = [
            task(name, plugin=plugin, on_error=policy),
            chain(*inner, id=name),
            group(*inner, id=name),
            race(*inner, id=name),
            batch([inner[0]], 3, id=name, window=1),
        ]
        found.append(draw(st.sampled_from(kinds)))
    return found


@settings(max_examples=200, deadline=None)
@given(
    branches(),
    st.sampled_from(list(Running)),
    st.sampled_from([None, 1, 2]),
    st.integers(0, 999),
)
def test_somebody_wins_or_the_run_fails_and_every_task_ends_once(
    found: list[Template], then: Running, workers: int | None, seed: int
) -> None:
    chance = random.Random(seed)

    def by_chance(call: Call) -> SubmitOutcome:
        return fail(call) if chance.random() < 0.4 else succeed(call)

    story = tell(
        of(*found, then=then, max_workers=workers),
        otherwise=by_chance,
        answers={"next": succeed},
        seconds=lambda _call: 0.1 + chance.random() * 3,
        hold_of=lambda _task, _call: 70,
        likely_of=lambda _task, _call: 50,
    )

    ends = Counter(each.task for each in story.events if isinstance(each, StepEnded))
    assert set(ends.values()) <= {1}
    assert (story.ends["next"] == "done") == (story.end.exit_code == 0)
    over = next(e.at for e in story.events if isinstance(e, ContainerEnded) and e.task == "group")
    begun = [e.at for e in story.events if e.at > over and type(e).__name__ == "StepStarted"]
    assert len(begun) <= 1
    assert story.end.billed == sum(each.billed for each in ended(story).values())
