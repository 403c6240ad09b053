"""Replicate's own client succeeds against our fake of it, with the calls that aipipe makes."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from support.fakes.files import picture
from support.fakes.replicate import Replicate
from support.till.server import served

sdk: Any = pytest.importorskip("replicate", reason="of the extra 'sdk'")
errors: Any = pytest.importorskip("replicate.exceptions")
MODEL = "black-forest-labs/flux-schnell"


@pytest.fixture
def fake() -> Iterator[Replicate]:
    one = Replicate()
    with served(one) as base:
        one.base = base
        yield one


@pytest.fixture
def client(fake: Replicate, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("REPLICATE_POLL_INTERVAL", "0.01")
    ours = sdk.Client(api_token=fake.key, base_url=fake.base)
    yield ours
    ours._client.close()  # it has no other way


def test_it_makes_a_prediction_waits_and_finds_the_result(fake: Replicate, client: Any) -> None:
    fake.polls = 2

    made = client.models.predictions.create(MODEL, input={"prompt": "a red fox"})
    made.wait()

    assert (made.status, len(made.output)) == ("succeeded", 1)
    assert made.output[0].startswith("http://localhost:")
    assert fake.faults == []


def test_it_runs_a_version(fake: Replicate, client: Any) -> None:
    made = client.predictions.create(version="5c7d", input={"prompt": "a red fox"})
    made.wait()

    assert (made.status, made.version) == ("succeeded", "5c7d")
    assert fake.faults == []


def test_it_uploads_a_file(fake: Replicate, client: Any) -> None:
    file = client.files.create(BytesIO(picture()), filename="fox.png")

    assert list(fake.uploaded.items()) == [(file.urls["get"], picture())]


def test_it_cancels_a_prediction(fake: Replicate, client: Any) -> None:
    fake.polls = 100

    made = client.models.predictions.create(MODEL, input={"prompt": "a red fox"})
    made.cancel()
    made.reload()

    assert made.status == "canceled"


def test_it_lists_predictions_page_by_page(fake: Replicate, client: Any) -> None:
    fake.page = 1
    for word in ("one", "two"):
        client.models.predictions.create(MODEL, input={"prompt": word})

    first = client.predictions.list()
    second = client.predictions.list(cursor=first.next)

    assert [each.input["prompt"] for each in (*first, *second)] == ["two", "one"]
    assert second.next is None


def test_it_is_told_of_a_bad_key(fake: Replicate) -> None:
    ours = sdk.Client(api_token=fake.key[:-1], base_url=fake.base)

    with pytest.raises(errors.ReplicateError) as refused:
        ours.models.predictions.create(MODEL, input={"prompt": "a red fox"})

    ours._client.close()
    assert refused.value.status == 401
