"""Diagnostics for machines: JSON, and the annotations of GitHub's workflow commands."""

from collections import Counter
from collections.abc import Iterator, Sequence

from aipipe.contracts.artefact import Json
from aipipe.language.diagnostics import Diagnostic, Severity

MOST = 10
"""Annotations of a kind that GitHub keeps of one step."""

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def as_json(found: Diagnostic) -> dict[str, Json]:
    """One diagnostic as plain data."""
    return {
        "severity": found.severity.value,
        "code": found.code,
        "message": found.message,
        "file": found.file,
        "line": found.line,
        "column": found.column,
        "length": found.length,
        "source": found.source,
        "hints": list(found.hints),
    }


def github(found: Sequence[Diagnostic]) -> Iterator[str]:
    """Lines such as `::error file=a.yaml,line=3,col=5::message`, at most `MOST` of a kind."""
    told: Counter[Severity] = Counter()
    for each in found:
        told[each.severity] += 1
        if told[each.severity] <= MOST:
            yield _annotation(each)
    for severity, number in told.items():
        if number > MOST:
            yield f"and {number - MOST} more of kind {severity.value}: aipipe validate shows all"


def _annotation(found: Diagnostic) -> str:
    place = {"file": found.file, "line": found.line, "col": found.column, "title": found.code}
    written = ",".join(
        f"{key}={_property(str(value))}" for key, value in place.items() if value is not None
    )
    text = "\n".join((found.message, *found.hints))
    return f"::{_COMMANDS[found.severity]} {written}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
