"""Sounds one after the other."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from aipipe import media
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.media import AUDIO
from aipipe.contracts.merge import MergeStrategy
from aipipe.contracts.step import JsonSchema
from aipipe.contracts.tools import Tools
from aipipe.errors import StepError
from aipipe.media import words
from aipipe.media.parts import parts_of
from aipipe.media.words import Bounds

if TYPE_CHECKING:
    from aipipe.media.audio import Sound
    from aipipe.media.heard import Heard

FORMAT = "wav"
GAP = Bounds(usual=0, least=0, most=60, unit="seconds")
CROSSFADE = Bounds(usual=0, least=0, most=30, unit="seconds")
LEVEL = Bounds(usual=-16, least=-40, most=-6, unit="LUFS")
_PARAMS: Mapping[str, JsonSchema] = {
    "gap": {
        "type": "number",
        "minimum": 0,
        "maximum": GAP.most,
        "default": 0,
        "description": "Seconds of silence between two sounds.",
    },
    "crossfade": {
        "type": "number",
        "minimum": 0,
        "maximum": CROSSFADE.most,
        "default": 0,
        "description": "Seconds over which each sound goes out while the next comes in, at most"
        " half of the shorter one; not together with 'gap'.",
    },
    "level": {
        "anyOf": [
            {"type": "boolean"},
            {"type": "number", "minimum": LEVEL.least, "maximum": LEVEL.most},
        ],
        "default": False,
        "description": "Whether all sounds are made equally loud (EBU R128): true for"
        f" {LEVEL.usual} LUFS, or the loudness in LUFS.",
    },
}


def _join(call: Call, tools: Tools) -> Produced:
    gap, crossfade = words.number(call, "gap", GAP), words.number(call, "crossfade", CROSSFADE)
    if gap and crossfade:
        raise StepError(
            "local.unknown_value",
            f"'gap' is {gap:g} and 'crossfade' is {crossfade:g}",
            hint="sounds that fade into each other have no silence between: leave one of them out",
        )
    sounds = media.heard.all_heard(parts_of(call), tools.sink)
    sound = media.heard.common(sounds)
    each = _each(sounds, sound, _level(call), tools)
    if crossfade:
        blocks = media.audio_join.crossfaded(each, sound, crossfade)
    else:
        blocks = media.audio_join.joined(each, sound, gap)
    path = tools.sink.scratch(call.output.extension or FORMAT)
    media.audio_files.write_sound(path, blocks, sound, cancelled=tools.cancelled)
    return Produced(artefacts=(tools.sink.adopt(path, AUDIO),))


def _level(call: Call) -> float | None:
    """The loudness of each sound, in LUFS; None: as it is."""
    wanted = call.params.get("level", False)
    if isinstance(wanted, bool):
        return LEVEL.usual if wanted else None
    return words.number(call, "level", LEVEL)


def _each(
    sounds: "tuple[Heard, ...]", sound: "Sound", level: float | None, tools: Tools
) -> Iterator[Iterator[bytes]]:
    """The samples of each, at the loudness asked for."""
    for place, part in enumerate(sounds):
        tools.report(place / len(sounds), "joining")
        samples = part.samples(sound)
        if level is None:
            yield samples
            continue
        heard = media.audio_files.until(tools.cancelled, part.samples(sound))
        loudness = media.audio_level.loudness(heard, sound)
        yield media.audio_level.levelled(samples, sound, loudness, level)


MERGE = MergeStrategy(
    name="concat_audio",
    summary="Play sounds one after the other.",
    accepts=(AUDIO,),
    produces=AUDIO,
    run=_join,
    params=_PARAMS,
    format=FORMAT,
    apart=("gap", "crossfade"),
)
