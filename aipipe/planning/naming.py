"""The ids of the steps of a scope, and which of them can be referenced."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from aipipe.language.spec import StepSpec


def slug(name: str) -> str:
    """A name made fit for ids: `My Voice` is `my_voice`."""
    plain = unicodedata.normalize("NFKC", name).strip().lower()
    return re.sub(r"[^\w-]+", "_", plain).strip("_") or "step"


def ids_of(
    steps: Sequence[StepSpec], *, numbered: bool
) -> tuple[tuple[str, ...], dict[str, int], frozenset[str]]:
    """Each step's id, those that can be referenced, and those that can't.

    Steps without id or name are called by their type and number in a chain
    (`text_to_image_1`), by their place in a group (`3`).
    """
    slugs = Counter(slug(step.name) for step in steps if step.id is None and step.name)
    taken = {step.id for step in steps if step.id is not None}
    alone = {name for name, count in slugs.items() if count == 1} - taken
    taken |= alone
    by_type: Counter[str] = Counter()
    ids: list[str] = []
    names: dict[str, int] = {}
    automatic: set[str] = set()
    for index, step in enumerate(steps):
        by_type[step.type] += 1
        wanted = slug(step.name) if step.name else None
        own = step.id or (wanted if wanted in alone else None)
        if own is not None:
            ids.append(own)
            names.setdefault(own, index)
            continue
        made = str(index + 1) if numbered else f"{step.type}_{by_type[step.type]}"
        ids.append(_free(f"{wanted}_{index + 1}" if wanted else made, taken))
        automatic.update({ids[-1], wanted or made})
    return tuple(ids), names, frozenset(automatic - names.keys())


def _free(wanted: str, taken: set[str]) -> str:
    """A made-up id that no other step has; it is taken from now on."""
    free = wanted
    while free in taken:
        free += "_"
    taken.add(free)
    return free
