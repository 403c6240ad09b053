"""Luma's own client succeeds against our fake of Luma, with the calls that aipipe makes."""

from collections.abc import Iterator
from typing import Any

import pytest
from support.fakes.luma import ROOT, Luma
from support.till.server import served

sdk: Any = pytest.importorskip("lumaai", reason="of the extra 'sdk'")


@pytest.fixture
def luma() -> Iterator[Luma]:
    fake = Luma()
    with served(fake) as base:
        fake.base = base
        yield fake


@pytest.fixture
def client(luma: Luma) -> Iterator[Any]:
    address = f"{luma.base}{ROOT}"
    with sdk.LumaAI(auth_token=luma.key, base_url=address, max_retries=0, timeout=10) as ours:
        yield ours


def test_it_makes_a_video(luma: Luma, client: Any) -> None:
    luma.polls = 1

    begun = client.generations.video.create(
        model="ray-2", prompt="a red fox", duration="5s", resolution="720p"
    )
    first, second = (client.generations.get(id=begun.id) for _ in range(2))

    assert (begun.state, first.state, second.state) == ("queued", "dreaming", "completed")
    assert second.assets.video.startswith(luma.base)
    assert luma.faults == []


def test_it_makes_a_picture(luma: Luma, client: Any) -> None:
    begun = client.generations.image.create(model="photon-1", prompt="a red fox", format="png")
    done = client.generations.get(id=begun.id)

    assert done.assets.image.endswith(".png")
    assert luma.faults == []


def test_it_lists_what_was_made(client: Any) -> None:
    begun = client.generations.image.create(model="photon-1", prompt="a red fox")

    listed = client.generations.list(limit=100, offset=0)

    assert [each.id for each in listed.generations] == [begun.id]
    assert listed.generations[0].request.prompt == "a red fox"


def test_it_is_told_why_a_generation_failed(luma: Luma, client: Any) -> None:
    luma.failure = "400: advanced moderation failed"

    begun = client.generations.image.create(model="photon-1", prompt="a red fox")
    done = client.generations.get(id=begun.id)

    assert (done.state, done.failure_reason) == ("failed", luma.failure)


def test_it_is_told_of_a_bad_key(luma: Luma) -> None:
    address = f"{luma.base}{ROOT}"
    ours = sdk.LumaAI(auth_token="nobody", base_url=address, max_retries=0)  # noqa: S106

    with ours, pytest.raises(sdk.AuthenticationError):
        ours.generations.image.create(model="photon-1", prompt="a red fox")
