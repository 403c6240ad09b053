"""Words that a coming version gives a meaning to."""

from typing import Final

from aipipe.language.diagnostics import Fault, Path

KEYS: Final = frozenset({"matrix", "repeat", "race", "uses", "with"})
"""Keys of steps."""
TYPES: Final = frozenset({"pipeline"})
"""Step types."""


def not_yet(what: str, at: Path, *, on_key: bool = False) -> Fault:
    """The fault of using a reserved word; `what` names it: `'matrix'`."""
    return Fault(
        code="not_yet",
        message=f"{what} is not supported yet",
        at=at,
        on_key=on_key,
        hints=("the word is reserved for a coming version",),
    )
