"""What a merge got: its parts in the order written, each with a label and a file name."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from aipipe.contracts.artefact import ArtefactRef, Value
from aipipe.contracts.call import Call
from aipipe.contracts.tools import Sink
from aipipe.errors import CancelledError, StepError

LONGEST_NAME = 100
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_TAKEN_BY_WINDOWS = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One place of the list: an artefact, or plain data such as a text."""

    label: str
    value: Value

    @property
    def artefact(self) -> ArtefactRef | None:
        """The artefact, if it is one."""
        return self.value if isinstance(self.value, ArtefactRef) else None


def parts_of(call: Call) -> tuple[Part, ...]:
    """The parts that are there. Labels are the call's, else the artefacts' own, else numbers.

    Raises:
        StepError: `merge.nothing`, when there are none.
    """
    given = call.inputs.get("input")
    places = given if isinstance(given, tuple) else (given,)
    there = [place for place in places if place is not None]
    labels = _labels(call.labels, places, there)
    found = tuple(
        Part(label=label or _own_label(value, number), value=value)
        for number, (label, value) in enumerate(zip(labels, there, strict=True), start=1)
    )
    if not found:
        raise StepError("merge.nothing", "there is nothing to merge")
    return found


def name_of(part: Part, number: int) -> str:
    """Which part of the list it is, for messages: `part 2 ('bella')`."""
    return f"part {number}" if part.label == str(number) else f"part {number} ('{part.label}')"


@contextmanager
def naming(name: str) -> Iterator[None]:
    """A block that reads one part: what is wrong with it is said with its name.

    Raises:
        StepError: as the block, its message beginning with the part.
    """
    try:
        yield
    except CancelledError:
        raise
    except StepError as error:
        raise StepError(error.code, f"{name}: {error.message}", hint=error.hint) from error


def path_of(part: Part, sink: Sink) -> Path:
    """The file that a part is.

    Raises:
        StepError: `merge.wrong_input`, when it is something else.
    """
    if part.artefact is None:
        raise StepError("merge.wrong_input", f"'{part.label}' is no file")
    return sink.path_of(part.artefact)


def text_of(part: Part, sink: Sink) -> str:
    """The text that a part is.

    Raises:
        StepError: `merge.wrong_input`, when it is something else.
    """
    match part.value:
        case str() as text:
            return text
        case ArtefactRef() as artefact:
            return sink.text_of(artefact)
        case bool() | int() | float() as plain:
            return str(plain)
        case _:
            raise StepError("merge.wrong_input", f"'{part.label}' is no text")


def file_names(stems: Sequence[str], extensions: Sequence[str]) -> tuple[str, ...]:
    """A file name for each: safe on every system, and no two alike even where case is ignored.

    >>> file_names(["a/b", "A:B", ""], ["png", "png", "txt"])
    ('a-b.png', 'A-B-2.png', '3.txt')
    """
    taken: set[str] = set()
    names = []
    for number, (stem, extension) in enumerate(zip(stems, extensions, strict=True), start=1):
        name = _free(_safe(stem) or str(number), extension, taken)
        taken.add(name.casefold())
        names.append(name)
    return tuple(names)


def _labels(
    labels: tuple[str, ...], places: "Sequence[Value | None]", there: "Sequence[Value]"
) -> tuple[str, ...]:
    """A label for each place that is there; those of gaps are left out."""
    if len(labels) == len(there):
        return labels
    if len(labels) == len(places):
        return tuple(lb for lb, place in zip(labels, places, strict=True) if place is not None)
    return ("",) * len(there)


def _own_label(value: Value, number: int) -> str:
    return (isinstance(value, ArtefactRef) and value.label) or str(number)


def _safe(stem: str) -> str:
    plain = _UNSAFE.sub("-", unicodedata.normalize("NFC", stem))[:LONGEST_NAME].strip(" .")
    return f"_{plain}" if _TAKEN_BY_WINDOWS.match(plain) else plain


def _free(stem: str, extension: str, taken: set[str]) -> str:
    name, number = f"{stem}.{extension}", 1
    while name.casefold() in taken:
        number += 1
        name = f"{stem}-{number}.{extension}"
    return name
