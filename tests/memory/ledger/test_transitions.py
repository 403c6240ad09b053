"""Laws of the steps of a paid call: of its work, and of its money."""

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aipipe.memory.ledger.schema import WORK_IS_OPEN
from aipipe.memory.ledger.states import IN_FLIGHT, OPEN, TERMINAL, CallState, Money, Work
from aipipe.memory.ledger.steps import (
    Abandon,
    Accept,
    Answer,
    Cancel,
    Doubt,
    Expire,
    Fail,
    Finish,
    FinishRemotely,
    Free,
    Intend,
    Keep,
    Refuse,
    Reject,
    RequestCancel,
    Settle,
    Transition,
    WorkTransition,
)
from aipipe.memory.ledger.totals import Total, share_of
from aipipe.memory.ledger.transitions import STEPS, TransitionError, advance

MOVES: tuple[WorkTransition, ...] = (
    Intend(),
    Accept(remote_id="j1"),
    FinishRemotely(job={}),
    Answer(answer_path="a", answer_sha256="00"),
    Keep(outputs=[]),
    Finish(),
    Reject(error="429"),
    Fail(error="broken"),
    Refuse(error="moderation"),
    RequestCancel(),
    Cancel(),
    Expire(error="gone"),
    Doubt(error="reset"),
    Abandon(),
)
a_step: st.SearchStrategy[Transition] = st.one_of(
    st.sampled_from(MOVES),
    st.builds(Settle, billed=st.integers(-1, 9), computed=st.booleans()),
    st.builds(Free, evidence=st.sampled_from(["", "documented: no charge for 422"])),
)


@st.composite
def walks(draw: st.DrawFn) -> list[tuple[CallState, Transition, CallState]]:
    """The allowed ones among random steps, each with the states around it."""
    state, walk = CallState(), []
    for step in [Intend(), *draw(st.lists(a_step, max_size=25))]:
        try:
            after = advance(state, step)
        except TransitionError:
            continue
        walk.append((state, step, after))
        state = after
    return walk


def path(*steps: Transition) -> CallState:
    state = CallState()
    for step in steps:
        state = advance(state, step)
    return state


def reachable(start: Work) -> set[Work]:
    found, border = {start}, [start]
    while border:
        work = border.pop()
        border += [to for froms, to in STEPS.values() if work in froms and to not in found]
        found |= set(border)
    return found


@settings(deadline=None)
@given(walks())
def test_only_a_receipt_or_evidence_ends_a_hold(
    walk: list[tuple[CallState, Transition, CallState]],
) -> None:
    ended = [
        (step, after.money)
        for before, step, after in walk
        if before.money is Money.HELD and after.money is not Money.HELD
    ]

    for step, money in ended:
        match step:
            case Settle():
                assert (money, step.billed >= 0) == (Money.BILLED, True)
            case Free():
                assert (money, bool(step.evidence)) == (Money.FREE, True)
            case _:
                pytest.fail(f"{step} ended a hold")


@settings(deadline=None)
@given(walks())
def test_ended_work_and_free_money_stay_and_what_was_billed_stays_billed(
    walk: list[tuple[CallState, Transition, CallState]],
) -> None:
    for before, _, after in walk:
        assert before.work not in TERMINAL or after.work is before.work
        assert before.money is not Money.FREE or after.money is Money.FREE
        assert before.money is not Money.BILLED or after.money is Money.BILLED


@settings(deadline=None)
@given(walks())
def test_work_moves_only_by_steps_of_work_and_money_only_by_steps_of_money(
    walk: list[tuple[CallState, Transition, CallState]],
) -> None:
    for before, step, after in walk:
        if isinstance(step, Settle | Free):
            assert after.work is before.work
        elif not isinstance(step, Intend):
            assert (after.money, after.computed) == (before.money, before.computed)


@settings(deadline=None)
@given(walks(), st.integers(0, 9))
def test_a_call_counts_as_its_hold_until_it_counts_as_its_receipt_or_as_nothing(
    walk: list[tuple[CallState, Transition, CallState]], hold: int
) -> None:
    billed = 0
    for _, step, after in walk:
        billed = step.billed if isinstance(step, Settle) else billed
        share = share_of(after, hold=hold, billed=billed)
        assert (share.held, share.spent) == {
            Money.HELD: (hold, 0),
            Money.BILLED: (0, billed),
            Money.FREE: (0, 0),
        }[after.money or Money.FREE]
        assert share.stuck == (0 if after.work in IN_FLIGHT else share.held)


def test_every_state_of_work_is_reached_and_every_open_one_can_end() -> None:
    assert reachable(Work.PLANNED) == set(Work)
    assert {work for work in OPEN if not reachable(work) & TERMINAL} == set()


def test_every_step_has_its_place_in_the_table_and_here() -> None:
    assert set(STEPS) == set(get_args(WorkTransition)) == {type(move) for move in MOVES}


def test_every_state_is_planned_open_or_ended() -> None:
    assert sorted([Work.PLANNED, *OPEN, *TERMINAL]) == sorted(Work)
    assert {Work.UNCONFIRMED} == OPEN - IN_FLIGHT


def test_the_index_of_open_calls_has_every_open_state() -> None:
    names = WORK_IS_OPEN.removeprefix("work IN (").removesuffix(")").split(", ")

    assert sorted(name.strip("'") for name in names) == sorted(OPEN)


@pytest.mark.parametrize(
    ("steps", "end"),
    [
        (
            [MOVES[1], MOVES[2], MOVES[3], MOVES[4], Settle(billed=7, computed=False), Finish()],
            CallState(work=Work.DONE, money=Money.BILLED),
        ),
        (
            [MOVES[3], Settle(billed=7, computed=True), MOVES[4], Finish()],
            CallState(work=Work.DONE, money=Money.BILLED, computed=True),
        ),
        (
            [Settle(billed=7, computed=True), Settle(billed=6, computed=False)],
            CallState(work=Work.INTENT, money=Money.BILLED),
        ),
        (
            [Reject(error="429"), Free(evidence="429 before acceptance")],
            CallState(work=Work.REJECTED, money=Money.FREE),
        ),
        ([Doubt(error="reset")], CallState(work=Work.UNCONFIRMED, money=Money.HELD)),
        ([Doubt(error="reset"), MOVES[1]], CallState(work=Work.SUBMITTED, money=Money.HELD)),
        ([Doubt(error="reset"), Abandon()], CallState(work=Work.ABANDONED, money=Money.HELD)),
        (
            [MOVES[1], RequestCancel(), MOVES[2]],
            CallState(work=Work.REMOTE_DONE, money=Money.HELD),
        ),
        (
            [MOVES[1], MOVES[2], Settle(billed=7, computed=True), Expire(error="gone")],
            CallState(work=Work.EXPIRED, money=Money.BILLED, computed=True),
        ),
    ],
)
def test_a_call_comes_to_where_its_story_leads(steps: list[Transition], end: CallState) -> None:
    assert path(Intend(), *steps) == end


@pytest.mark.parametrize(
    ("steps", "forbidden"),
    [
        ([], Accept(remote_id="j1")),
        ([], Settle(billed=1, computed=False)),
        ([Intend()], Intend()),
        ([Intend()], Free(evidence="it must be")),
        ([Intend(), Doubt(error="reset")], Intend()),
        ([Intend(), Doubt(error="reset")], Reject(error="lookup found none")),
        ([Intend(), Doubt(error="reset")], Free(evidence="lookup found none")),
        ([Intend(), Reject(error="429")], Free(evidence="")),
        ([Intend(), Accept(remote_id="j1")], Cancel()),
        ([Intend(), Accept(remote_id="j1")], Reject(error="401 on a poll")),
        ([Intend(), Accept(remote_id="j1")], Expire(error="gone, unpaid")),
        ([Intend(), Settle(billed=1, computed=False)], Settle(billed=2, computed=False)),
        ([Intend(), Settle(billed=1, computed=False)], Settle(billed=2, computed=True)),
        ([Intend(), Settle(billed=1, computed=False)], Free(evidence="refund")),
    ],
)
def test_a_step_out_of_order_is_refused(steps: list[Transition], forbidden: Transition) -> None:
    state = path(*steps)

    with pytest.raises(TransitionError) as caught:
        advance(state, forbidden)

    assert (caught.value.state, caught.value.transition) == (state, forbidden)


def test_totals_subtract_part_by_part() -> None:
    assert Total(held=5, stuck=3, spent=2) - Total(held=1, stuck=1, spent=2) == Total(
        held=4, stuck=2, spent=0
    )
