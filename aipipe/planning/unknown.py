"""The fault of a name that nothing has."""

from collections.abc import Iterable

from aipipe.language.diagnostics import Path
from aipipe.language.suggestions import did_you_mean, one_of
from aipipe.planning.context import Context


def tell_unknown(said: str, name: str, known: Iterable[str], at: Path, context: Context) -> None:
    """Note that nothing is called so, with what may have been meant."""
    names = [] if context.is_crowded else list(known)
    hints = did_you_mean(name, names) or ((f"there are: {one_of(names)}",) if names else ())
    context.fault("unknown_reference", said, at, *hints)
