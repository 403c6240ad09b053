"""How many tasks follow each other in a step, for starting the longest path first."""

from aipipe.language.spec import BatchStep, ChainStep, GroupStep, StepSpec


def height(step: StepSpec) -> int:
    """The longest chain of tasks inside a step; a batch's items count once."""
    match step:
        case ChainStep() | BatchStep():
            return sum(height(each) for each in step.steps)
        case GroupStep():
            merge = step.merge_strategy is not None
            return max((height(each) for each in step.branches), default=0) + merge
        case _:  # a used pipeline too: it is not read yet
            return 1
