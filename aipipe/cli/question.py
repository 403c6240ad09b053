"""The question before money is spent or given up, asked only of a person at a terminal."""

import sys
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from aipipe.errors import DeclinedError, UsageError
from aipipe.planning.estimate import Estimate

_ASK_ABOVE = Decimal("1.00")
_VARIABLE = "AIPIPE_ASK_ABOVE"


def ask_above(environment: Mapping[str, str]) -> Decimal:
    """USD above which a run asks: AIPIPE_ASK_ABOVE, else $1.00.

    Raises:
        UsageError: the variable holds no amount.
    """
    text = environment.get(_VARIABLE, "").strip().removeprefix("$")
    if not text:
        return _ASK_ABOVE
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0:
        raise UsageError(f"{_VARIABLE} takes an amount in USD, such as 2.50, and not '{text}'")
    return amount


def is_needed(found: Estimate, *, limit: Decimal, max_cost: Decimal | None, yes: bool) -> bool:
    """Whether somebody has to agree first.

    `--yes` agrees; so does a `--max-cost` that covers it, which a cap does for what is unknown.
    """
    if yes or (max_cost is not None and (found.at_most is None or found.at_most <= max_cost)):
        return False
    return found.at_most is None or found.at_most > limit


def confirm(
    ask: Callable[[str], str],
    words: str = "Run it?",
    *,
    effect: str = "nothing ran, nothing spent",
) -> None:
    """Go on after a `y` or `yes`; anything else, also the end of input, is a no.

    `effect` says what a no means.

    Raises:
        DeclinedError: nobody said yes.
    """
    try:
        answer = ask(f"{words} [y/N] ")
    except EOFError:
        answer = ""
    if answer.strip().lower() not in {"y", "yes"}:
        raise DeclinedError("declined", effect=effect)


def at_terminal(words: str) -> str:
    """What a person types on standard input, asked on standard error.

    Raises:
        EOFError: nobody is there any more.
    """
    sys.stderr.write(words)
    sys.stderr.flush()
    try:
        answer = sys.stdin.readline()
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        raise
    if not answer:
        sys.stderr.write("\n")
        raise EOFError
    return answer
