"""Where the items of a batch come from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aipipe.contracts.artefact import Json
from aipipe.language.references import Interpolated, Reference
from aipipe.language.spec import BatchStep
from aipipe.planning import wording
from aipipe.planning.context import Context
from aipipe.planning.expressions import Bound, bind
from aipipe.planning.items import Items, given_items, items_of, items_of_values
from aipipe.planning.leaves import Place
from aipipe.planning.plan import Binding, Const, Item, Many, ValueType
from aipipe.planning.scopes import GivenSource, Stream, binding_at


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
    written = step.inputs if step.inputs is not None else step.input
    key = "inputs" if step.inputs is not None else "input"
    at = (*step.at, key)
    if isinstance(written, Reference):
        bound = bind(written, place.scope, at, context)
        return None if bound is None else _bound_list(bound, step, place, context)
    if written is not None and not isinstance(written, Interpolated):
        return _known(items_of(_plain(written), context.spec.folder, at, context))
    return _arriving(step, stream, place, context)


def _plain(written: object) -> Json:
    if isinstance(written, tuple | list):
        return [_plain(each) for each in written]
    if isinstance(written, Mapping):
        return {str(k): _plain(v) for k, v in written.items()}
    return written  # type: ignore[return-value] # scalars


def _known(found: Items | None) -> Source | None:
    if found is None:
        return None
    return Source(type=found.type, count=len(found.items), items=found.items)


def _bound_list(bound: Bound, step: BatchStep, place: Place, context: Context) -> Source | None:
    if isinstance(bound.binding, Const) and isinstance(bound.binding.value, list | tuple):
        values = [_plain(value) for value in bound.binding.value]
        return _known(items_of(values, context.spec.folder, (*step.at, "inputs"), context))
    if not isinstance(bound.type, Many):
        _not_a_list(wording.of_type(bound.type, context), step, context)
        return None
    place.reads.all_of(bound.binding)
    return Source(type=bound.type.of, count=bound.type.count, binding=bound.binding)


def _arriving(step: BatchStep, stream: Stream, place: Place, context: Context) -> Source | None:
    arriving = stream.arriving
    if isinstance(arriving, GivenSource):
        return _known(given_items(context))
    if arriving is not None and isinstance(arriving.type, Many):
        return _of_list(arriving.known, arriving.type, binding_at(arriving, place.scope), place)
    if context.spec.inputs is not None:
        return _known(given_items(context))
    given_one = (
        f"{arriving.words} gives {wording.of_type(arriving.type, context)}"
        if arriving is not None
        else "it has no inputs and nothing arrives"
    )
    _not_a_list(given_one, step, context)
    return None


def _of_list(known: object, type_: Many, binding: Binding, place: Place) -> Source:
    if isinstance(known, tuple):
        found = items_of_values(known, type_.of)
        return Source(type=type_.of, count=len(known), items=found.items, binding=None)
    place.reads.all_of(binding)
    return Source(type=type_.of, count=type_.count, binding=binding)


def _not_a_list(what: str, step: BatchStep, context: Context) -> None:
    context.fault(
        "nothing_to_batch",
        f"batch_parallel needs a list of items, but {what}",
        step.at,
        "inputs: [first, second, …]  or  inputs: rows.csv",
        "--input PATH, once for each",
        "a  split_input  before it makes a list of one text or picture",
    )
