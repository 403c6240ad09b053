"""`matrix:` as written, made into a typed one."""

from collections.abc import Collection, Mapping
from typing import Final

from aipipe.contracts.artefact import Json
from aipipe.language.diagnostics import Fault, Path
from aipipe.language.references import Expression, expression
from aipipe.language.spec import Matrix

EXCLUDE: Final = "exclude"


def matrix(written: Json, at: Path, broken: Collection[Path], faults: list[Fault]) -> Matrix | None:
    """The axes in the order written, without those at fault; None: there is no matrix."""
    if not isinstance(written, dict):
        return None
    axes = {
        name: expression(values, (*at, name), faults)
        for name, values in written.items()
        if name != EXCLUDE and not name.startswith("x-") and (*at, name) not in broken
    }
    excluded = written.get(EXCLUDE)
    place = (*at, EXCLUDE)
    entries = excluded if isinstance(excluded, list) else []
    return Matrix(
        at=at,
        axes=axes,
        exclude=tuple(
            _entry(entry, (*place, index), faults) for index, entry in enumerate(entries)
        ),
    )


def _entry(written: Json, at: Path, faults: list[Fault]) -> Mapping[str, Expression]:
    named = written if isinstance(written, dict) else {}
    return {
        name: expression(value, (*at, name), faults)
        for name, value in named.items()
        if not name.startswith("x-")
    }
