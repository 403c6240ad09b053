"""Files that parameters name, such as `end_image`: they travel as inputs do."""

from collections.abc import Iterable, Sequence

from aipipe.catalog.model import Model
from aipipe.contracts.media import Medium
from aipipe.contracts.step import Slot
from aipipe.language.diagnostics import Path
from aipipe.language.references import Expression
from aipipe.language.spec import ModelStep
from aipipe.planning import wording
from aipipe.planning.bindings import Binding, ListOf
from aipipe.planning.context import Context
from aipipe.planning.place import Place
from aipipe.planning.slot_values import fits, slot_value


def words_of(models: Iterable[Model | None]) -> frozenset[str]:
    """The parameters whose values are files for any of these models."""
    return frozenset(_media(models))


def files(
    step: ModelStep, models: Iterable[Model | None], place: Place, context: Context
) -> dict[str, Binding]:
    """The files that a step's parameters name, by word; what they read is noted."""
    found: dict[str, Binding] = {}
    for word, medium in _media(models).items():
        if word not in step.params:
            continue
        slot, at = Slot(name=word, medium=medium, summary=""), (*step.at, "params", word)
        binding = _value(step.params[word], slot, at, place, context)
        if binding is not None:
            place.reads.all_of(binding)
            found[word] = binding
    return found


def _media(models: Iterable[Model | None]) -> dict[str, Medium]:
    """The words that take files, with what each takes."""
    known = [param for each in models if each for param in each.params.values()]
    return {param.word: param.file for param in known if param.file is not None}


def _value(
    written: Expression, slot: Slot, at: Path, place: Place, context: Context
) -> Binding | None:
    if isinstance(written, Sequence) and not isinstance(written, str):
        each = [_value(one, slot, (*at, n), place, context) for n, one in enumerate(written)]
        return ListOf(tuple(one for one in each if one is not None))
    bound = slot_value(written, slot, place.scope, at, context)
    if bound is None:
        return None
    if not fits(bound, slot):
        what = wording.of_type(bound.type, context)
        message = f"'{slot.name}' takes {_a(slot.medium)} file, but this is {what}"
        context.fault("param_type", message, at)
        return None
    return bound.binding


def _a(medium: Medium) -> str:
    return f"an {medium}" if medium[0] in "aeiou" else f"a {medium}"
