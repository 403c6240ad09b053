"""A sound or a video in parts, one after the other."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from aipipe import media
from aipipe.contracts.artefact import ArtefactRef
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.media import AUDIO, VIDEO
from aipipe.contracts.split import SplitMode
from aipipe.contracts.step import JsonSchema
from aipipe.contracts.tools import Tools
from aipipe.errors import StepError
from aipipe.media import inputs, words

if TYPE_CHECKING:
    from aipipe.media.audio_segments import Segment

_WAYS = ("seconds", "silences", "scenes")
_MOST = 1000
_SECONDS = words.Bounds(usual=10, least=0.1, most=86_400, unit="seconds")
_THRESHOLD = words.Bounds(usual=-40, least=-90, most=-5, unit="dB")
_LEAST = words.Bounds(usual=0.5, least=0.05, most=60, unit="seconds")
_CHANGE = words.Bounds(usual=0.3, least=0.01, most=1)
_SHORTEST = words.Bounds(usual=0.5, least=0.1, most=3600, unit="seconds")
_PARAMS: Mapping[str, JsonSchema] = {
    "by": {
        "type": "string",
        "enum": [*_WAYS],
        "default": _WAYS[0],
        "description": "Where to cut: after so many seconds, in pauses, or where another scene of"
        " a video begins.",
    },
    "seconds": {
        "type": "number",
        "minimum": _SECONDS.least,
        "maximum": _SECONDS.most,
        "default": _SECONDS.usual,
        "description": "How long a part is, by seconds.",
    },
    "threshold": {
        "type": "number",
        "minimum": _THRESHOLD.least,
        "maximum": _THRESHOLD.most,
        "default": _THRESHOLD.usual,
        "description": "Decibels that a pause has at most, full loudness being 0.",
    },
    "least": {
        "type": "number",
        "minimum": _LEAST.least,
        "maximum": _LEAST.most,
        "default": _LEAST.usual,
        "description": "Seconds that a pause lasts at least.",
    },
    "change": {
        "type": "number",
        "minimum": _CHANGE.least,
        "maximum": _CHANGE.most,
        "default": _CHANGE.usual,
        "description": "How much a picture must differ from the one before to begin a scene.",
    },
    "shortest": {
        "type": "number",
        "minimum": _SHORTEST.least,
        "maximum": _SHORTEST.most,
        "default": _SHORTEST.usual,
        "description": "Seconds that a part between pauses or of a scene lasts at least.",
    },
}


def _cut(call: Call, tools: Tools) -> Produced:
    whole = inputs.artefact(call, "input")
    path = tools.sink.path_of(whole)
    seconds = _seconds(whole, path)
    cuts = media.cuts.within(_cuts(call, whole, path, tools), seconds, _MOST)
    made = []
    for part in _parts(call, whole, path, cuts, tools):
        label = media.cuts.label(part.start, part.end)
        made.append(tools.sink.adopt(part.path, whole.medium, label=label))
        tools.report(part.end / max(seconds, part.end), "cutting")
    return Produced(artefacts=tuple(made))


def _seconds(whole: ArtefactRef, path: Path) -> float:
    """How long it is."""
    if whole.medium == VIDEO:
        return media.tracks.seen(path).seconds
    return media.tracks.heard(path)


def _cuts(call: Call, whole: ArtefactRef, path: Path, tools: Tools) -> Iterator[float]:
    """Where to cut, in seconds from the beginning."""
    way = words.choice(call, "by", _WAYS)
    if way == "seconds":
        return media.cuts.every(words.number(call, "seconds", _SECONDS))
    if way == "scenes" and whole.medium != VIDEO:
        raise StepError(
            "split.failed", "a sound has no scenes", hint="write  by: silences  or  by: seconds"
        )
    if way == "scenes":
        change = words.number(call, "change", _CHANGE)
        found = media.cuts.scenes(path, change, tools.cancelled)
    else:
        loudest, least = (
            words.number(call, word, bounds)
            for word, bounds in (("threshold", _THRESHOLD), ("least", _LEAST))
        )
        found = media.cuts.pauses(path, loudest, least, tools.cancelled)
    return media.cuts.apart(found, words.number(call, "shortest", _SHORTEST))


def _parts(
    call: Call, whole: ArtefactRef, path: Path, cuts: Iterator[float], tools: Tools
) -> "Iterator[Segment]":
    """The parts, each as it is written."""
    wanted = call.output.extension
    if whole.medium == VIDEO:
        extension = wanted or whole.extension
        segments = media.video_segments.segments
    else:
        extension = media.audio_segments.format_of(whole.extension, wanted)
        segments = media.audio_segments.segments
    return segments(path, cuts, lambda: tools.sink.scratch(extension), cancelled=tools.cancelled)


SPLIT = SplitMode(
    name="segments",
    summary="Cut a sound or a video into parts: by seconds, at pauses or at scenes.",
    accepts=(AUDIO, VIDEO),
    produces=None,
    params=_PARAMS,
    run=_cut,
    heavy=True,
)
