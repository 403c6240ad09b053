"""Changes as notes: each kind of use once, at the first place."""

from collections import Counter
from collections.abc import Sequence

from aipipe.language.diagnostics import Fault, Severity
from aipipe.language.earlier.changes import Change, Drop, Move, Rename, place

EARLIER_FORM = "earlier_form"


def notes(changes: Sequence[Change]) -> list[Fault]:
    """One note for each form that is used."""
    told = [each for each in changes if each.note]
    times = Counter(each.note for each in told)
    first = {each.note: each for each in reversed(told)}
    return [_note(first[note], times[note]) for note in times]


def way_out(file: str) -> Fault:
    """How to be rid of all of them."""
    return _fault((), f"all of these are rewritten by:  aipipe migrate {file}")


def _note(change: Change, times: int) -> Fault:
    again = f" ({times} times)" if times > 1 else ""
    on_key = isinstance(change, Drop | Rename | Move)
    return _fault(place(change), f"{change.note}{again}", on_key=on_key)


def _fault(at: tuple[str | int, ...], message: str, *, on_key: bool = False) -> Fault:
    return Fault(severity=Severity.NOTE, code=EARLIER_FORM, message=message, at=at, on_key=on_key)
