"""Runway's own client succeeds against our fake of it, with the calls that aipipe makes."""

from collections.abc import Iterator
from typing import Any

import pytest
from support.fakes.files import picture
from support.fakes.runway import Runway
from support.fakes.specs import spec
from support.till.server import served

sdk: Any = pytest.importorskip("runwayml", reason="of the extra 'sdk'")
PICTURE = {"model": "gen4_image", "prompt_text": "a red fox", "ratio": "1280:720"}


@pytest.fixture
def fake() -> Iterator[Runway]:
    one = Runway()
    with served(one) as base:
        one.base = base
        yield one


@pytest.fixture
def client(fake: Runway) -> Iterator[Any]:
    with sdk.RunwayML(api_key=fake.key, base_url=fake.base, max_retries=0) as ours:
        yield ours


def test_it_makes_a_picture_and_finds_it_and_its_cost(fake: Runway, client: Any) -> None:
    task = client.text_to_image.create(**PICTURE)

    made = client.tasks.retrieve(task.id)

    assert (made.status, made.cost.credits, task.estimated_cost.credits) == ("SUCCEEDED", 5, 5)
    assert made.output[0].startswith("http://localhost:")
    assert fake.faults == []


def test_it_makes_a_clip_of_a_picture_that_it_has_uploaded(fake: Runway, client: Any) -> None:
    address = client.uploads.create_ephemeral(file=("fox.png", picture())).uri

    client.image_to_video.create(
        model="gen4_turbo", prompt_image=address, ratio="1280:720", duration=5
    )

    assert fake.uploaded == {address: picture()}
    assert fake.faults == []


def test_it_follows_a_task_through_all_its_states(fake: Runway, client: Any) -> None:
    fake.polls, fake.at_once = 2, 1
    one, two = (client.text_to_image.create(**PICTURE).id for _ in range(2))

    told = [client.tasks.retrieve(each) for each in (one, two, one, one)]

    states = [each.status for each in told]
    assert states == ["PENDING", "THROTTLED", "RUNNING", "SUCCEEDED"]
    assert told[2].progress == 0.5


def test_it_cancels_a_task(fake: Runway, client: Any) -> None:
    fake.polls = 100
    task = client.text_to_image.create(**PICTURE)

    client.tasks.delete(task.id)

    assert client.tasks.retrieve(task.id).status == "CANCELLED"


def test_it_is_told_of_a_bad_key(fake: Runway) -> None:
    with (
        sdk.RunwayML(api_key="key_nobody", base_url=fake.base, max_retries=0) as ours,
        pytest.raises(sdk.AuthenticationError),
    ):
        ours.text_to_image.create(**PICTURE)


@pytest.mark.skipif(spec("runway") is None, reason="the specification is not here")
def test_it_is_told_what_the_specification_does_not_allow(fake: Runway, client: Any) -> None:
    client.text_to_image.create(model="gen4_image", prompt_text="fox", ratio="1:1")

    assert fake.faults != []
