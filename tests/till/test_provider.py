"""Each fault of the till ends as it must, and the account tells what it cost."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from support.till.starting import Till
from support.world import wait_for
from till.using import PROVIDER, Buyer, buyer, call

from aipipe.contracts.call import Receipt
from aipipe.contracts.outcome import (
    Accepted,
    Failed,
    Lost,
    Made,
    NotSent,
    Pending,
    Problem,
    Rejected,
    SubmitOutcome,
    Unconfirmed,
    Unreadable,
)
from aipipe.contracts.provider import Candidate

DIME = Receipt(nano_usd=100_000_000)


def spoilt(shared: Till, folder: Path, kind: str, form: str = "jobs", **more: object) -> Buyer:
    """A buyer whose prompt, the name of the fault, meets it once."""
    shared.order(rules=[{"kind": kind, "prompt": kind, "form": form, **more}])
    return buyer(shared, folder)


def charged(shared: Till, prompt: str, form: str = "jobs") -> int:
    body = f'{{"prompt":"{prompt}"}}'
    every = [charge for charge in shared.charges() if charge.endpoint == f"{form}/text"]
    return sum(charge.body == body for charge in every)


def accepted(outcome: SubmitOutcome) -> Accepted:
    assert isinstance(outcome, Accepted), outcome
    return outcome


def test_a_job_goes_from_the_queue_to_its_text(shared: Till, tmp_path: Path) -> None:
    shared.order()
    buys = buyer(shared, tmp_path)
    job = accepted(buys.submit("a fox")).job

    seen = [buys.poll(job) for _ in range(3)]
    made = seen[-1]
    assert seen[:2] == [
        Pending(queue_position=1, poll_after=0.01),
        Pending(fraction=0.5, poll_after=0.01),
    ]
    assert isinstance(made, Made)
    assert made.receipt == DIME
    assert buys.text(made.result).endswith("of a fox\n")


def test_a_synchronous_call_is_told_before_its_body_is_kept(shared: Till, tmp_path: Path) -> None:
    shared.order()
    buys = buyer(shared, tmp_path)
    made = buys.submit("a hen", "now/text")

    assert isinstance(made, Made)
    ((job, receipt),) = buys.told
    assert (job.id, receipt) == (made.result.id, DIME)
    assert made.receipt == DIME
    assert buys.text(made.result).endswith("of a hen\n")


@pytest.mark.parametrize(
    ("kind", "outcome", "charges"),
    [
        ("throttled", Rejected, 0),
        ("unavailable", Rejected, 0),
        ("input_refused", Rejected, 0),
        ("error_before", Unconfirmed, 0),
        ("reset_before", Unconfirmed, 0),
        ("error_charged", Unconfirmed, 1),
        ("reset_charged", Unconfirmed, 1),
    ],
)
@pytest.mark.parametrize("form", ["jobs", "now"])
def test_a_spoilt_submit(
    shared: Till, tmp_path: Path, form: str, kind: str, outcome: type[SubmitOutcome], charges: int
) -> None:
    buys = spoilt(shared, tmp_path, kind, form)

    assert isinstance(buys.submit(kind, f"{form}/text"), outcome)
    assert charged(shared, kind, form) == charges
    assert isinstance(buys.submit(kind, f"{form}/text"), Accepted | Made)
    assert charged(shared, kind, form) == charges + 1


@pytest.mark.parametrize("form", ["jobs", "now"])
def test_an_answer_that_never_comes_may_have_been_paid_for(
    shared: Till, tmp_path: Path, form: str
) -> None:
    buys = spoilt(shared, tmp_path, "silent_charged", form)
    outcome = buys.submit_in_haste("silent_charged", f"{form}/text")

    assert isinstance(outcome, Unconfirmed)
    wait_for(lambda: charged(shared, "silent_charged", form) == 1)
    assert isinstance(buys.submit("silent_charged", f"{form}/text"), Accepted | Made)


@pytest.mark.parametrize("kind", ["no_id", "unreadable"])
def test_a_job_without_a_readable_id_may_have_been_paid_for(
    shared: Till, tmp_path: Path, kind: str
) -> None:
    outcome = spoilt(shared, tmp_path, kind).submit(kind)

    assert isinstance(outcome, Unconfirmed)
    assert charged(shared, kind) == 1


def test_a_slow_answer_is_an_answer(shared: Till, tmp_path: Path) -> None:
    buys = spoilt(shared, tmp_path, "slow", seconds=0.02)

    assert isinstance(buys.submit("slow"), Accepted)


def test_a_limit_says_how_long_to_wait_where_it_does(shared: Till, tmp_path: Path) -> None:
    outcome = spoilt(shared, tmp_path, "throttled", retry_after="3").submit("throttled again")

    assert isinstance(outcome, Rejected)
    assert (outcome.throttled, outcome.retry_after) == (True, 3.0)


def test_a_refused_prompt_is_told_as_such(shared: Till, tmp_path: Path) -> None:
    outcome = spoilt(shared, tmp_path, "input_refused").submit("input_refused, says the law")

    assert isinstance(outcome, Rejected)
    assert (outcome.refused, outcome.retryable) == (True, False)
    assert outcome.problem.message == "422: the prompt is not allowed"


def test_a_bad_key_closes_the_provider_and_is_quoted_nowhere(shared: Till, tmp_path: Path) -> None:
    shared.order()
    outcome = buyer(shared, tmp_path, TILL_KEY="a-wrong-one").submit("a cow")

    assert isinstance(outcome, Rejected)
    assert outcome.closes_provider
    assert outcome.problem == Problem(code="bad_key", message="401: the key '***' is not known")


def test_a_key_that_no_header_can_hold_was_never_sent(shared: Till, tmp_path: Path) -> None:
    outcome = buyer(shared, tmp_path, TILL_KEY="a\nb").submit("a cow")

    assert isinstance(outcome, Rejected)
    assert (outcome.problem.code, outcome.closes_provider) == ("bad_key", True)


@pytest.mark.parametrize(
    ("kind", "billed", "code"),
    [
        ("job_fails", 0, "job_failed"),
        ("job_fails_charged", 1, "job_failed"),
        ("output_refused", 1, "refused.output"),
    ],
)
def test_a_job_that_ends_badly(
    shared: Till, tmp_path: Path, kind: str, billed: int, code: str
) -> None:
    buys = spoilt(shared, tmp_path, kind)
    outcome = buys.last(accepted(buys.submit(kind)).job)

    assert isinstance(outcome, Failed)
    assert (outcome.billed_nano_usd, outcome.problem.code) == (billed * DIME.nano_usd, code)
    assert outcome.refused is (code == "refused.output")
    assert charged(shared, kind) == billed


@pytest.mark.parametrize("kind", ["poll_error", "poll_reset"])
def test_a_poll_that_does_not_get_through_is_no_failed_job(
    shared: Till, tmp_path: Path, kind: str
) -> None:
    buys = spoilt(shared, tmp_path, kind)
    job = accepted(buys.submit(kind)).job

    assert isinstance(buys.poll(job), NotSent)
    assert isinstance(buys.last(job), Made)


def test_a_job_that_nobody_knows_is_not_gone(shared: Till, tmp_path: Path) -> None:
    shared.order()
    buys = buyer(shared, tmp_path)
    job = accepted(buys.submit("a dog")).job
    job.data["status_url"] = "/v1/jobs/other"  # type: ignore[index]

    assert isinstance(buys.poll(job), Unreadable)


@pytest.mark.parametrize("kind", ["cut_off", "cut_off_chunked"])
def test_a_download_that_breaks_off_is_repeated_at_no_cost(
    shared: Till, tmp_path: Path, kind: str
) -> None:
    buys = spoilt(shared, tmp_path, kind)
    made = buys.last(accepted(buys.submit(kind)).job)
    assert isinstance(made, Made)

    assert isinstance(buys.fetch(made.result), NotSent)
    assert buys.text(made.result).endswith(f"of {kind}\n")
    assert charged(shared, kind) == 1


def test_a_result_whose_link_is_too_old_is_lost(shared: Till, tmp_path: Path) -> None:
    buys = spoilt(shared, tmp_path, "gone")
    made = buys.last(accepted(buys.submit("gone")).job)
    assert isinstance(made, Made)

    outcome = buys.fetch(made.result)
    assert isinstance(outcome, Lost)
    assert outcome.problem.code == "result.expired"


@pytest.mark.parametrize("kind", ["cut_off", "cut_off_chunked"])
def test_a_synchronous_answer_that_breaks_off_is_lost_and_was_paid_for(
    shared: Till, tmp_path: Path, kind: str
) -> None:
    buys = spoilt(shared, tmp_path, kind, "now")
    outcome = buys.submit(kind, "now/text")

    assert isinstance(outcome, Lost)
    assert (outcome.problem.code, outcome.receipt) == ("result.lost", DIME)
    assert len(buys.told) == 1
    assert charged(shared, kind, "now") == 1


def test_a_synchronous_answer_that_is_no_text_is_kept_and_unreadable(
    shared: Till, tmp_path: Path
) -> None:
    buys = spoilt(shared, tmp_path, "unreadable", "now")
    made = buys.submit("unreadable", "now/text")
    assert isinstance(made, Made)

    assert isinstance(buys.fetch(made.result), Unreadable)
    assert Path(str(made.result.data["answer"])).exists()


def found(buys: Buyer, prompt: str, since: float = 0.0) -> Sequence[Candidate]:
    assert PROVIDER.find is not None
    return PROVIDER.find(call(prompt, "jobs/text"), since, buys.tools)


def test_a_job_whose_answer_was_lost_is_found_by_its_body(shared: Till, tmp_path: Path) -> None:
    shared.order(rules=[{"kind": "reset_charged", "prompt": "a lost fox"}])
    buys = buyer(shared, tmp_path)
    assert isinstance(buys.submit("a lost fox"), Unconfirmed)
    accepted(buys.submit("another fox"))

    (candidate,) = found(buys, "a lost fox")
    assert candidate.job.id in {charge.job for charge in shared.charges()}
    assert isinstance(buys.last(candidate.job), Made)
    assert found(buys, "a lost fox", since=candidate.created + 1) == []


def test_a_list_that_lags_shows_a_job_only_later(shared: Till, tmp_path: Path) -> None:
    shared.order(lag=2)
    buys = buyer(shared, tmp_path)
    accepted(buys.submit("a late fox"))

    assert [len(found(buys, "a late fox")) for _ in range(4)] == [0, 0, 1, 1]


def test_a_cancelled_job_ends_and_stays_charged(shared: Till, tmp_path: Path) -> None:
    shared.order()
    buys = buyer(shared, tmp_path)
    job = accepted(buys.submit("a slow fox")).job
    assert PROVIDER.cancel is not None
    PROVIDER.cancel(job, buys.tools)

    outcome = buys.last(job)
    assert isinstance(outcome, Failed)
    assert outcome.problem.code == "cancelled"
    assert (outcome.billed_nano_usd, charged(shared, "a slow fox")) == (DIME.nano_usd, 1)
