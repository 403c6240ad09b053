"""Numbers read from the words of a step, as people write them.

A value that is not understood is an error for the embedded engine itself. Where it stands in
for another model (`mock`), that model's own values are none of its business: it goes on with
what is usual.
"""

import math
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from aipipe.contracts.artefact import Json
from aipipe.contracts.call import Call
from aipipe.contracts.step import JsonSchema
from aipipe.errors import StepError

Params: TypeAlias = Mapping[str, Json]
_NUMBER = re.compile(
    r"\s*(-?\d+(?:\.\d+)?)\s*(?:s|sec|secs|second|seconds|fps|x)?\s*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a number may be, and what it is when nobody says."""

    usual: float
    least: float
    most: float
    unit: str = ""


SEED: JsonSchema = {
    "type": "integer",
    "description": "The same seed gives the same result; another seed another one.",
    "default": 0,
}
COUNT: JsonSchema = {
    "type": "integer",
    "minimum": 1,
    "maximum": 10,
    "description": "How many to make; each has the next seed.",
    "default": 1,
}
COUNTS = Bounds(usual=1, least=1, most=10)


def number(call: Call, word: str, bounds: Bounds) -> float:
    """The number that a word of the call gives, also as text (`6`, `"6"`, `"6s"`).

    Raises:
        StepError: `local.unknown_value`, when it is none or out of bounds.
    """
    given = call.params.get(word)
    if given is None:
        return bounds.usual
    found = _parsed(given)
    if found is not None and bounds.least <= found <= bounds.most:
        return found
    if not call.provenance.mock:
        unit = f" {bounds.unit}" if bounds.unit else ""
        raise unknown(word, given, f"a number from {bounds.least:g} to {bounds.most:g}{unit}")
    return bounds.usual if found is None else min(max(found, bounds.least), bounds.most)


def seed(call: Call) -> int:
    """The seed of a call; text is a seed too, by what it says.

    Without one, equal calls of a run still give different results.
    """
    given = call.params.get("seed")
    if given is None:
        return call.occurrence - 1
    if isinstance(given, int):
        return int(given)
    found = _parsed(given)
    return int(found) if found is not None else zlib.crc32(str(given or "").encode())


def text(call: Call, word: str) -> str:
    """What a word of the call says, as text; empty where it is not there."""
    given = call.params.get(word)
    return "" if given is None or isinstance(given, dict | list) else str(given)


def flag(call: Call, word: str) -> bool:
    """Whether a word of the call is true, also written as text."""
    given = call.params.get(word)
    return given is True or str(given).lower() in ("true", "yes", "on")


def choice(call: Call, word: str, known: Sequence[str]) -> str:
    """One of the words that are known; the first where none is given, or a mock's is another.

    Raises:
        StepError: `local.unknown_value`, when it is another.
    """
    given = text(call, word) or known[0]
    if given in known:
        return given
    if call.provenance.mock:
        return known[0]
    raise unknown(word, given, f"one of {', '.join(known)}")


def unknown(word: str, given: Json, wanted: str) -> StepError:
    """The error of a value that the embedded engine does not understand."""
    return StepError("local.unknown_value", f"'{word}' is '{given}' and must be {wanted}")


def _parsed(given: Json) -> float | None:
    if isinstance(given, bool):
        return None
    if isinstance(given, int | float):
        return float(given) if math.isfinite(given) else None
    found = _NUMBER.fullmatch(given) if isinstance(given, str) else None
    return float(found[1]) if found else None
