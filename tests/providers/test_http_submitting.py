"""A submit is sent once, and ends by how far it came."""

from dataclasses import replace

import pytest
from providers.raw_server import closed_port, deaf, good, patient, raw

from aipipe.contracts.limits import LimitsTold
from aipipe.contracts.outcome import NotSent, Problem, Rejected, Unconfirmed
from aipipe.providers.http.site import Site
from aipipe.providers.http.submitting import Received, Sent, Submission, submitted
from aipipe.providers.http.verdicts import CODES, Rules

KEY = "sk-very-secret"
RULES = Rules(
    is_before_acceptance=lambda reply: reply.headers.get("x-not-accepted") == "1",
    is_moderation=lambda reply: b"moderation" in reply.body,
    said=lambda reply: reply.body.decode(),
)


def site(base: str) -> Site:
    return Site(base=base, credentials={"Authorization": f"Bearer {KEY}"})


def sent(base: str, silence: float = 10.0, rules: Rules = RULES) -> Sent:
    what = Submission(path="/jobs", body=b"{}", silence=silence)
    with submitted(site(base), what, rules) as found:
        return found


def read(base: str) -> object:
    """A good answer, read to its end: only such a connection could be used again."""
    with submitted(site(base), Submission(path="/jobs", body=b"{}"), RULES) as found:
        assert isinstance(found, Received), found
        return found.read()


def answered(status: str, *headers: str, body: bytes = b"", rules: Rules = RULES) -> Sent:
    with raw(good(body, *headers, status=status)) as server:
        found = sent(server.base, rules=rules)
    assert len(server.heads) == 1
    return found


def test_where_nobody_listens_nothing_was_sent() -> None:
    assert isinstance(sent(closed_port()), NotSent)


def test_a_host_without_an_address_was_sent_nothing() -> None:
    assert isinstance(sent("http://no-such-host.invalid"), NotSent)


def test_a_server_without_tls_was_sent_nothing() -> None:
    with raw(b"HTTP/1.1 400 Bad Request\r\n\r\n") as server:
        found = sent(server.base.replace("http:", "https:"))

    assert isinstance(found, NotSent)


def test_no_answer_in_time_may_have_been_paid_for() -> None:
    with deaf() as base:
        found = sent(base, silence=0.05)

    assert isinstance(found, Unconfirmed)


@pytest.mark.parametrize(
    "answer",
    [None, b"", b"HTTP/1.1 20", b"what?\r\n\r\n"],
    ids=["reset", "closed", "half a status line", "no HTTP"],
)
def test_an_answer_that_breaks_off_may_have_been_paid_for(answer: bytes | None) -> None:
    with raw(answer) as server:
        found = sent(server.base)

    assert isinstance(found, Unconfirmed)
    assert len(server.heads) == 1


@pytest.mark.parametrize("status", ["500", "502", "503", "504", "529", "408", "409", "301", "307"])
def test_a_status_that_proves_nothing_may_have_been_paid_for(status: str) -> None:
    assert isinstance(answered(f"{status} X", "Location: http://127.0.0.1:1/"), Unconfirmed)


def test_one_call_too_many_says_how_long_to_wait() -> None:
    found = answered("429 X", "Retry-After: 7", body=b"slow down")

    assert isinstance(found, Rejected)
    assert (found.retryable, found.throttled, found.retry_after) == (True, True, 7.0)
    assert found.problem == Problem(code="rate_limit", message="429: slow down")


def test_what_an_answer_tells_of_limits_is_handed_on() -> None:
    refused = answered("429 X", "Maximum-Concurrent-Requests: 5")
    received = answered("200 OK", "X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 9")

    assert isinstance(refused, Rejected)
    assert refused.limits == LimitsTold(at_once=5)
    assert isinstance(received, Received)
    assert received.limits == LimitsTold(left=0, resets_in=9.0)


@pytest.mark.parametrize("status", ["503", "529"])
def test_overload_was_not_accepted_only_where_that_is_documented(status: str) -> None:
    found = answered(f"{status} X", "x-not-accepted: 1", "Retry-After: 2")

    problem = Problem(code="overloaded", message=status)
    assert found == Rejected(problem=problem, retryable=True, retry_after=2.0)


@pytest.mark.parametrize(
    ("status", "code", "closes"),
    [
        (400, "bad_parameter", False),
        (401, "bad_key", True),
        (402, "no_credit", True),
        (403, "not_allowed", False),
        (404, "not_found", False),
        (413, "bad_parameter", False),
        (422, "bad_parameter", False),
    ],
)
def test_a_documented_refusal_is_no_doubt(
    status: int,
    code: str,
    closes: bool,  # noqa: FBT001
) -> None:
    problem = Problem(code=code, message=str(status))

    assert answered(f"{status} X") == Rejected(problem=problem, closes_provider=closes)


def test_moderation_is_told_from_other_refusals() -> None:
    found = answered("422 X", body=b"moderation")

    problem = Problem(code="refused.input", message="422: moderation")
    assert found == Rejected(problem=problem, refused=True)


@pytest.mark.parametrize("code", sorted(CODES))
@pytest.mark.parametrize("status", [400, 401, 403, 429])
def test_what_the_provider_documents_counts_before_its_status(status: int, code: str) -> None:
    found = answered(f"{status} X", rules=Rules(code=lambda _reply: code))

    assert isinstance(found, Rejected)
    assert found.problem.code == code
    known = CODES[code]
    assert (found.retryable, found.closes_provider, found.refused) == (
        known.retryable,
        known.closes,
        known.refused,
    )


def test_out_of_credit_is_not_one_call_too_many() -> None:
    found = answered("429 X", "Retry-After: 7", rules=Rules(code=lambda _reply: "no_credit"))

    problem = Problem(code="no_credit", message="429")
    assert found == Rejected(problem=problem, closes_provider=True)


@pytest.mark.parametrize("code", ["rate_limit", "too_many_at_once", "overloaded"])
def test_no_429_that_ends_by_itself_uses_up_an_attempt(code: str) -> None:
    found = answered("429 X", rules=Rules(code=lambda _reply: code))

    problem = Problem(code=code, message="429")
    assert found == Rejected(problem=problem, retryable=True, throttled=True)


@pytest.mark.parametrize("status", ["500", "503", "529", "408", "302"])
def test_no_code_makes_a_refusal_of_what_may_have_been_paid_for(status: str) -> None:
    found = answered(f"{status} X", rules=Rules(code=lambda _reply: "rate_limit"))

    assert found == Unconfirmed(problem=Problem(code="no_answer", message=status))


def test_a_code_that_is_not_known_leaves_it_to_the_status() -> None:
    found = answered("404 X", rules=Rules(code=lambda _reply: "voice_not_found"))

    assert found == Rejected(problem=Problem(code="not_found", message="404"))


def test_a_provider_may_say_which_statuses_close_it_but_moderation_never_does() -> None:
    rules = replace(RULES, closing=frozenset({403}))

    found = [answered("403 X", body=body, rules=rules) for body in (b"locked", b"moderation")]
    assert [isinstance(each, Rejected) and each.closes_provider for each in found] == [True, False]


def test_a_refusal_whose_words_break_off_is_a_refusal() -> None:
    with raw(b"HTTP/1.1 400 X\r\nContent-Length: 9\r\n\r\nba") as server:
        found = sent(server.base)

    assert isinstance(found, Rejected)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b'{"id": NaN}', b"[" * 200_000])
def test_a_good_answer_that_cant_be_read_may_have_been_paid_for(body: bytes) -> None:
    with raw(good(body)) as server:
        found = read(server.base)

    assert isinstance(found, Unconfirmed)


def test_a_good_answer_is_read() -> None:
    with raw(good(b'{"id": "a"}', "X-Cost: 1")) as server:
        what = Submission(path="/jobs", body=b"{}")
        with submitted(site(server.base), what, RULES) as found:
            assert isinstance(found, Received)
            assert found.headers["x-cost"] == "1"
            words = found.read()

    assert words == {"id": "a"}


def test_no_submit_goes_out_on_a_connection_that_an_earlier_one_left() -> None:
    with patient(good(b"{}")) as server:
        first, second = read(server.base), read(server.base)

    assert (first, second) == ({}, {})
    assert (server.connections, server.requests) == (2, 2)


def test_no_message_quotes_the_key_even_where_the_server_does() -> None:
    found = answered("400 X", body=f"bad key {KEY}".encode())

    assert isinstance(found, Rejected)
    assert found.problem.message == "400: bad key ***"


def test_a_base_address_that_is_none_is_told_before_anything_is_sent() -> None:
    assert isinstance(sent("ftp://127.0.0.1"), Rejected)
