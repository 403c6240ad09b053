"""A larger video."""

from collections.abc import Mapping

from aipipe import media
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.media import VIDEO
from aipipe.contracts.step import JsonSchema, Slot, StepType
from aipipe.contracts.tools import Tools
from aipipe.media import inputs, words

_FACTOR = words.Bounds(usual=2, least=1, most=4)
_PARAMS: Mapping[str, JsonSchema] = {
    "factor": {
        "type": "number",
        "minimum": 1,
        "maximum": 4,
        "description": "How many times as wide and as high.",
        "default": 2,
    },
}


def _upscale(call: Call, tools: Tools) -> Produced:
    factor = words.number(call, "factor", _FACTOR)
    path = tools.sink.scratch(media.filming.extension_for(call.output))
    watch = media.reencode.Watch(report=tools.report, cancelled=tools.cancelled)
    media.reencode.enlarged(inputs.file(call, tools.sink, "video"), path, factor, watch)
    return Produced(artefacts=(tools.sink.adopt(path, VIDEO),))


STEP = StepType(
    name="upscale_video",
    summary="Make a video larger.",
    slots=(Slot(name="video", medium=VIDEO, summary="The video to enlarge."),),
    produces=VIDEO,
    params=_PARAMS,
    local=_upscale,
)
