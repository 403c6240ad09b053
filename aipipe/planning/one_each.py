"""Merges that take exactly one part of each medium: what can be told before they run."""

from aipipe.contracts.merge import MergeStrategy
from aipipe.language.spec import MergeStep
from aipipe.planning.bindings import ValueType
from aipipe.planning.context import Context
from aipipe.planning.value_types import medium_of


def check(step: MergeStep, strategy: MergeStrategy, given: ValueType, context: Context) -> None:
    """Note parts that are all of one medium."""
    medium = medium_of(given)
    if medium is not None:
        takes = " and ".join(f"one {each}" for each in strategy.accepts)
        came = context.plurals.get(medium, medium)
        context.fault(
            "merge_does_not_fit",
            f"{strategy.name} takes exactly {takes}, but only {came} arrive",
            (*step.at, "merge_strategy"),
            "name both:  needs: [clip, music]",
        )
