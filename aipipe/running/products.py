"""The value that a call's outputs make."""

from aipipe.contracts.artefact import ArtefactRef, Value
from aipipe.contracts.call import Produced
from aipipe.planning.bindings import Many
from aipipe.running.cells import TaskCell


def value_of(cell: TaskCell, produced: Produced, artefacts: tuple[ArtefactRef, ...]) -> Value:
    """A task's value: one, or a list where it makes many."""
    made: tuple[Value, ...] = artefacts if produced.values is None else produced.values
    if isinstance(cell.template.produces, Many):
        return made
    return made[0] if made else ()
