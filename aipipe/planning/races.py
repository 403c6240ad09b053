"""The value of a group: a list of what its branches give, or what the first to succeed gives."""

from collections.abc import Sequence

from aipipe.contracts.media import Medium
from aipipe.language.spec import GroupStep
from aipipe.planning.bindings import Many, ValueType
from aipipe.planning.context import Context
from aipipe.planning.scopes import Output, media_of
from aipipe.planning.value_types import common_type


def group_output(step: GroupStep, branches: Sequence[Output], context: Context) -> Output:
    """What a group gives: a list with a place for each branch, or one branch's value."""
    if step.race is None:
        return list_output(branches)
    _check(step, context)
    return Output(_common(branches), media=_media(branches))


def list_output(branches: Sequence[Output]) -> Output:
    """The list of what the branches give."""
    return Output(Many(_common(branches), len(branches)), media=_media(branches))


def _common(branches: Sequence[Output]) -> ValueType:
    return common_type([each.type for each in branches])


def _media(branches: Sequence[Output]) -> frozenset[Medium]:
    return frozenset().union(*(media_of(each) for each in branches))


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
