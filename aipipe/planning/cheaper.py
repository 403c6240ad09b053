"""Other models that could make what a step asks for, by what they cost: cheapest first."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from aipipe.catalog.catalogue import Catalog
from aipipe.catalog.model import Model
from aipipe.catalog.price import Facts, estimate
from aipipe.contracts.artefact import Json
from aipipe.planning.bindings import Const
from aipipe.planning.plan import Task
from aipipe.planning.pricing import characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A cheaper model and the price of one call, in USD."""

    model: str
    likely: Decimal
    at_most: Decimal


def offers(
    task: Task, catalog: Catalog, is_there: Callable[[str], bool] = lambda _provider: True
) -> tuple[Offer, ...]:
    """The models of the same step type that are likely to cost less for one call.

    `is_there` says whether a provider can be called. None for a step that names its own price:
    that would count for another model too.
    """
    usual = task.estimate.likely
    if usual is None or not task.is_remote or task.estimate.priced == "this file":
        return ()
    others = (m for m in catalog.of_type(task.type) if m.name != task.model)
    priced = (_offer(task, model) for model in others if is_there(model.provider))
    found = (each for each in priced if each is not None and each.likely < usual)
    return tuple(sorted(found, key=lambda each: (each.likely, each.model)))


def _offer(task: Task, model: Model) -> Offer | None:
    """None: nobody knows its price, or it wants what the step does not say."""
    lacks = any(each.required and word not in task.params for word, each in model.params.items())
    takes = set(task.inputs) <= set(model.slots)
    length = _characters(task)
    too_long = model.max_characters is not None and (length or 0) > model.max_characters
    if lacks or too_long or not takes:
        return None
    known: dict[str, Json] = {
        word: binding.value  # type: ignore[misc] # constants of params are plain data
        for word, binding in task.params.items()
        if isinstance(binding, Const)
    }
    unknown = frozenset(task.params) - frozenset(known)
    price = estimate(model, known, unknown, Facts(characters=length))
    if price.likely is None or price.at_most is None:
        return None
    return Offer(model=model.name, likely=price.likely, at_most=price.at_most)


def _characters(task: Task) -> int | None:
    """The length of the step's text; None: it has none, or it differs among items."""
    text = task.inputs.get(task.text_slot) if task.text_slot else None
    return None if text is None else characters(text, {})
