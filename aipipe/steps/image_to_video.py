"""A video from a picture."""

from collections.abc import Mapping

from aipipe import media
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.media import IMAGE, TEXT, VIDEO
from aipipe.contracts.step import JsonSchema, Slot, StepType
from aipipe.contracts.tools import Tools
from aipipe.media import film_words, inputs, moves, sizes, words

_LINES = 720
_WIDEST = 2.4
"""Times as wide as high (or the reverse) that a video gets by itself."""
_PARAMS: Mapping[str, JsonSchema] = {
    **film_words.PARAMS,
    "motion": {
        "type": "string",
        "enum": [*moves.MOTIONS, moves.AUTO],
        "description": "How the view moves over the picture.",
        "default": moves.AUTO,
    },
}


def _film(call: Call, tools: Tools) -> Produced:
    picture = media.pictures.flattened(
        media.pictures.read(inputs.file(call, tools.sink, "image")), "black"
    )
    order = media.poster.Order(
        prompt=inputs.text(call, tools.sink, "prompt") or "",
        model=call.model,
        seed=words.seed(call),
        size=sizes.of_video(call, _usual_size(picture.size)),
        mock=call.provenance.mock,
    )
    layer = (
        media.poster.lettering_of(order, media.palettes.PALETTES[0], prompt=False)
        if order.mock
        else None
    )
    clip = media.filming.clip_of(call, order, picture, layer)
    path = tools.sink.scratch(media.filming.extension_for(call.output))
    media.clips.film(clip, path, tools.report, tools.cancelled)
    return Produced(artefacts=(tools.sink.adopt(path, VIDEO),))


def _usual_size(picture: tuple[int, int]) -> tuple[int, int]:
    """The shape of the picture with 720 lines on its shorter side."""
    ratio = min(max(picture[0] / picture[1], 1 / _WIDEST), _WIDEST)
    if ratio >= 1:
        return round(_LINES * ratio / 2) * 2, _LINES
    return _LINES, round(_LINES / ratio / 2) * 2


STEP = StepType(
    name="image_to_video",
    summary="Make a video that begins with a picture.",
    slots=(
        Slot(name="image", medium=IMAGE, summary="The picture to bring to life."),
        Slot(
            name="prompt",
            medium=TEXT,
            summary="What happens.",
            required=False,
            words=("text",),
        ),
    ),
    produces=VIDEO,
    params=_PARAMS,
    local=_film,
)
