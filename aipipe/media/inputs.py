"""What a call got, slot by slot: texts as strings, other media as files."""

from pathlib import Path

from aipipe.contracts.artefact import ArtefactRef
from aipipe.contracts.call import Call
from aipipe.contracts.tools import Sink
from aipipe.errors import StepError


def text(call: Call, sink: Sink, slot: str) -> str | None:
    """The text in a slot, or None where nothing fills it.

    Raises:
        StepError: `local.wrong_input`, when something else is there.
    """
    match call.inputs.get(slot):
        case None:
            return None
        case str() as value:
            return value
        case ArtefactRef() as artefact:
            return sink.text_of(artefact)
        case bool() | int() | float() as value:
            return str(value)
        case _:
            raise StepError("local.wrong_input", f"'{slot}' must be one text")


def artefact(call: Call, slot: str) -> ArtefactRef:
    """The artefact in a slot that must be filled.

    Raises:
        StepError: `local.wrong_input`, when nothing or something else is there.
    """
    match call.inputs.get(slot):
        case ArtefactRef() as found:
            return found
        case None:
            raise StepError("local.wrong_input", f"'{slot}' is empty")
        case _:
            raise StepError("local.wrong_input", f"'{slot}' must be one file")


def file(call: Call, sink: Sink, slot: str) -> Path:
    """The file of the artefact in a slot that must be filled.

    Raises:
        StepError: `local.wrong_input`, when nothing or something else is there.
    """
    return sink.path_of(artefact(call, slot))


def listed(call: Call) -> tuple[ArtefactRef, ...]:
    """What a merge got: its artefacts in the order written.

    Raises:
        StepError: `merge.wrong_input`, when something else is among them.
    """
    given = call.inputs.get("input")
    places = given if isinstance(given, tuple) else (given,)
    found = tuple(place for place in places if isinstance(place, ArtefactRef))
    if len(found) != len(places):
        raise StepError("merge.wrong_input", "every part of this merge must be a file")
    return found
