"""A choice by a judge, written out: the candidates, a batch of judges over them, the choice."""

from dataclasses import replace
from typing import Final

from aipipe.language.references import Reference
from aipipe.language.spec import BatchStep, BrokenStep, ChainStep, MergeStep, StepSpec

CANDIDATES: Final = "candidates"
JUDGE: Final = "judge"
CHOICE: Final = "choice"


def judged(step: StepSpec) -> StepSpec:
    """A step; a merge with a judge as the chain of steps that it stands for."""
    if not isinstance(step, MergeStep) or step.judge is None or step.scores:
        return step
    if isinstance(step.judge, BrokenStep):
        return BrokenStep(at=step.at, type=step.type, id=step.id, name=step.name)
    return ChainStep(
        at=step.at,
        type=step.type,
        id=step.id,
        name=step.name,
        needs=step.needs,
        input=step.input,
        on_error=step.on_error,
        steps=(_candidates(step), _batch(step, step.judge), _choice(step)),
    )


def _candidates(step: MergeStep) -> StepSpec:
    """All that arrives as one flat list, so that each has a place of its own."""
    return MergeStep(at=step.at, type=step.type, id=CANDIDATES, strategy="collect")


def _batch(step: MergeStep, judge: StepSpec) -> StepSpec:
    return BatchStep(
        at=(*step.at, JUDGE),
        type="batch_parallel",
        id=JUDGE,
        steps=(replace(judge, id=None, name=None),),
        is_template=True,
        on_error=judge.on_error,
    )


def _choice(step: MergeStep) -> StepSpec:
    return replace(
        step,
        id=CHOICE,
        name=None,
        needs=None,
        on_error=None,
        input=Reference(("steps", CANDIDATES, "output")),
        scores=Reference(("steps", JUDGE, "output")),
    )
