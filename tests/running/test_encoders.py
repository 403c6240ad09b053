"""What encodes takes turns, however many branches there are; what does not goes on meanwhile."""

from __future__ import annotations

import pytest
from support.plans import group, plan, task
from support.running import tell


@pytest.mark.parametrize("encoders", [1, 2, 5])
def test_no_more_encode_at_once_than_there_are_encoders(encoders: int) -> None:
    branches = [task(f"film{n}", heavy=True) for n in range(20)]
    story = tell(plan(group(*branches)), encoders=encoders)

    assert story.most_in_flight == encoders
    assert len(story.ends) == 20


def test_two_encode_at_once_when_nobody_says() -> None:
    branches = [task(f"film{n}", heavy=True) for n in range(20)]

    assert tell(plan(group(*branches))).most_in_flight == 2


def test_what_does_not_encode_waits_for_no_encoder() -> None:
    heavy = [task(f"film{n}", heavy=True) for n in range(10)]
    light = [task(f"text{n}") for n in range(10)]
    story = tell(plan(group(*heavy, *light)))

    assert story.most_in_flight == 2 + 10
    assert story.seconds == 5.0
