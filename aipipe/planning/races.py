"""The value of a group: of all its branches, or of the first to succeed."""

from collections.abc import Sequence

from aipipe.language.spec import GroupStep
from aipipe.planning.context import Context
from aipipe.planning.plan import Many
from aipipe.planning.scopes import Output, media_of
from aipipe.planning.value_types import common_type


def group_output(step: GroupStep, branches: Sequence[Output], context: Context) -> Output:
    """What a group gives: a list with a place for each branch, or one branch's value."""
    one = common_type([each.type for each in branches])
    media = frozenset().union(*(media_of(each) for each in branches))
    if step.race is None:
        return Output(Many(one, len(branches)), media=media)
    _check(step, context)
    return Output(one, media=media)


def _check(step: GroupStep, context: Context) -> None:
    """A race has one winner: how many succeed or fail is no question."""
    counting = {"min_success": step.min_success, "max_failures": step.max_failures}
    for key, asked in counting.items():
        if asked is not None:
            context.fault(
                "race_counts_none",
                f"'{key}' has no meaning in a race: the first branch to succeed is enough",
                (*step.at, key),
                f"leave out  {key}  or  race",
            )
