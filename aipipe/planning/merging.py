"""What a merge or a split takes, and what comes out."""

from dataclasses import dataclass

from aipipe.contracts.artefact import Value
from aipipe.contracts.media import TEXT
from aipipe.contracts.merge import MergeStrategy
from aipipe.contracts.split import SplitMode
from aipipe.language.diagnostics import Path
from aipipe.language.spec import MergeStep, SplitStep
from aipipe.planning import wording
from aipipe.planning.context import Context
from aipipe.planning.expressions import bind
from aipipe.planning.literals import literal
from aipipe.planning.plan import Binding, Const, Many, One, ValueType
from aipipe.planning.scopes import Scope, Stream, binding_at, medium_of


@dataclass(frozen=True, slots=True)
class Taken:
    """What a merge or a split reads: where from, in words, and the value if it is known."""

    binding: Binding
    type: ValueType
    words: str
    known: Value = None


def take(
    step: MergeStep | SplitStep, stream: Stream, scope: Scope, context: Context
) -> Taken | None:
    """The one input of a merge or split: `input:`, else what arrives."""
    if step.input is not None:
        return _written(step, scope, context)
    arriving = stream.arriving
    if arriving is None:
        context.fault("nothing_arrives", f"nothing arrives at {step.type}", step.at, "input: …")
        return None
    return Taken(
        binding_at(arriving, scope), arriving.type, f"arriving: {arriving.words}", arriving.known
    )


def _written(step: MergeStep | SplitStep, scope: Scope, context: Context) -> Taken | None:
    at = (*step.at, "input")
    if isinstance(step.input, str):
        found = literal(step.input, context.spec.folder, at, context)
        return (
            None if found is None else Taken(Const(found.value), found.type, "input", found.value)
        )
    bound = bind(step.input, scope, at, context)
    if bound is None:
        return None
    known = bound.binding.value if isinstance(bound.binding, Const) else None
    return Taken(bound.binding, bound.type, "input", known)


def merged_type(
    step: MergeStep, strategy: MergeStrategy, taken: Taken, context: Context
) -> ValueType:
    """What a merge of these gives; what does not fit is noted."""
    medium = medium_of(taken.type)
    if strategy.accepts and medium is not None and medium not in strategy.accepts:
        takes = " or ".join(context.plurals.get(m, m) for m in strategy.accepts)
        context.fault(
            "merge_does_not_fit",
            f"{strategy.name} merges {takes}, but {_whose(taken)} gives"
            f" {wording.of_type(taken.type, context)}",
            _strategy_place(step),
            _fitting(medium, context),
        )
    if strategy.produces is not None:
        return One(strategy.produces)
    if strategy.run is None and strategy.name == "first_success":
        return taken.type.of if isinstance(taken.type, Many) else taken.type
    return taken.type if isinstance(taken.type, Many) else Many(taken.type, 1)


def _strategy_place(step: MergeStep) -> Path:
    return (*step.at, "merge_strategy")


def _whose(taken: Taken) -> str:
    return taken.words.removeprefix("arriving: ")


def _fitting(medium: str, context: Context) -> str:
    names = [m.name for m in context.registry.merges.values() if medium in m.accepts]
    plural = context.plurals.get(medium, medium)
    return f"{plural} are merged by: {', '.join(names)}" if names else "collect takes anything"


def split_parts(
    step: SplitStep, mode: SplitMode, taken: Taken, context: Context
) -> tuple[Value, ...] | None:
    """The parts of a text that is known already; None: they are known only when it runs."""
    if mode.text is None or not isinstance(taken.known, str):
        return None
    params = {k: v for k, v in step.params.items() if not isinstance(v, tuple)}
    try:
        return tuple(mode.text(taken.known, params))  # type: ignore[arg-type] # plain by the schema
    except ValueError as error:
        context.fault("split", f"can't split by {mode.name}: {error}", step.at)
        return ()


def split_type(
    step: SplitStep,
    mode: SplitMode,
    taken: Taken,
    parts: tuple[Value, ...] | None,
    context: Context,
) -> ValueType:
    """What a split gives; what does not fit is noted."""
    if taken.type != One(mode.accepts) and medium_of(taken.type) is not None:
        context.fault(
            "split_does_not_fit",
            f"{mode.name} splits {wording.of_medium(mode.accepts)},"
            f" but {_whose(taken)} gives {wording.of_type(taken.type, context)}",
            (*step.at, "split_strategy"),
        )
    element = One(None if mode.produces != TEXT and mode.text is not None else mode.produces)
    return Many(element, None if parts is None else len(parts))
