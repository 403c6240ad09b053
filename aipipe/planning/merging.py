"""What a merge or a split takes, and what comes out."""

from dataclasses import dataclass

from aipipe.contracts.artefact import Value
from aipipe.contracts.media import Medium
from aipipe.contracts.merge import MergeStrategy
from aipipe.contracts.split import SplitMode
from aipipe.language.spec import MergeStep, SplitStep
from aipipe.planning import one_each, wording
from aipipe.planning.bindings import Binding, Const, Many, One, ValueType
from aipipe.planning.bound import media_in as bound_media
from aipipe.planning.context import Context
from aipipe.planning.flow import binding_at, media_in
from aipipe.planning.literals import plain
from aipipe.planning.mentions import references
from aipipe.planning.scopes import Scope, Stream
from aipipe.planning.slot_values import any_value
from aipipe.planning.value_types import leaves_of, medium_of


@dataclass(frozen=True, slots=True)
class Taken:
    """What a merge or a split reads: where from, in words, and the value if it is known."""

    binding: Binding
    type: ValueType
    words: str
    media: frozenset[Medium]
    """All that is known to lie in it, however deep."""
    known: Value = None


def take(
    step: MergeStep | SplitStep, stream: Stream, scope: Scope, context: Context
) -> Taken | None:
    """The one input of a merge or split: `input:`, else what arrives. None: it is at fault."""
    if step.input is not None:
        return _written(step, scope, context)
    arriving = stream.arriving
    if arriving is not None:
        return Taken(
            binding=binding_at(arriving, scope),
            type=arriving.type,
            words=f"arriving: {arriving.words}",
            media=media_in(arriving),
            known=arriving.known,
        )
    is_prompt_meant = isinstance(step, SplitStep) and context.spec.prompt is not None
    hint = 'input: "${{ prompt }}"  takes the run\'s prompt' if is_prompt_meant else "input: …"
    context.fault("nothing_arrives", f"nothing arrives at {step.type}", step.at, hint)
    return None


def _written(step: MergeStep | SplitStep, scope: Scope, context: Context) -> Taken | None:
    bound = any_value(step.input, scope, (*step.at, "input"), context)
    if bound is None:
        return None
    known = bound.binding.value if isinstance(bound.binding, Const) else None
    return Taken(
        binding=bound.binding,
        type=bound.type,
        words=wording.of_origin(step.input, "input"),
        media=bound_media(bound),
        known=known,
    )


def merged_type(
    step: MergeStep, strategy: MergeStrategy, taken: Taken, context: Context
) -> ValueType:
    """What a merge of these gives; what does not fit is noted."""
    strange = sorted(taken.media - set(strategy.accepts)) if strategy.accepts else []
    if strange:
        takes = " or ".join(context.plurals.get(m, m) for m in strategy.accepts)
        context.fault(
            "merge_does_not_fit",
            f"{strategy.name} merges {takes}, but {_given(taken, context)}",
            (*step.at, "merge_strategy"),
            _fitting(taken.media, context),
        )
    elif strategy.one_each:
        one_each.check(step, strategy, taken.type, context)
    if strategy.produces is not None:
        return One(strategy.produces)
    flat = _flattened(taken)
    return flat.of if strategy.picks else flat


def _flattened(taken: Taken) -> Many:
    """The list of all that lies in what is merged, however deep."""
    medium = medium_of(taken.type)
    if medium is None and len(taken.media) == 1:
        (medium,) = taken.media
    return Many(One(medium), leaves_of(taken.type))


def _given(taken: Taken, context: Context) -> str:
    whose = taken.words.removeprefix("arriving: ")
    if len(taken.media) == 1:
        return wording.of_given(whose, taken.type, context)
    return f"{whose} gives {_plurals(taken.media, context)}"


def _plurals(media: frozenset[Medium], context: Context) -> str:
    return " and ".join(context.plurals.get(m, m) for m in sorted(media))


def _fitting(media: frozenset[Medium], context: Context) -> str:
    merges = context.registry.merges.values()
    fit = [
        m.name
        for m in merges
        if media == set(m.accepts) or (media < set(m.accepts) and not m.one_each)
    ]
    return (
        f"{_plurals(media, context)} are merged by: {', '.join(fit)}"
        if fit
        else "collect takes anything"
    )


def split_parts(
    step: SplitStep, mode: SplitMode, taken: Taken, context: Context
) -> tuple[Value, ...] | None:
    """The parts of a text that is known already; None: they are known only when it runs."""
    if mode.text is None or not isinstance(taken.known, str):
        return None
    if any(True for _ in references(step.params)):
        return None
    try:
        params = {word: plain(value) for word, value in step.params.items()}
        return tuple(mode.text(taken.known, params))
    except ValueError as error:
        context.fault("split.failed", f"can't split by {mode.name}: {error}", step.at)
        return None


def split_type(
    step: SplitStep,
    mode: SplitMode,
    taken: Taken,
    parts: tuple[Value, ...] | None,
    context: Context,
) -> ValueType:
    """What a split gives; what does not fit is noted."""
    if taken.media and taken.type not in [One(medium) for medium in mode.media]:
        splits = " or ".join(wording.of_medium(medium) for medium in mode.media)
        context.fault(
            "split_does_not_fit",
            f"{mode.name} splits {splits}, but {_given(taken, context)}",
            (*step.at, "split_strategy"),
        )
    return Many(One(mode.produces or medium_of(taken.type)), None if parts is None else len(parts))
