"""The price of a task: of one call, and of all its calls together."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import product
from typing import TypeAlias

from aipipe.catalog.price import FREE, Facts, PriceEstimate
from aipipe.contracts.artefact import ArtefactRef, InputFile, Json
from aipipe.contracts.call import Call
from aipipe.contracts.media import TEXT
from aipipe.contracts.step import StepType
from aipipe.planning.bindings import Binding, Const, FromItem, Item, Joined
from aipipe.planning.expressions import text_of
from aipipe.planning.models import Choice, price
from aipipe.planning.plan import Task
from aipipe.planning.scopes import Scope

Placed: TypeAlias = tuple[int, Item]
"""An item and its place from 0."""
_SEVERAL = 2
_COMBINED = 200_000
"""Combinations of items above which a text's length counts as unknown."""


def prices(
    choice: Choice,
    params: Mapping[str, Binding],
    text: Binding | None,
    scope: Scope,
    times: int | None,
) -> tuple[PriceEstimate, PriceEstimate, Mapping[int, PriceEstimate]]:
    """The price of the dearest call, of all `times` calls, and of one by the length of its text.

    `text` is the binding of the text slot; where it depends on items that are known, every one
    is priced by its own length.
    """
    if choice.plugin_is_step:
        return FREE, FREE, {}
    known: dict[str, Json] = {
        word: b.value  # type: ignore[misc] # constants of params are plain data
        for word, b in params.items()
        if isinstance(b, Const)
    }
    unknown = frozenset(params) - frozenset(known)
    lengths = Counter(_lengths(text, scope)) if text is not None else Counter([None])
    each = {n: price(choice, known, unknown, Facts(characters=n)) for n in lengths}
    dearest = max(each.values(), key=_likely)
    if times is None:
        return dearest, _unknown_number(dearest), {}
    share = times // max(1, lengths.total())
    whole = _sum([(each[n], count * share) for n, count in lengths.items()], times)
    return dearest, whole, {n: one for n, one in each.items() if n is not None}


def text_slot(step_type: StepType, inputs: Mapping[str, Binding]) -> str | None:
    """The first text slot that is filled."""
    names = [slot.name for slot in step_type.slots if slot.medium == TEXT]
    return next((name for name in names if name in inputs), None)


def price_of(task: Task, call: Call) -> PriceEstimate:
    """The price of one call of a task, by the length of its own text where that was planned."""
    if task.text_slot is None or len(task.by_length) < _SEVERAL:
        return task.estimate
    value = call.inputs.get(task.text_slot)
    text = value.text if isinstance(value, ArtefactRef) else value
    length = len(text_of(text)) if isinstance(text, str | int | float) else None
    return task.estimate if length is None else task.by_length.get(length, task.estimate)


def characters(binding: Binding, items: Mapping[int, Placed]) -> int | None:
    """The length of a text; None: not known yet. `items` by how many batches outwards."""
    match binding:
        case Const(value):
            plain = value is not None and not isinstance(value, InputFile)
            return len(text_of(value)) if plain else None
        case FromItem():
            return _of_item(binding, *items[binding.up]) if binding.up in items else None
        case Joined(parts):
            lengths = [characters(part, items) for part in parts]
            known = [length for length in lengths if length is not None]
            return sum(known) if len(known) == len(lengths) else None
        case _:
            return None


def _of_item(binding: FromItem, index: int, item: Item) -> int | None:
    match binding.field:
        case "value":
            return len(text_of(item.value)) if isinstance(item.value, str | int | float) else None
        case "column":
            return len(text_of(item.columns.get(binding.column)))
        case "key":
            return len(item.key)
        case "index":
            return len(str(index + 1))


def _lengths(text: Binding, scope: Scope) -> list[int | None]:
    """The length of the text for each item, or each combination of items, that it depends on."""
    ups = sorted({part.up for part in _items_in(text)})
    known = {up: _items_of(scope, up) for up in ups}
    if math.prod(len(items) for items in known.values()) > _COMBINED or not all(known.values()):
        return [None]
    together = product(*(enumerate(known[up]) for up in ups))
    return [characters(text, dict(zip(ups, items, strict=True))) for items in together]


def _items_in(binding: Binding) -> Iterator[FromItem]:
    match binding:
        case FromItem():
            yield binding
        case Joined(parts):
            for part in parts:
                yield from _items_in(part)
        case _:
            return


def _items_of(scope: Scope | None, up: int) -> Sequence[Item]:
    """The items of the batch that is `up` batches outwards; none where they are not known yet."""
    while scope is not None:
        if scope.kind == "batch":
            if up == 0:
                return scope.items or ()
            up -= 1
        scope = scope.parent
    return ()


def _likely(one: PriceEstimate) -> Decimal:
    return one.likely if one.likely is not None else Decimal("Infinity")


def _unknown_number(one: PriceEstimate) -> PriceEstimate:
    return PriceEstimate(
        low=None,
        likely=None,
        at_most=None,
        counted="an unknown number of items",
        unit_price=one.unit_price,
        priced=one.priced,
        assumptions=one.assumptions,
    )


def _sum(parts: list[tuple[PriceEstimate, int]], times: int) -> PriceEstimate:
    first = parts[0][0]
    if times == 1:
        return first
    counted = f"{times} × {first.counted}" if len(parts) == 1 else f"{times} calls"  # noqa: RUF001
    return PriceEstimate(
        low=_total([(p.low, n) for p, n in parts]),
        likely=_total([(p.likely, n) for p, n in parts]),
        at_most=_total([(p.at_most, n) for p, n in parts]),
        counted=counted,
        unit_price=first.unit_price,
        priced=first.priced,
        assumptions=tuple(dict.fromkeys(a for p, _ in parts for a in p.assumptions)),
    )


def _total(parts: list[tuple[Decimal | None, int]]) -> Decimal | None:
    known = [amount * count for amount, count in parts if amount is not None]
    return sum(known, Decimal(0)) if len(known) == len(parts) else None
