"""Which steps of a paid call are allowed from where, and where they lead.

    planned → intent → submitted → remote_done → answered → stored → done
                 └───────── a synchronous form ──────┘

Work and money move apart: work by what happens to the call, money only by a receipt or by
documented evidence that the call was free. Nothing here reads or writes anything.
"""

from dataclasses import replace

from aipipe.memory.ledger.states import CallState, Money, Work
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


class TransitionError(Exception):
    """A step that is not allowed from where the call stands: a bug of whoever asked for it."""

    def __init__(self, state: CallState, transition: Transition) -> None:
        super().__init__(f"{type(transition).__name__} from {state.work}, {state.money}")
        self.state = state
        self.transition = transition


_UNDERWAY = frozenset({Work.SUBMITTED, Work.REMOTE_DONE, Work.CANCELLING, Work.ANSWERED})

STEPS: dict[type[WorkTransition], tuple[frozenset[Work], Work]] = {
    Intend: (frozenset({Work.PLANNED}), Work.INTENT),
    Accept: (frozenset({Work.INTENT, Work.UNCONFIRMED}), Work.SUBMITTED),
    FinishRemotely: (frozenset({Work.SUBMITTED, Work.CANCELLING}), Work.REMOTE_DONE),
    Answer: (frozenset({Work.INTENT, Work.REMOTE_DONE}), Work.ANSWERED),
    Keep: (frozenset({Work.ANSWERED}), Work.STORED),
    Finish: (frozenset({Work.STORED}), Work.DONE),
    Reject: (frozenset({Work.INTENT}), Work.REJECTED),
    Fail: (_UNDERWAY | {Work.INTENT}, Work.FAILED),
    Refuse: (_UNDERWAY | {Work.INTENT}, Work.REFUSED),
    RequestCancel: (frozenset({Work.SUBMITTED}), Work.CANCELLING),
    Cancel: (frozenset({Work.CANCELLING}), Work.CANCELLED),
    Expire: (_UNDERWAY, Work.EXPIRED),
    Doubt: (frozenset({Work.INTENT, Work.SUBMITTED}), Work.UNCONFIRMED),
    Abandon: (_UNDERWAY | {Work.UNCONFIRMED}, Work.ABANDONED),
}
"""Of each step: from where it is allowed, and where it leads."""

COSTLESS: frozenset[Work] = frozenset({Work.REJECTED, Work.FAILED, Work.REFUSED, Work.CANCELLED})
"""Ends that evidence can show to be free; a call that goes on, or gave a result, never is."""


def advance(state: CallState, transition: Transition) -> CallState:
    """The state after one step.

    Raises:
        TransitionError: the step is not allowed.
    """
    match transition:
        case Settle():
            return _settled(state, transition)
        case Free():
            return _freed(state, transition)
        case _:
            return _moved(state, transition)


def _moved(state: CallState, transition: WorkTransition) -> CallState:
    sources, target = STEPS[type(transition)]
    result_gone_unpaid = isinstance(transition, Expire) and state.money is not Money.BILLED
    if state.work not in sources or result_gone_unpaid:
        raise TransitionError(state, transition)
    money = Money.HELD if isinstance(transition, Intend) else state.money
    return replace(state, work=target, money=money)


def _settled(state: CallState, receipt: Settle) -> CallState:
    reported_at_last = state.money is Money.BILLED and state.computed and not receipt.computed
    if receipt.billed < 0 or not (state.money is Money.HELD or reported_at_last):
        raise TransitionError(state, receipt)
    return replace(state, money=Money.BILLED, computed=receipt.computed)


def _freed(state: CallState, shown: Free) -> CallState:
    if not shown.evidence or state.money is not Money.HELD or state.work not in COSTLESS:
        raise TransitionError(state, shown)
    return replace(state, money=Money.FREE)
