"""A text by its lines."""

import re
from collections.abc import Mapping

from aipipe.contracts.artefact import Json
from aipipe.contracts.media import TEXT
from aipipe.contracts.split import SplitMode

_BREAK = re.compile(r"\r\n|\r|\n")


def _lines(text: str, params: Mapping[str, Json]) -> tuple[Json, ...]:
    del params
    parts = (part.strip() for part in _BREAK.split(text))
    return tuple(part for part in parts if part)


SPLIT = SplitMode(
    name="lines",
    summary="One part for each line that is not empty.",
    accepts=TEXT,
    produces=TEXT,
    text=_lines,
)
