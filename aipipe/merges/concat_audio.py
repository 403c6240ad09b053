"""Sounds one after the other."""

from aipipe import media
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.media import AUDIO
from aipipe.contracts.merge import MergeStrategy
from aipipe.contracts.tools import Tools
from aipipe.media import words
from aipipe.media.parts import parts_of, path_of
from aipipe.media.words import Bounds

FORMAT = "wav"
GAP = Bounds(usual=0, least=0, most=60, unit="seconds")


def _join(call: Call, tools: Tools) -> Produced:

    gap = words.number(call, "gap", GAP)
    paths = [path_of(part, tools.sink) for part in parts_of(call)]
    path = tools.sink.scratch(call.output.extension or FORMAT)
    sound = media.audio_join.common(paths)
    blocks = media.audio_join.joined(
        paths, sound, gap, begun=lambda place: tools.report(place / len(paths), "joining")
    )
    media.audio_files.write_sound(path, blocks, sound, cancelled=tools.cancelled)
    return Produced(artefacts=(tools.sink.adopt(path, AUDIO),))


MERGE = MergeStrategy(
    name="concat_audio",
    summary="Play sounds one after the other.",
    accepts=(AUDIO,),
    produces=AUDIO,
    run=_join,
    params={
        "gap": {
            "type": "number",
            "minimum": 0,
            "maximum": GAP.most,
            "default": 0,
            "description": "Seconds of silence between two sounds.",
        },
    },
    format=FORMAT,
)
