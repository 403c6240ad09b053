"""The keys that make many of one step: `matrix` and `repeat`."""

from typing import Final

from aipipe.contracts.artefact import Json
from aipipe.contracts.fragments import REFERENCE
from aipipe.schema.values import COUNT, NAME, Schema, described

_VALUE: Final[Schema] = {"type": ["string", "number", "boolean"]}
_AXIS: Final[Schema] = {
    "title": "a list of texts, numbers or flags, a reference to one, or a glob",
    "anyOf": [{"type": "array", "items": _VALUE}, NAME],
}
_EXCLUDE: Final[Schema] = {
    "description": "Combinations to leave out: a value for each axis, or for some of them.",
    "type": "array",
    "minItems": 1,
    "items": {"type": "object", "minProperties": 1, "additionalProperties": _VALUE},
}
_MATRIX: Final[Schema] = {
    "title": "a mapping of names to lists, such as {seed: [1, 2]}",
    "description": (
        "Named lists; the step is made once for each combination, the first list varying slowest."
        " ${{ matrix.NAME }} is the value, in model, params and input. Its value is the list."
    ),
    "type": "object",
    "properties": {"exclude": _EXCLUDE},
    "patternProperties": {"^x-": {}},
    "additionalProperties": _AXIS,
}
_REPEAT: Final = described(
    {"title": "a whole number or a reference to one", "anyOf": [COUNT, dict(REFERENCE)]},
    "How often it is made, each time anew; ${{ matrix.repeat }} counts from 1."
    " Its value is the list.",
)
VARIATION: Final[dict[str, Json]] = {"matrix": _MATRIX, "repeat": _REPEAT}
