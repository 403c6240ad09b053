"""Open calls: listed, brought home as a run would bring them, or given up."""

import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from support.buying import bought, calls, leave_open, states
from support.kept import CENT, begun, keep, paid, steps
from support.paid import DOLLAR, KEY, Shop, texts

from aipipe.app import discover
from aipipe.app.fetching_jobs import Asked, calls_of, exit_code, fetch
from aipipe.app.forgetting_jobs import forget, forgettable
from aipipe.app.job_rounds import Halt
from aipipe.app.job_visits import Brought, Result
from aipipe.app.jobs import OpenJob, Standing, open_jobs
from aipipe.contracts.call import Job
from aipipe.contracts.outcome import (
    Failed,
    Lost,
    NotSent,
    Pending,
    Problem,
    Unconfirmed,
    Unreadable,
)
from aipipe.contracts.provider import Candidate
from aipipe.contracts.status import Status
from aipipe.errors import UsageError
from aipipe.memory.ledger.liveness import living
from aipipe.memory.ledger.states import Money, Work
from aipipe.memory.ledger.steps import Accept, Answer, Keep, Settle

PROBLEM = Problem(code="shop.down", message="the shop can't be reached")
CUT = Unreadable(problem=PROBLEM)
"""After this a run leaves the call to the next."""
SILENT = Unconfirmed(problem=Problem(code="shop.silent", message="no answer came"))


def jobs(folder: Path, shop: Shop) -> list[tuple[str, Standing, bool]]:
    found = open_jobs(folder / "home", shop.world.registry)
    return [(job.call.task, job.standing, job.alive) for job in found]


def fetched(place: Path, shop: Shop, *numbers: int, **options: object) -> tuple[Brought, ...]:
    given: dict[str, object] = {
        "home": place / "home",
        "calls": numbers,
        "environment": {KEY: "secret"},
    }
    asked = Asked(**{**given, **options})  # type: ignore[arg-type]
    registry = shop.world.registry
    return fetch(asked, calls_of(asked, registry), registry, lambda _: None, Halt())


def results(found: tuple[Brought, ...]) -> list[tuple[str, str | None]]:
    return [(each.result.value, each.problem.code if each.problem else None) for each in found]


def open_job(folder: Path, shop: Shop | None = None) -> Shop:
    """A shop at which the job of an ended run goes on."""
    shop = shop or Shop(has_jobs=True)
    shop.polls.append(CUT)
    bought(texts("1"), folder, shop)
    assert states(folder) == [("texts.1", Work.SUBMITTED, Money.HELD)]
    return shop


def unconfirmed_call(folder: Path) -> Shop:
    """A shop that was sent a call, and has not said what became of it."""
    shop = Shop(has_jobs=True, answers={"texts.1": SILENT})
    bought(texts("1"), folder, shop)
    assert states(folder) == [("texts.1", Work.UNCONFIRMED, Money.HELD)]
    shop.answers.clear()
    shop.calls.clear()
    return shop


# --- what is open


def test_where_no_ledger_is_nothing_is_open_and_nothing_is_made(tmp_path: Path) -> None:
    assert jobs(tmp_path, Shop()) == []
    assert fetched(tmp_path, Shop()) == ()
    assert list(tmp_path.iterdir()) == []


def test_a_call_that_ended_is_not_open(tmp_path: Path) -> None:
    shop = Shop(has_jobs=True)
    bought(texts("1", "1"), tmp_path, shop)

    assert jobs(tmp_path, shop) == []


def test_each_open_call_says_where_it_stands(tmp_path: Path) -> None:
    going_on = open_job(tmp_path / "a", _folder(tmp_path / "a", Shop(has_jobs=True)))
    made = _folder(tmp_path / "b", Shop(has_jobs=True, stores=True, fetches=[CUT]))
    bought(texts("1"), tmp_path / "b", made)
    answered = _folder(tmp_path / "c", Shop(keeps=True, fetches=[CUT]))
    bought(texts("1"), tmp_path / "c", answered)
    _folder(tmp_path / "d", Shop())
    unsure = unconfirmed_call(tmp_path / "d")
    sent = _folder(tmp_path / "e", Shop())
    leave_open(tmp_path / "e", sent)

    found = {
        name: jobs(tmp_path / name, shop)
        for name, shop in zip("abcde", (going_on, made, answered, unsure, sent), strict=True)
    }

    assert found == {
        "a": [("texts.1", Standing.GOING_ON, False)],
        "b": [("texts.1", Standing.MADE, False)],
        "c": [("texts.1", Standing.ANSWERED, False)],
        "d": [("texts.1", Standing.UNCONFIRMED, False)],
        "e": [("texts.1", Standing.UNCONFIRMED, False)],
    }


def _folder(folder: Path, shop: Shop) -> Shop:
    folder.mkdir()
    return shop


def test_while_its_run_lives_a_call_is_its_runs(tmp_path: Path) -> None:
    seen: list[object] = []
    shop = Shop(look=lambda _task: seen.append(jobs(tmp_path, shop)))

    bought(texts("1"), tmp_path, shop)

    assert seen == [[("texts.1", Standing.SENT, True)]]


# --- brought home


def test_a_job_that_is_done_comes_home_and_the_same_command_reuses_it(tmp_path: Path) -> None:
    shop = open_job(tmp_path)
    shop.calls.clear()

    found = fetched(tmp_path, shop)
    again = bought(texts("1"), tmp_path, shop)

    assert (results(found), exit_code(found)) == ([("home", None)], 0)
    assert states(tmp_path) == [("texts.1", Work.DONE, Money.BILLED)]
    assert (again.counts, again.billed) == ({Status.REUSED: 1}, Decimal(0))
    assert shop.calls == []


@pytest.mark.parametrize("kind", ["stores", "keeps"])
def test_what_is_made_is_only_fetched(tmp_path: Path, kind: str) -> None:
    shop = Shop(has_jobs=True, stores=kind == "stores", keeps=kind == "keeps", fetches=[CUT])
    bought(texts("1"), tmp_path, shop)
    asked_before = len(shop.asked)

    found = fetched(tmp_path, shop)

    assert results(found) == [("home", None)]
    assert (len(shop.asked), shop.charged) == (asked_before, DOLLAR)
    assert states(tmp_path) == [("texts.1", Work.DONE, Money.BILLED)]
    assert list((tmp_path / "home" / "answers").glob("*")) == []


def test_a_result_that_does_not_come_stays_where_it_is(tmp_path: Path) -> None:
    shop = Shop(has_jobs=True, stores=True, fetches=[CUT, CUT, NotSent(problem=PROBLEM)])
    bought(texts("1"), tmp_path, shop)

    first, second = fetched(tmp_path, shop), fetched(tmp_path, shop)
    third = fetched(tmp_path, shop)

    assert [results(each) for each in (first, second)] == [[("failed", "shop.down")]] * 2
    assert (exit_code(first), results(third)) == (1, [("home", None)])


def test_a_job_is_asked_for_once_unless_somebody_waits(tmp_path: Path) -> None:
    shop = open_job(tmp_path)
    shop.asked.clear()
    shop.polls += [Pending(poll_after=0.0), Pending(), Pending(poll_after=0.01)]

    once = fetched(tmp_path, shop)
    asked_once = len(shop.asked)
    waited = fetched(tmp_path, shop, waits=True)

    assert (results(once), exit_code(once), asked_once) == ([("going_on", None)], 5, 1)
    assert (results(waited), len(shop.asked)) == ([("home", None)], 4)


def test_a_halt_ends_the_waiting_and_leaves_the_job_as_it_was(tmp_path: Path) -> None:
    shop = open_job(tmp_path)
    halt = Halt()
    shop.look = lambda _what: halt.ask()
    shop.polls += [Pending(poll_after=3600.0)]
    asked = Asked(home=tmp_path / "home", waits=True, environment={KEY: "secret"})
    registry = shop.world.registry

    found = fetch(asked, calls_of(asked, registry), registry, lambda _: None, halt)

    assert results(found) == [("going_on", None)]
    assert states(tmp_path) == [("texts.1", Work.SUBMITTED, Money.HELD)]
    assert bought(texts("1"), tmp_path, shop).counts == {Status.DONE: 1}
    assert shop.calls == ["texts.1"]


@pytest.mark.parametrize(
    ("answer", "work", "money", "code"),
    [
        (Failed(problem=PROBLEM), Work.FAILED, Money.FREE, "shop.down"),
        (Failed(problem=PROBLEM, billed_nano_usd=7), Work.FAILED, Money.BILLED, "shop.down"),
        (Failed(problem=PROBLEM, billed_nano_usd=None), Work.FAILED, Money.BILLED, "shop.down"),
        (Failed(problem=PROBLEM, refused=True), Work.REFUSED, Money.FREE, "shop.down"),
        (Lost(problem=PROBLEM), Work.EXPIRED, Money.BILLED, "shop.down"),
        (NotSent(problem=PROBLEM), Work.SUBMITTED, Money.HELD, "shop.down"),
        (CUT, Work.SUBMITTED, Money.HELD, "shop.down"),
    ],
)
def test_a_job_ends_only_where_its_provider_says_so(
    tmp_path: Path,
    answer: Failed | Lost | NotSent | Unreadable,
    work: Work,
    money: Money,
    code: str,
) -> None:
    shop = open_job(tmp_path)
    shop.polls.append(answer)

    found = fetched(tmp_path, shop)

    assert (results(found), exit_code(found)) == ([("failed", code)], 1)
    assert states(tmp_path) == [("texts.1", work, money)]


def test_what_was_paid_for_and_cut_off_is_lost(tmp_path: Path) -> None:
    accepted = (Accept(remote_id=""), Settle(billed=3 * CENT, computed=False))
    keep(tmp_path / "home", begun("7k2m"), paid("7k2m", "one", "text", 3, "shop"))
    keep(tmp_path / "home", *steps(1, *accepted))
    shop = Shop(keeps=True)
    assert jobs(tmp_path, shop) == [("one", Standing.CUT_OFF, False)]

    found = fetched(tmp_path, shop)

    assert results(found) == [("failed", "result.lost")]
    assert states(tmp_path) == [("one", Work.EXPIRED, Money.BILLED)]


def test_what_is_in_the_store_already_only_ends_and_is_not_forgotten(tmp_path: Path) -> None:
    arrived = (Answer(answer_path="", answer_sha256=""), Keep(outputs=[]))
    keep(tmp_path / "home", begun("7k2m"), paid("7k2m", "one", "text", 3, "shop"))
    keep(tmp_path / "home", *steps(1, *arrived))
    with pytest.raises(UsageError, match="is home"):
        given_up(tmp_path, Shop())

    assert results(fetched(tmp_path, Shop())) == [("home", None)]
    assert states(tmp_path) == [("one", Work.DONE, Money.BILLED)]
    assert calls(tmp_path)[0].billed == 3 * CENT


def test_a_provider_without_its_key_is_not_asked(tmp_path: Path) -> None:
    shop = open_job(tmp_path)
    shop.asked.clear()

    found = fetched(tmp_path, shop, environment={})

    assert (results(found), shop.asked) == ([("failed", "missing_key")], [])


def test_a_provider_that_is_not_installed_is_told(tmp_path: Path) -> None:
    open_job(tmp_path)
    asked = Asked(home=tmp_path / "home", environment={})
    registry = discover.own_registry()

    found = fetch(asked, calls_of(asked, registry), registry, lambda _: None, Halt())

    assert results(found) == [("failed", "not_connected")]


def test_a_call_of_a_living_run_is_left_to_it(tmp_path: Path) -> None:
    shop = open_job(tmp_path)
    shop.asked.clear()

    with living(tmp_path / "home", calls(tmp_path)[0].run):
        found = fetched(tmp_path, shop)

    assert (results(found), exit_code(found), shop.asked) == ([("left", None)], 5, [])


def test_a_call_of_a_living_run_that_has_ended_is_home(tmp_path: Path) -> None:
    shop = Shop()
    bought(texts("1"), tmp_path, shop)
    (call,) = calls(tmp_path)

    with living(tmp_path / "home", call.run):
        found = fetched(tmp_path, shop, call.id)

    assert results(found) == [("home", None)]


def test_while_it_is_fetched_no_run_goes_on_with_it(tmp_path: Path) -> None:
    shop = open_job(tmp_path)
    seen: list[tuple[Standing, bool]] = []

    def look(_what: str) -> None:
        seen.extend(place[1:] for place in jobs(tmp_path, shop))

    shop.look = look
    fetched(tmp_path, shop)

    assert seen == [(Standing.SENT, True)]
    assert list((tmp_path / "home" / "runs").glob("jobs-*")) == []


# --- copies


def test_copies_are_called_after_their_task_and_replace_nothing(tmp_path: Path) -> None:
    shop = open_job(tmp_path)
    folder = tmp_path / "results"
    folder.mkdir()
    (folder / "texts.1-1.txt").write_text("mine", encoding="utf-8")

    (first,) = fetched(tmp_path, shop, folder=folder)
    (again,) = fetched(tmp_path, shop, first.call.id, folder=folder)

    assert first.paths == again.paths == (str(folder / "texts.1-2.txt"),)
    assert (folder / "texts.1-1.txt").read_text(encoding="utf-8") == "mine"
    assert Path(first.paths[0]).read_text(encoding="utf-8") == first.outputs[0].text
    assert len(list(folder.iterdir())) == 2


def test_a_folder_that_can_not_be_made_is_told_before_anything_is_asked_for(
    tmp_path: Path,
) -> None:
    shop = open_job(tmp_path)
    shop.asked.clear()
    (tmp_path / "file").touch()

    with pytest.raises(UsageError, match="can't make the folder"):
        fetched(tmp_path, shop, folder=tmp_path / "file" / "folder")
    assert shop.asked == []


# --- doubts


def test_an_unconfirmed_call_stays_so_and_is_never_sent(tmp_path: Path) -> None:
    shop = Shop()
    leave_open(tmp_path, shop)

    found = fetched(tmp_path, shop)

    assert (results(found), exit_code(found)) == ([("unconfirmed", "no_answer")], 4)
    assert (shop.calls, states(tmp_path)) == ([], [("texts.1", Work.UNCONFIRMED, Money.HELD)])


def candidate(name: str = "job-texts.1", created: float | None = None) -> Candidate:
    at = time.time() if created is None else created
    return Candidate(job=Job(provider="shop", id=name), created=at)


def test_the_only_job_that_it_can_be_is_adopted(tmp_path: Path) -> None:
    shop = unconfirmed_call(tmp_path)
    shop.known.append(candidate())

    found = fetched(tmp_path, shop)

    assert (results(found), shop.calls) == ([("home", None)], [])
    assert calls(tmp_path)[0].remote_id == "job-texts.1"


@pytest.mark.parametrize(
    "candidates",
    [[candidate(), candidate("job-other")], [candidate(created=0.0)]],
    ids=["several", "older"],
)
def test_where_several_jobs_or_older_ones_could_be_it_none_is_adopted(
    tmp_path: Path, candidates: list[Candidate]
) -> None:
    shop = unconfirmed_call(tmp_path)
    shop.known += candidates

    assert results(fetched(tmp_path, shop)) == [("unconfirmed", "shop.silent")]
    assert shop.asked == []


def test_one_job_is_never_two_calls(tmp_path: Path) -> None:
    shop = Shop(has_jobs=True, answers=dict.fromkeys(("texts.1", "texts.2", "texts.3"), SILENT))
    bought(texts("1", "1", "1"), tmp_path, shop)
    shop.known.append(candidate())
    shop.polls.append(Pending())

    found = fetched(tmp_path, shop)

    assert sorted(each.result for each in found) == ["going_on", "unconfirmed", "unconfirmed"]


def test_a_doubt_that_nobody_can_look_into_stays_one(tmp_path: Path) -> None:
    shop = unconfirmed_call(tmp_path)

    found = fetched(tmp_path, shop, environment={})

    assert (results(found), exit_code(found)) == ([("unconfirmed", "missing_key")], 4)


def test_the_user_can_say_which_job_it_is(tmp_path: Path) -> None:
    shop = unconfirmed_call(tmp_path)
    (call,) = calls(tmp_path)

    found = fetched(tmp_path, shop, call.id, job_id="job-texts.1")
    again = bought(texts("1"), tmp_path, shop)

    assert (results(found), shop.calls) == ([("home", None)], [])
    assert again.counts == {Status.REUSED: 1}
    assert calls(tmp_path)[0].remote_id == "job-texts.1"


def test_a_job_that_the_provider_does_not_know_is_not_the_calls(tmp_path: Path) -> None:
    shop = unconfirmed_call(tmp_path)
    (call,) = calls(tmp_path)
    shop.polls.append(CUT)

    found = fetched(tmp_path, shop, call.id, job_id="wrong")

    assert (results(found), exit_code(found)) == ([("unconfirmed", "shop.down")], 4)
    assert states(tmp_path) == [("texts.1", Work.UNCONFIRMED, Money.HELD)]
    assert calls(tmp_path)[0].remote_id is None


def test_a_job_of_another_call_is_refused(tmp_path: Path) -> None:
    shop = Shop(has_jobs=True, answers={"texts.2": SILENT})
    bought(texts("1", "1"), tmp_path, shop)
    shop.asked.clear()
    unsure = next(call.id for call in calls(tmp_path) if call.task == "texts.2")

    with pytest.raises(UsageError, match="known to be another call's"):
        fetched(tmp_path, shop, unsure, job_id="job-texts.1")
    assert shop.asked == []


@pytest.mark.parametrize("has_jobs", [True, False])
def test_only_a_call_in_doubt_takes_a_job_from_the_user(tmp_path: Path, *, has_jobs: bool) -> None:
    shop = open_job(tmp_path) if has_jobs else Shop()
    if not has_jobs:
        bought(texts("1"), tmp_path, shop)
    words = "no longer in doubt: submitted" if has_jobs else "has ended: done"

    with pytest.raises(UsageError, match=words):
        fetched(tmp_path, shop, calls(tmp_path)[0].id, job_id="job-x")


# --- given up


def given_up(folder: Path, shop: Shop) -> None:
    numbers = [call.id for call in calls(folder)]
    home = folder / "home"
    forget(home, forgettable(home, numbers, shop.world.registry))


def orphaned_intent(folder: Path) -> Shop:
    shop = Shop()
    leave_open(folder, shop)
    return shop


def made_call(folder: Path) -> Shop:
    shop = Shop(has_jobs=True, stores=True, fetches=[CUT])
    bought(texts("1"), folder, shop)
    return shop


@pytest.mark.parametrize("begin", [open_job, unconfirmed_call, orphaned_intent, made_call])
def test_what_is_forgotten_stays_counted_and_its_step_may_be_sent_again(
    tmp_path: Path, begin: Callable[[Path], Shop]
) -> None:
    shop = begin(tmp_path)
    given_up(tmp_path, shop)
    shop.calls.clear()
    assert states(tmp_path) == [("texts.1", Work.ABANDONED, Money.HELD)]

    again = bought(texts("1"), tmp_path, shop)

    assert (again.counts, shop.calls) == ({Status.DONE: 1}, ["texts.1"])
    assert sum(call.billed or call.held for call in calls(tmp_path)) == 2 * DOLLAR


def test_what_was_forgotten_is_never_fetched(tmp_path: Path) -> None:
    shop = open_job(tmp_path)
    given_up(tmp_path, shop)
    shop.asked.clear()

    found = fetched(tmp_path, shop, calls(tmp_path)[0].id)

    assert (results(found), shop.asked, jobs(tmp_path, shop)) == ([("failed", "abandoned")], [], [])


def test_calls_of_living_runs_and_ended_ones_are_not_forgotten(tmp_path: Path) -> None:
    shop = open_job(tmp_path)
    (call,) = calls(tmp_path)

    with (
        living(tmp_path / "home", call.run),
        pytest.raises(UsageError, match=f"carried out by run '{call.run}' right now"),
    ):
        given_up(tmp_path, shop)
    fetched(tmp_path, shop)
    with pytest.raises(UsageError, match="has ended: done"):
        given_up(tmp_path, shop)


def test_a_call_that_a_run_has_taken_up_meanwhile_is_not_forgotten(tmp_path: Path) -> None:
    shop = open_job(tmp_path)
    (call,) = calls(tmp_path)
    seen = forgettable(tmp_path / "home", [call.id], shop.world.registry)

    with (
        living(tmp_path / "home", call.run),
        pytest.raises(UsageError, match=f"carried out by run '{call.run}' right now"),
    ):
        forget(tmp_path / "home", seen)
    bought(texts("1"), tmp_path, shop)
    with pytest.raises(UsageError, match="has ended: done"):
        forget(tmp_path / "home", seen)


def test_unknown_calls_are_told(tmp_path: Path) -> None:
    shop = open_job(tmp_path)

    with pytest.raises(UsageError, match="unknown call '99'") as raised:
        fetched(tmp_path, shop, 1, 99)
    assert raised.value.hints == ("all that are open: aipipe jobs list",)


# --- exit codes


def test_the_gravest_of_what_is_not_home_is_the_exit_code(tmp_path: Path) -> None:
    open_job(tmp_path)
    (job,) = (OpenJob(call=c, standing=Standing.MADE, alive=False) for c in calls(tmp_path))
    one = Brought(call=job.call, result=Result.HOME)

    def code(*more: Result) -> int:
        return exit_code((one, *(replace(one, result=each) for each in more)))

    assert code() == 0
    assert code(Result.FAILED) == 1
    assert code(Result.FAILED, Result.GOING_ON) == code(Result.LEFT) == 5
    assert code(Result.FAILED, Result.GOING_ON, Result.UNCONFIRMED) == 4
