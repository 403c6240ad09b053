"""What costs nothing is asked for on kept connections, and may be asked for again."""

import pytest
from providers.raw_server import good, patient, raw

from aipipe.providers.http.asking import Answer, ask
from aipipe.providers.http.errors import (
    CutOffError,
    GoneError,
    HttpError,
    TooLargeError,
    UnreachedError,
    UnreadableError,
)
from aipipe.providers.http.site import Site


def test_an_answer_is_read_to_its_end() -> None:
    with raw(good(b"{}", "X-Cost: 1")) as server:
        found = ask(Site(base=server.base), "/job")

    assert found == Answer(status=200, headers={"content-length": "2", "x-cost": "1"}, body=b"{}")


def test_questions_share_a_connection_and_one_that_broke_is_not_repeated() -> None:
    with patient(good(b"{}")) as server:
        ask(Site(base=server.base), "/job")
        with pytest.raises(UnreachedError):
            ask(Site(base=server.base), "/job")

    assert (server.connections, server.requests) == (1, 2)


def test_after_a_connection_that_broke_comes_a_new_one() -> None:
    with raw(None, good(b"{}")) as server:
        with pytest.raises(UnreachedError):
            ask(Site(base=server.base), "/job")
        found = ask(Site(base=server.base), "/job")

    assert found.body == b"{}"


def test_an_answer_with_more_than_is_allowed_is_not_read() -> None:
    with raw(good(b"a" * 11)) as server, pytest.raises(TooLargeError):
        ask(Site(base=server.base), "/job", limit=10)


def test_half_an_answer_is_none() -> None:
    with raw(good(b"{}")[:-1]) as server, pytest.raises(CutOffError):
        ask(Site(base=server.base), "/job")


def test_a_missing_job_is_told_from_a_server_at_fault() -> None:
    with raw(good(b"", status="404 X")) as server, pytest.raises(GoneError):
        ask(Site(base=server.base), "/job")


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (400, UnreadableError, "answer_unreadable"),
        (401, UnreadableError, "bad_key"),
        (403, UnreadableError, "not_allowed"),
        (404, GoneError, "not_found"),
        (410, GoneError, "not_found"),
        (429, UnreachedError, "rate_limit"),
        (500, UnreachedError, "unreached"),
        (503, UnreachedError, "overloaded"),
    ],
)
def test_what_is_not_given_is_told_apart(status: int, kind: type[HttpError], code: str) -> None:
    with raw(good(b"", status=f"{status} X")) as server, pytest.raises(HttpError) as caught:
        ask(Site(base=server.base), "/job")

    assert (type(caught.value), caught.value.code) == (kind, code)


def test_a_cancel_is_a_post_with_the_key() -> None:
    with raw(good(b"")) as server:
        ask(Site(base=server.base, credentials={"x-key": "k"}), "/job/cancel", method="POST")

    (head,) = server.heads
    assert head.startswith("POST /job/cancel HTTP/1.1")
    assert "x-key: k" in head


def test_a_redirect_of_a_cancel_is_not_followed() -> None:
    moved = good(b"", "Location: /x", status="307 X")
    with raw(moved) as server, pytest.raises(UnreadableError, match="307"):
        ask(Site(base=server.base), "/job/cancel", method="POST")

    assert len(server.heads) == 1
