"""`matrix:` as written, made into a typed one."""

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import chain
from typing import Final

from aipipe.contracts.artefact import Json
from aipipe.language.diagnostics import Fault, Path
from aipipe.language.references import Expression, expression
from aipipe.language.spec import Matrix

EXCLUDE: Final = "exclude"
_NAMED: Final = re.compile(r"\$\{\{\s*matrix\s*\.\s*([\w-]+)")


def matrix(
    step: Mapping[str, Json], at: Path, broken: Collection[Path], faults: list[Fault]
) -> Matrix | None:
    """The axes of a step in the order written, without those at fault; None: it has no matrix."""
    written = step.get("matrix")
    if not isinstance(written, dict):
        return None
    axes = {
        name: expression(values, (*at, name), faults)
        for name, values in written.items()
        if name != EXCLUDE and not name.startswith("x-") and (*at, name) not in broken
    }
    excluded = written.get(EXCLUDE)
    entries = enumerate(excluded if isinstance(excluded, list) else [])
    return Matrix(
        at=at,
        axes=axes,
        exclude=tuple(_entry(entry, (*at, EXCLUDE, n), faults) for n, entry in entries),
        named=frozenset(_named(dict(step))),
    )


def _entry(written: Json, at: Path, faults: list[Fault]) -> Mapping[str, Expression]:
    named = written if isinstance(written, dict) else {}
    return {
        name: expression(value, (*at, name), faults)
        for name, value in named.items()
        if not name.startswith("x-")
    }


def _named(written: Json) -> Iterator[str]:
    """What references anywhere in a value name of a matrix."""
    if isinstance(written, str):
        yield from _NAMED.findall(written)
    elif isinstance(written, dict):
        yield from chain.from_iterable(map(_named, written.values()))
    elif isinstance(written, list):
        yield from chain.from_iterable(map(_named, written))
