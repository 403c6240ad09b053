"""A text by its paragraphs."""

import re
from collections.abc import Mapping

from aipipe.contracts.artefact import Json
from aipipe.contracts.media import TEXT
from aipipe.contracts.split import SplitMode

_EMPTY_LINE = re.compile(r"(?:\r\n|\r|\n)[^\S\r\n]*(?:\r\n|\r|\n)")


def _paragraphs(text: str, params: Mapping[str, Json]) -> tuple[Json, ...]:
    del params
    parts = (part.strip() for part in _EMPTY_LINE.split(text))
    return tuple(part for part in parts if part)


SPLIT = SplitMode(
    name="paragraphs",
    summary="One part for each paragraph: text between empty lines.",
    accepts=TEXT,
    produces=TEXT,
    text=_paragraphs,
)
