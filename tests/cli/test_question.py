"""The question before money is spent."""

from decimal import Decimal

import pytest

from aipipe.cli import question
from aipipe.errors import DeclinedError, UsageError
from aipipe.planning.estimate import Estimate
from aipipe.planning.forecast import Forecast


def costing(at_most: str | None) -> Estimate:
    amount = None if at_most is None else Decimal(at_most)
    return Estimate(
        lines=(),
        calls=1,
        reused=0,
        attached=0,
        low=amount,
        likely=amount,
        at_most=amount,
        known_likely=amount or Decimal(0),
        assumptions=(),
        undated=0,
        unknown=(),
        forecast=Forecast(),
        whole=amount,
    )


@pytest.mark.parametrize(
    ("at_most", "max_cost", "yes", "needed"),
    [
        ("1.00", None, False, False),
        ("1.01", None, False, True),
        (None, None, False, True),
        ("1.01", None, True, False),
        (None, None, True, False),
        ("5.00", "5.00", False, False),
        ("5.00", "4.99", False, True),
        (None, "5.00", False, False),
    ],
)
def test_it_is_asked_above_a_dollar_or_for_the_unknown_unless_somebody_agreed(
    at_most: str | None, max_cost: str | None, *, yes: bool, needed: bool
) -> None:
    cap = None if max_cost is None else Decimal(max_cost)

    assert (
        question.is_needed(costing(at_most), limit=Decimal("1.00"), max_cost=cap, yes=yes) is needed
    )


@pytest.mark.parametrize("answer", ["y\n", "Y\n", "yes\n", " YES \n"])
def test_yes_goes_on(answer: str) -> None:
    question.confirm(lambda _: answer)


@pytest.mark.parametrize("answer", ["\n", "n\n", "no\n", "yep\n", "1\n"])
def test_anything_else_is_a_no(answer: str) -> None:
    with pytest.raises(DeclinedError):
        question.confirm(lambda _: answer)


def test_the_end_of_input_is_a_no() -> None:
    def nobody(_: str) -> str:
        raise EOFError

    with pytest.raises(DeclinedError):
        question.confirm(nobody)


def test_the_limit_is_a_dollar_unless_the_variable_says_otherwise() -> None:
    assert question.ask_above({}) == Decimal("1.00")
    assert question.ask_above({"AIPIPE_ASK_ABOVE": "$20"}) == Decimal(20)
    with pytest.raises(UsageError, match="AIPIPE_ASK_ABOVE takes an amount"):
        question.ask_above({"AIPIPE_ASK_ABOVE": "much"})
