"""Jobs are asked for as seldom as their age allows, limits are learned, and no slot idles."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.farm import Farm
from support.plans import group, plan, task
from support.running import BROKEN, Story, made, tell

from aipipe.contracts.call import Call, Job, Produced
from aipipe.contracts.event import Noticed, StepProgressed
from aipipe.contracts.limits import LimitsTold
from aipipe.contracts.outcome import Accepted, Finished, NotSent, Pending, PollOutcome
from aipipe.language.spec import Limit, Limits
from aipipe.running import pauses
from aipipe.running.desk import Terms
from aipipe.running.instructions import Commit, Intent, Poll, Resumed
from aipipe.running.machine import Machine
from aipipe.running.values import Binder

JOBS = 300
BINDER = Binder(run="r", pipeline="story", read_text=str)
chances = st.floats(0, 1)


def lengths(least: float, most: float, seed: int = 1) -> dict[str, float]:
    chance = random.Random(seed)
    return {f"group.{n}": chance.uniform(least, most) for n in range(JOBS)}


def worked(farm: Farm, limits: Limits | None = None, **terms: Any) -> Story:
    jobs = [task(str(n), plugin="provider:farm") for n in range(JOBS)]
    return tell(
        plan(group(*jobs), limits=limits or Limits()),
        otherwise=farm.submit,
        poll=farm.poll,
        heard=farm.hear,
        seconds=lambda _call: 0.0,
        **{"max_workers": 1_000, "concurrency": lambda _name: 1_000, **terms},
    )


def of(taken: dict[str, float]) -> Callable[[Call], float]:
    return lambda call: taken[call.task]


def ideal(taken: dict[str, float], slots: int) -> float:
    """Seconds that it takes to begin jobs in order, each as soon as a slot is free."""
    free = [0.0] * slots
    for length in taken.values():
        free.sort()
        free[0] += length
    return max(free)


def done(poll: Poll) -> PollOutcome:
    return Finished(produced=Produced(artefacts=(made(poll.job.id),)))


# --- polls


def test_a_minute_of_three_hundred_jobs_costs_few_polls_each() -> None:
    farm = Farm(lambda _call: 60.0)
    worked(farm)

    assert max(len(each) for each in farm.polls.values()) <= 24


@pytest.mark.parametrize("least", [0.5, 5.0])
def test_the_end_of_a_job_is_known_within_a_share_of_its_age(least: float) -> None:
    farm = Farm(of(lengths(0.1, 200.0)))
    worked(farm, poll_every=lambda _name: least, max_workers=20)

    for name in farm.spans:
        assert farm.late(name) <= max(0.15 * farm.age(name), 1.2 * least) + 1e-9


@pytest.mark.parametrize("least", [0.5, 5.0, 40.0])
def test_two_polls_of_a_job_are_never_closer_than_its_provider_allows(least: float) -> None:
    farm = Farm(of(lengths(0.1, 100.0)))
    worked(farm, poll_every=lambda _name: least)

    times = [[farm.spans[name][0], *polls] for name, polls in farm.polls.items()]
    gaps = [after - before for each in times for before, after in pairwise(each)]
    assert min(gaps) >= least - 1e-9


def test_jobs_that_began_together_are_not_asked_for_in_step() -> None:
    farm = Farm(lambda _call: 60.0)
    worked(farm)

    seconds = Counter(int(at) for polls in farm.polls.values() for at in polls)
    assert max(seconds.values()) <= 120


def test_what_a_provider_says_of_its_job_counts_instead() -> None:
    polls: list[float] = []

    def ask(poll: Poll) -> PollOutcome:
        polls.append(poll.at)
        return Pending(poll_after=7.0) if poll.at < 20 else done(poll)

    tell(
        plan(task("a", plugin="provider:farm")),
        otherwise=lambda _c: Accepted(job=Job(provider="farm", id="a"), poll_after=3.0),
        seconds=lambda _c: 0.0,
        poll=ask,
    )

    assert polls == [3.0, 10.0, 17.0, 24.0]


def test_a_place_in_a_providers_queue_is_told() -> None:
    answers = [Pending(queue_position=4), Pending(queue_position=1), Pending(fraction=0.5)]
    story = tell(
        plan(task("a", plugin="provider:farm")),
        otherwise=lambda _c: Accepted(job=Job(provider="farm", id="a")),
        poll=lambda poll: answers.pop(0) if answers else done(poll),
    )

    told = [each for each in story.events if isinstance(each, StepProgressed)]
    assert [(each.phase, each.queue_position, each.fraction) for each in told] == [
        ("queued", 4, None),
        ("queued", 1, None),
        ("generating", None, 0.5),
    ]


def test_a_poll_in_vain_is_not_repeated_sooner_than_the_provider_allows() -> None:
    polls: list[float] = []

    def ask(poll: Poll) -> PollOutcome:
        polls.append(poll.at)
        return NotSent(problem=BROKEN) if len(polls) < 3 else done(poll)

    tell(
        plan(task("a", plugin="provider:farm")),
        otherwise=lambda _c: Accepted(job=Job(provider="farm", id="a"), poll_after=0.0),
        seconds=lambda _c: 0.0,
        poll=ask,
        poll_every=lambda _name: 5.0,
    )

    assert polls == [0.0, 5.0, 10.0]


@given(st.floats(0, 1e9), st.floats(0, 100), st.integers(1, 10**6), chances)
def test_a_pause_is_never_shorter_than_allowed_nor_endless(
    age: float, every: float, jobs: int, chance: float
) -> None:
    pause = pauses.of_age(age, every, jobs, chance)

    assert every <= pause <= max(every, 15.0)
    assert 0 <= pauses.after_restart(every, jobs, chance) <= max(every, 15.0)


@given(st.floats(0, 1e5), st.floats(0, 1e5), chances)
def test_an_older_job_is_asked_for_no_more_often(one: float, other: float, chance: float) -> None:
    younger, older = sorted((one, other))

    assert pauses.of_age(younger, 0.5, 1, chance) <= pauses.of_age(older, 0.5, 1, chance)


def test_after_a_restart_the_first_polls_are_spread() -> None:
    polls = first_polls(300, every=0.5)

    in_parts = [sum(part <= at * 10 / 3 < part + 1 for at in polls) for part in range(10)]
    assert len(polls) == 300
    assert max(polls) <= 3.0
    assert all(10 <= part <= 60 for part in in_parts)


def test_a_single_job_of_an_earlier_process_is_asked_for_within_the_least_pause() -> None:
    assert max(first_polls(1, every=0.5)) <= 0.5


def first_polls(jobs: int, *, every: float) -> list[float]:
    """When the jobs of an earlier process are asked for first."""
    tasks = [task(str(n), plugin="provider:farm") for n in range(jobs)]
    machine = Machine(plan(group(*tasks)), terms(every), BINDER)
    begun = [each for each in machine.begin(0.0) if isinstance(each, Commit)]
    intents = [each for commit in begun for each in commit.records if isinstance(each, Intent)]
    news = [Resumed(each.ticket, Job(provider="farm", id=each.task)) for each in intents]
    asked = [each for one in news for each in machine.handle(one, 0.0)]
    return [each.at for each in asked if isinstance(each, Poll)]


def terms(every: float) -> Terms:
    return Terms(
        run="r",
        max_workers=1_000,
        concurrency=lambda _name: 1_000,
        poll_every=lambda _name: every,
        hold_of=lambda _task, _call: 0,
        likely_of=lambda _task, _call: 0,
        random=random.Random(1).random,
    )


# --- limits


@pytest.mark.parametrize(("least", "most"), [(2.0, 20.0), (5.0, 60.0), (30.0, 300.0)])
def test_ten_slots_are_always_full_and_never_more(least: float, most: float) -> None:
    taken = lengths(least, most)
    farm = Farm(of(taken), machines=10)
    story = worked(farm, concurrency=lambda _name: 10)

    assert (farm.most, farm.refused) == (10, 0)
    assert set(story.ends.values()) == {"done"}
    assert story.seconds <= 1.05 * ideal(taken, 10)


def test_a_plan_with_more_slots_than_documented_is_used_in_full() -> None:
    taken = lengths(5.0, 60.0)
    farm = Farm(of(taken), machines=40, tells=LimitsTold(at_once=40))
    story = worked(farm, concurrency=lambda _name: 2)

    assert (farm.most, farm.refused) == (40, 0)
    assert set(story.ends.values()) == {"done"}
    assert story.seconds <= 1.1 * ideal(taken, 40)


def test_a_plan_with_fewer_slots_is_kept_to_after_the_first_answers() -> None:
    farm = Farm(of(lengths(5.0, 60.0)), machines=3, tells=LimitsTold(at_once=3))
    story = worked(farm, concurrency=lambda _name: 8)

    assert (farm.most, farm.refused) == (3, 5)
    assert set(story.ends.values()) == {"done"}


def test_slots_that_nobody_tells_of_are_found_by_refusals() -> None:
    taken = lengths(5.0, 60.0)
    farm = Farm(of(taken), machines=10)
    story = worked(farm, concurrency=lambda _name: 64)

    assert set(story.ends.values()) == {"done"}
    assert story.seconds <= 1.4 * ideal(taken, 10)


def test_a_long_pause_is_said_once() -> None:
    farm = Farm(lambda _call: 1.0, tells=LimitsTold(left=0, resets_in=60.0))
    story = worked(farm, concurrency=lambda _name: 100)

    notes = [(each.at, each.message) for each in story.events if isinstance(each, Noticed)]
    assert notes == [
        (0.0, "'farm' takes no more calls for 60 seconds: its limit is reached"),
        (60.0, "'farm' takes no more calls for 60 seconds: its limit is reached"),
    ]


def test_what_the_file_allows_is_never_exceeded_whatever_a_provider_tells() -> None:
    farm = Farm(lambda _call: 1.0, tells=LimitsTold(at_once=40))
    worked(farm, limits=Limits(providers={"farm": Limit(concurrency=5)}))

    assert farm.most == 5


def test_what_the_run_allows_is_never_exceeded_whatever_a_provider_tells() -> None:
    farm = Farm(lambda _call: 1.0, tells=LimitsTold(at_once=40))
    worked(farm, max_workers=7, concurrency=lambda _name: 2)

    assert farm.most == 7


def test_a_rate_that_is_told_is_kept_from_then_on() -> None:
    farm = Farm(lambda _call: 0.1, tells=LimitsTold(rate=(10, 60.0)))
    worked(farm, concurrency=lambda _name: 1)

    began = sorted(start for start, _ in farm.spans.values())
    assert max(sum(at <= each < at + 60 for each in began) for at in began) <= 21
    assert began[-1] >= (JOBS - 21) * 6.0
