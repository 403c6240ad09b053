"""The ids of the steps of a scope, and which of them can be referenced."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from aipipe.language.spec import StepSpec


def slug(name: str) -> str:
    """A name made fit for ids and file names: `My Voice` is `my_voice`."""
    plain = unicodedata.normalize("NFKC", name).strip().lower()
    return re.sub(r"[^\w.-]+", "_", plain).strip("_.") or "step"


def ids_of(
    steps: Sequence[StepSpec], *, numbered: bool
) -> tuple[tuple[str, ...], dict[str, int], frozenset[str]]:
    """Each step's id, those that can be referenced, and those that can't.

    Steps without id or name are called by their type and number in a chain
    (`text_to_image_1`), by their place in a group (`3`).
    """
    slugs = Counter(slug(step.name) for step in steps if step.id is None and step.name)
    by_type: Counter[str] = Counter()
    ids: list[str] = []
    names: dict[str, int] = {}
    automatic: set[str] = set()
    taken = {step.id for step in steps if step.id is not None}
    for index, step in enumerate(steps):
        by_type[step.type] += 1
        if step.id is not None:
            ids.append(step.id)
            names.setdefault(step.id, index)
            continue
        wanted = slug(step.name) if step.name else ""
        if wanted and slugs[wanted] == 1 and wanted not in taken:
            ids.append(wanted)
            names.setdefault(wanted, index)
            continue
        made = str(index + 1) if numbered else f"{step.type}_{by_type[step.type]}"
        ids.append(f"{wanted}_{index + 1}" if wanted else made)
        automatic.update({made, wanted} - {""})
    return tuple(ids), names, frozenset(automatic - set(names))
