"""A text by its media.sentences.sentences."""

from collections.abc import Mapping

from aipipe import media
from aipipe.contracts.artefact import Json
from aipipe.contracts.media import TEXT
from aipipe.contracts.split import SplitMode


def _sentences(text: str, params: Mapping[str, Json]) -> tuple[Json, ...]:
    del params
    return media.sentences.sentences(text)


SPLIT = SplitMode(
    name="sentences",
    summary="One part for each sentence.",
    accepts=TEXT,
    produces=TEXT,
    text=_sentences,
)
