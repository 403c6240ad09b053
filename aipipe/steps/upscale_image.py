"""A larger picture."""

from collections.abc import Mapping

from aipipe import media
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.media import IMAGE
from aipipe.contracts.step import JsonSchema, Slot, StepType
from aipipe.contracts.tools import Tools
from aipipe.media import inputs, words

_FACTOR = words.Bounds(usual=2, least=1, most=8)
_PARAMS: Mapping[str, JsonSchema] = {
    "factor": {
        "type": "number",
        "minimum": 1,
        "maximum": 8,
        "description": "How many times as wide and as high.",
        "default": 2,
    },
}


def _upscale(call: Call, tools: Tools) -> Produced:
    given = media.pictures.read(inputs.file(call, tools.sink, "image"))
    large = media.pictures.enlarged(given, words.number(call, "factor", _FACTOR))
    path = media.pictures.write(
        large, tools.sink.scratch(media.pictures.extension_for(call.output))
    )
    return Produced(artefacts=(tools.sink.adopt(path, IMAGE),))


STEP = StepType(
    name="upscale_image",
    summary="Make a picture larger.",
    slots=(Slot(name="image", medium=IMAGE, summary="The picture to enlarge."),),
    produces=IMAGE,
    params=_PARAMS,
    local=_upscale,
)
