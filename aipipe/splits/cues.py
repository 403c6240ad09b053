"""Subtitles by their cues."""

from collections.abc import Mapping

from aipipe import media
from aipipe.contracts.artefact import Json
from aipipe.contracts.media import SUBTITLES, TEXT
from aipipe.contracts.split import SplitMode


def _cues(text: str, params: Mapping[str, Json]) -> tuple[Json, ...]:
    del params
    found = media.cues.words(text)
    if text.strip() and not found:
        raise ValueError("there is no cue in it: subtitles are SubRip (.srt) or WebVTT (.vtt)")
    return found


SPLIT = SplitMode(
    name="cues",
    summary="One part for each cue of subtitles (SubRip or WebVTT), without its times.",
    accepts=(SUBTITLES, TEXT),
    produces=TEXT,
    text=_cues,
)
