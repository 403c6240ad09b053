"""Where the items of a batch come from."""

from collections.abc import Sequence
from dataclasses import dataclass

from aipipe.language.diagnostics import Path
from aipipe.language.references import ROOTS, Expression, Reference
from aipipe.language.spec import BatchStep
from aipipe.planning import wording
from aipipe.planning.bindings import Binding, Const, Item, Items, Many, ValueType
from aipipe.planning.bound import Bound
from aipipe.planning.context import Context
from aipipe.planning.expressions import bind
from aipipe.planning.flow import binding_at
from aipipe.planning.items import items_of, items_of_values
from aipipe.planning.literals import plain
from aipipe.planning.mentions import references
from aipipe.planning.place import Place
from aipipe.planning.scopes import GivenSource, Stream
from aipipe.planning.scopes import Source as Arriving
from aipipe.planning.slot_values import folder_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The items themselves, or the binding of the list that gives them when it runs."""

    type: ValueType
    """Of one item."""
    count: int | None
    items: Sequence[Item] | None = None
    binding: Binding | None = None


def batch_source(step: BatchStep, stream: Stream, place: Place, context: Context) -> Source | None:
    """The step's `inputs`, else the arriving list, else the run's; None: a fault, and noted."""
    if step.as_name in ROOTS:
        context.fault(
            "as_taken", f"'{step.as_name}' already means something else", (*step.at, "as")
        )
    key = "inputs" if step.inputs is not None else "input"
    written = step.inputs if step.inputs is not None else step.input
    at = (*step.at, key)
    if written is None:
        return _arriving(step, stream, place, context)
    if not any(True for _ in references(written)):
        return _known(items_of(plain(written), context.spec.folder, at, context))
    bound = bind(written, place.scope, at, context)
    return None if bound is None else _bound_list(bound, written, at, place, context)


def _known(found: Items | None) -> Source | None:
    if found is None:
        return None
    return Source(type=found.type, count=len(found.items), items=found.items)


def _bound_list(
    bound: Bound, written: Expression, at: Path, place: Place, context: Context
) -> Source | None:
    if written == Reference(("inputs",)) and (context.given or not context.inside.inputs):
        return _known(context.given)
    if isinstance(bound.binding, Const) and bound.binding.value is not None:
        folder = folder_of(written, context)
        return _known(items_of(plain(bound.binding.value), folder, at, context))
    if not isinstance(bound.type, Many):
        _not_a_list(f"this is {wording.of_type(bound.type, context)}", at, context)
        return None
    place.reads.all_of(bound.binding)
    return Source(type=bound.type.of, count=bound.type.count, binding=bound.binding)


def _arriving(step: BatchStep, stream: Stream, place: Place, context: Context) -> Source | None:
    arriving = stream.arriving
    if isinstance(arriving, GivenSource):
        return _known(context.given)
    if arriving is not None and isinstance(arriving.type, Many):
        return _of_list(arriving, arriving.type, step, place, context)
    if context.spec.inputs is not None:
        return _known(context.given)
    if stream.doubtful:
        return None
    given_one = (
        wording.of_given(arriving.words, arriving.type, context)
        if arriving is not None
        else "it has no inputs and nothing arrives"
    )
    _not_a_list(given_one, step.at, context)
    return None


def _of_list(
    arriving: Arriving, type_: Many, step: BatchStep, place: Place, context: Context
) -> Source | None:
    if isinstance(arriving.known, tuple):
        return _known(items_of_values(arriving.known, type_.of, step.at, context))
    binding = binding_at(arriving, place.scope)
    place.reads.all_of(binding)
    return Source(type=type_.of, count=type_.count, binding=binding)


def _not_a_list(what: str, at: Path, context: Context) -> None:
    context.fault(
        "nothing_to_batch",
        f"batch_parallel needs a list of items, but {what}",
        at,
        "inputs: [first, second, …]  or  inputs: rows.csv",
        "--input PATH, once for each",
        "a  split_input  before it makes a list of one text or picture",
    )
