"""What a step's parameters stand for: plain data, known or read when it runs."""

from collections.abc import Mapping

from aipipe.contracts.media import DATA, TEXT
from aipipe.language.diagnostics import Path
from aipipe.language.references import Expression
from aipipe.planning import wording
from aipipe.planning.bindings import Binding, Const
from aipipe.planning.context import Context
from aipipe.planning.expressions import bind
from aipipe.planning.place import Place
from aipipe.planning.value_types import medium_of

OUTPUT_FILE = "output_file"
COUNT = "count"
_PLAIN = frozenset({None, TEXT, DATA})


def bindings(
    written: Mapping[str, Expression], at: Path, place: Place, context: Context
) -> dict[str, Binding]:
    """The bindings of parameters; what they read is noted. Those at fault are left out."""
    found: dict[str, Binding] = {}
    for word, value in written.items():
        bound = bind(value, place.scope, (*at, word), context)
        if bound is None:
            continue
        if medium_of(bound.type) not in _PLAIN:
            context.fault(
                "param_type",
                f"'{word}' takes plain data, but this is {wording.of_type(bound.type, context)}",
                (*at, word),
            )
            continue
        found[word] = bound.binding
        place.reads.all_of(bound.binding)
    return found


def count_of(params: Mapping[str, Binding], at: Path, context: Context) -> int:
    """How many outputs one call makes."""
    match params.get(COUNT, Const(1)):
        case Const(int(count)) if count > 0:
            return count
        case _:
            context.fault(
                "unknown_count",
                f"'{COUNT}' must be a whole number that is known before the run",
                (*at, COUNT),
                "for a number of its own for each item, use a batch inside the batch",
            )
            return 1
