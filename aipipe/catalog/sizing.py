"""The size that a picture is asked for: by `size`, or by an `aspect_ratio` that stands for one."""

from typing import Final

from aipipe.catalog import pixels
from aipipe.catalog.given import Given, spell
from aipipe.catalog.model import Model, ModelParam
from aipipe.contracts.artefact import Json

SIZE: Final = "size"
RATIO: Final = "aspect_ratio"


def sizes(given: Given) -> tuple[pixels.Size, ...]:
    """Every size that it may come to; empty where that is left to the model, or not known."""
    ratio = _ratio_instead(given)
    if ratio is None:
        wires = [given.value(SIZE)]
    elif RATIO in given.unknown:
        wires = list(ratio.values.values())
    else:
        wires = [ratio.values.get(spell(given.value(RATIO), ratio))]
    found = [pixels.size(_ours(each, given.model)) for each in wires]
    known = [each for each in found if each is not None]
    return tuple(dict.fromkeys(known)) if len(known) == len(found) else ()


def written(given: Given) -> Json:
    """What decides it: a size or a ratio, as written or by default; None where it is not known."""
    return given.value(SIZE if _ratio_instead(given) is None else RATIO)


def _ratio_instead(given: Given) -> ModelParam | None:
    """The ratio, where it is on the wire what the size would be, and no size is given."""
    size, ratio = given.model.params.get(SIZE), given.model.params.get(RATIO)
    if size is None or ratio is None or size.wire != ratio.wire:
        return None
    if given.says(SIZE) or not given.says(RATIO):
        return None
    return ratio


def _ours(wire: Json, model: Model) -> Json:
    """The endpoint's way to write a size as the word `size` has it."""
    values = model.params[SIZE].values if SIZE in model.params else {}
    return next((ours for ours, theirs in values.items() if theirs == wire), wire)
