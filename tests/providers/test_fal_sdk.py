"""fal's own client succeeds against our fake of fal, with the calls that aipipe makes."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from support.fakes.fal import Fal
from support.fakes.files import picture
from support.till.server import served

sdk: Any = pytest.importorskip("fal_client", reason="of the extra 'sdk'")
client: Any = pytest.importorskip("fal_client.client")
pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
"""It leaves its connections open."""


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """Let go of its connections within the test that opened them."""
    yield
    gc.collect()


@pytest.fixture
def fal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Fal]:
    """The fake, where fal's own client looks for fal."""
    fake = Fal()
    with served(fake) as base:
        fake.base = base
        for name, value in {
            "QUEUE_URL_FORMAT": f"{base}/",
            "RUN_URL_FORMAT": f"{base}/",
            "REST_URL": base,
            "CDN_URL": base,
        }.items():
            monkeypatch.setattr(client, name, value)
        yield fake


def test_it_submits_waits_and_finds_the_result(fal: Fal) -> None:
    ours = sdk.SyncClient(key=fal.key, default_timeout=10)
    seen: list[object] = []

    made = ours.subscribe(
        "fal-ai/flux/dev", {"prompt": "a red fox"}, with_logs=True, on_queue_update=seen.append
    )

    assert made["images"][0]["url"].startswith(fal.base)
    assert [type(each).__name__ for each in seen][-1] == "Completed"
    assert fal.faults == []


def test_it_uploads_a_file(fal: Fal) -> None:
    ours = sdk.SyncClient(key=fal.key, default_timeout=10)

    address = ours.upload(picture(), "image/png", "fox.png")

    assert list(fal.uploaded.values()) == [picture()]
    assert address.startswith(fal.base)


def test_it_cancels_a_job(fal: Fal) -> None:
    fal.polls = 100
    ours = sdk.SyncClient(key=fal.key, default_timeout=10)

    handle = ours.submit("fal-ai/flux/dev", {"prompt": "a red fox"})
    handle.cancel()

    assert [job.is_cancelled for job in fal.jobs.values()] == [True]


@pytest.mark.usefixtures("fal")
def test_it_is_told_of_a_bad_key() -> None:
    ours = sdk.SyncClient(key="nobody:knows", default_timeout=10)

    with pytest.raises(client.FalClientHTTPError) as refused:
        ours.submit("fal-ai/flux/dev", {"prompt": "a red fox"})

    assert refused.value.status_code == 401
