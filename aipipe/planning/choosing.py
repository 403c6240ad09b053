"""What decides in a merge that takes the best one: a fact that its candidates have, or a judge."""

from aipipe.contracts.media import TEXT
from aipipe.contracts.merge import MergeStrategy
from aipipe.language.spec import MergeStep, ModelStep
from aipipe.planning import wording
from aipipe.planning.bindings import Binding
from aipipe.planning.context import Context
from aipipe.planning.judging import JUDGE
from aipipe.planning.mentions import references
from aipipe.planning.merging import Taken
from aipipe.planning.place import Place
from aipipe.planning.slot_values import any_value
from aipipe.planning.value_types import medium_of

SCORES = "scores"
_BY = "by"


def check(step: MergeStep, strategy: MergeStrategy, taken: Taken, context: Context) -> None:
    """Note what does not fit."""
    if not strategy.facts:
        if step.judge is not None:
            context.fault(
                "judge_without_choice",
                f"{strategy.name} chooses nothing, so it has no use for a judge",
                (*step.at, JUDGE),
                "merge_strategy: best_of",
            )
        return
    by = step.params.get(_BY)
    if (by is None) == (step.judge is None):
        _tell_ways(step, strategy, taken, context)
    elif isinstance(by, str):
        _check_fact(by, step, strategy, taken, context)
    if isinstance(step.judge, ModelStep):
        _check_judge(step.judge, taken, context)


def scores(step: MergeStep, place: Place, context: Context) -> dict[str, Binding]:
    """What the judge says, as an input; empty where there is none."""
    if step.scores is None:
        return {}
    bound = any_value(step.scores, place.scope, (*step.at, JUDGE), context)
    if bound is None:
        return {}
    if medium_of(bound.type) not in {TEXT, None}:
        given = wording.of_type(bound.type, context)
        context.fault(
            "judge_without_words",
            f"a judge answers with a text that has a number in it, but this gives {given}",
            (*step.at, JUDGE, "type"),
            "type: image_understanding  for pictures,  type: text_to_text  for texts",
        )
    place.reads.all_of(bound.binding)
    return {SCORES: bound.binding}


def _tell_ways(step: MergeStep, strategy: MergeStrategy, taken: Taken, context: Context) -> None:
    if step.judge is not None:
        context.fault(
            "two_ways_to_choose",
            "either 'by' decides or the judge, not both",
            (*step.at, "params", _BY),
            f"leave out  {_BY}  or  {JUDGE}",
        )
        return
    context.fault(
        "no_way_to_choose",
        f"nothing says which one is the best for {strategy.name}",
        (*step.at, "merge_strategy"),
        f"params: {{by: …}}  with one of {', '.join(_fitting(strategy, taken))}",
        "judge: {type: …, model: …}  asks a model about each",
    )


def _check_fact(
    by: str, step: MergeStep, strategy: MergeStrategy, taken: Taken, context: Context
) -> None:
    """A fact that the candidates don't have decides nothing."""
    media = strategy.facts.get(by, ())
    strange = sorted(taken.media - set(media)) if media else []
    if not strange:
        return
    whose = " and ".join(context.plurals.get(m, m) for m in strange)
    context.fault(
        "fact_of_other_media",
        f"{whose} have no {by}",
        (*step.at, "params", _BY),
        f"they have: {', '.join(_fitting(strategy, taken))}",
    )


def _fitting(strategy: MergeStrategy, taken: Taken) -> list[str]:
    """The facts that all that is known to arrive has."""
    return [name for name, has in strategy.facts.items() if not has or taken.media <= set(has)]


def _check_judge(judge: ModelStep, taken: Taken, context: Context) -> None:
    """A judge of texts whose own prompt takes the candidate's place would see none of them."""
    kind = context.registry.steps.get(judge.type)
    if kind is None or taken.media != {TEXT} or judge.input is not None:
        return
    slots = [slot for slot in kind.slots if slot.medium == TEXT]
    said = [w for slot in slots[:1] for w in (slot.name, *slot.words) if w in judge.params]
    if said and not any(ref.path[0] == "item" for ref in references(judge.params)):
        context.fault(
            "judge_sees_nothing",
            f"'{said[0]}' takes the place of what is to be judged",
            (*judge.at, "params", said[0]),
            f"{said[0]}: 'Rate this from 0 to 100: ${{{{ item.value }}}}'",
        )
