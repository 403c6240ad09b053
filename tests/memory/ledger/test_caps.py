"""Whether a hold fits: what is spent and stuck refuses, what is in flight makes wait."""

import pytest
from memory.ledger.keeping import (
    DAY,
    NOON,
    TODAY,
    ask,
    facts,
    intent,
    kept_totals,
    steps,
    taken,
    world,
)

from aipipe.memory.ledger.answers import AlreadyOpen, Answer, Kept, MustWait, Refused, Taken
from aipipe.memory.ledger.connecting import Place
from aipipe.memory.ledger.records import TakeIntent, of_group, of_run, of_today
from aipipe.memory.ledger.steps import Abandon, Accept, Doubt, Free, Reject, Settle
from aipipe.memory.ledger.totals import Total
from aipipe.memory.ledger.writer import Writer

IN_RUN = of_run("r", cap=10)


def test_holds_are_taken_up_to_the_cap_and_not_one_nano_dollar_further(writer: Writer) -> None:
    answers = ask(writer, intent(4, IN_RUN), intent(6, IN_RUN), intent(1, IN_RUN))

    assert answers == (Taken(call=1), Taken(call=2), MustWait(scope="run:r"))


def test_a_refused_intent_does_not_undo_the_others_of_its_batch(writer: Writer) -> None:
    answers = ask(writer, intent(4, IN_RUN), intent(11, IN_RUN), intent(6, IN_RUN))

    assert answers == (Taken(call=1), Refused(scope="run:r", left=10), Taken(call=2))


def test_what_is_billed_refuses_and_what_is_less_than_its_hold_gives_back(writer: Writer) -> None:
    (call,) = taken(writer, intent(10, IN_RUN))

    ask(writer, *steps(call, Settle(billed=3, computed=False)))

    assert ask(writer, intent(8, IN_RUN), intent(7, IN_RUN)) == (
        Refused(scope="run:r", left=7),
        Taken(call=2),
    )


@pytest.mark.parametrize("ending", [[Doubt(error="reset")], [Doubt(error="reset"), Abandon()]])
def test_an_unconfirmed_hold_refuses_because_nobody_will_settle_it(
    writer: Writer, ending: list[Doubt | Abandon]
) -> None:
    (call,) = taken(writer, intent(6, IN_RUN))

    ask(writer, *steps(call, *ending))

    assert ask(writer, intent(5, IN_RUN)) == (Refused(scope="run:r", left=4),)


def test_an_unconfirmed_job_that_is_found_again_makes_wait(writer: Writer) -> None:
    (call,) = taken(writer, intent(6, IN_RUN))

    ask(writer, *steps(call, Doubt(error="reset"), Accept(remote_id="j1")))

    assert ask(writer, intent(5, IN_RUN)) == (MustWait(scope="run:r"),)


def test_evidence_gives_a_hold_back(writer: Writer) -> None:
    (call,) = taken(writer, intent(10, IN_RUN))

    ask(writer, *steps(call, Reject(error="429"), Free(evidence="429 before acceptance")))

    assert ask(writer, intent(10, IN_RUN)) == (Taken(call=2),)


def test_a_receipt_above_its_hold_counts_whole(writer: Writer) -> None:
    (call,) = taken(writer, intent(6, IN_RUN))

    ask(writer, *steps(call, Settle(billed=12, computed=False)))

    assert ask(writer, intent(0, IN_RUN)) == (Refused(scope="run:r", left=0),)


def test_a_reported_receipt_takes_the_place_of_a_computed_one(writer: Writer, place: Place) -> None:
    (call,) = taken(writer, intent(6, IN_RUN))

    ask(writer, *steps(call, Settle(billed=5, computed=True), Settle(billed=2, computed=False)))

    assert kept_totals(place) == {"run:r": Total(spent=2)}


def test_of_several_scopes_the_one_that_can_never_hold_it_is_told(writer: Writer) -> None:
    group, day = of_group("r", "pictures", cap=5), of_today(cap=20)
    taken(writer, intent(10, IN_RUN, day))

    assert ask(
        writer,
        intent(6, IN_RUN, group, day),
        intent(5, IN_RUN, group, day),
        intent(5, group, day),
        intent(6, day),
    ) == (
        Refused(scope="group:r/pictures", left=5),
        MustWait(scope="run:r"),
        Taken(call=2),
        MustWait(scope=TODAY),
    )


def test_a_refused_intent_holds_nothing_in_any_scope(writer: Writer, place: Place) -> None:
    ask(writer, intent(7, of_run("r", cap=9), of_today(cap=6)))

    assert kept_totals(place) == {}


def test_what_a_dead_run_left_in_flight_refuses_until_somebody_goes_on_with_it(
    place: Place,
) -> None:
    day = of_today(cap=10)
    with Writer(place, world()) as writer:
        taken(writer, intent(4, day, run="dead"), intent(5, day, run="alive"))

    with Writer(place, world(alive=lambda run: run != "dead")) as writer:
        answers = ask(writer, intent(6, day), intent(7, day))

    assert answers == (MustWait(scope=TODAY), Refused(scope=TODAY, left=6))


def test_a_call_that_is_open_is_shared_and_one_that_ended_is_not(writer: Writer) -> None:
    wanted = intent(3, IN_RUN, open_key="o")
    assert ask(writer, wanted, wanted) == (Taken(call=1), AlreadyOpen(call=1))

    ask(writer, *steps(1, Doubt(error="reset")))
    assert ask(writer, wanted) == (AlreadyOpen(call=1),)

    assert ask(writer, *steps(1, Abandon()), wanted) == (Kept(), Taken(call=2))


def test_the_ledgers_day_never_goes_back(place: Place) -> None:
    cap = of_today(cap=10)
    answers: list[Answer] = []
    for now in [NOON, NOON + DAY, NOON]:
        with Writer(place, world(now=now)) as writer:
            answers += ask(writer, intent(6, cap))

    tomorrow = "day:2026-11-25"
    assert answers == [Taken(call=1), Taken(call=2), MustWait(scope=tomorrow)]


def test_a_call_counts_on_the_day_of_its_intent(place: Place) -> None:
    with Writer(place, world()) as writer:
        (call,) = taken(writer, intent(6, of_today(cap=10)))
    with Writer(place, world(now=NOON + DAY)) as writer:
        ask(writer, *steps(call, Settle(billed=5, computed=False)), intent(1, of_today(cap=10)))

    assert kept_totals(place) == {TODAY: Total(spent=5), "day:2026-11-25": Total(held=1)}


def test_a_scope_named_twice_counts_once(writer: Writer, place: Place) -> None:
    ask(writer, TakeIntent(call=facts(), hold=3, scopes=(IN_RUN, IN_RUN)))

    assert kept_totals(place) == {"run:r": Total(held=3)}
