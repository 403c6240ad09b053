"""A picture from a picture and a text."""

from collections.abc import Mapping

from aipipe import media
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.media import IMAGE, TEXT
from aipipe.contracts.step import JsonSchema, Slot, StepType
from aipipe.contracts.tools import Tools
from aipipe.errors import CancelledError
from aipipe.media import inputs, sizes, words

_STRENGTH = words.Bounds(usual=0.8, least=0, most=1)
_ASIDE = "The embedded engine takes it and draws the same."
_PARAMS: Mapping[str, JsonSchema] = {
    "strength": {
        "type": "number",
        "minimum": 0,
        "maximum": 1,
        "description": "How far to go from the given picture: 0 not at all, 1 as far as possible.",
        "default": 0.8,
    },
    "negative_prompt": {"type": "string", "description": "What the picture should not have."},
    "size": {**sizes.SIZE, "description": "The new size; else that of the given picture."},
    "aspect_ratio": sizes.ASPECT_RATIO,
    "resolution": sizes.PICTURE_RESOLUTION,
    "seed": words.SEED,
    "count": words.COUNT,
    "style": {"type": "string", "description": "A manner, such as 'watercolour'."},
    "quality": {
        "type": "string",
        "description": f"How much care, such as 'low', 'medium' or 'high'. {_ASIDE}",
    },
    "guidance_scale": {
        "type": "number",
        "minimum": 0,
        "description": f"How closely to follow the prompt. {_ASIDE}",
    },
    "steps": {
        "type": "integer",
        "minimum": 1,
        "description": f"Inference steps. {_ASIDE}",
    },
}


def _restyle(call: Call, tools: Tools) -> Produced:
    given = media.pictures.flattened(media.pictures.read(inputs.file(call, tools.sink, "image")))
    count = int(words.number(call, "count", words.COUNTS))
    order = media.poster.Order(
        prompt=inputs.text(call, tools.sink, "prompt") or "",
        model=call.model,
        seed=words.seed(call),
        size=sizes.of_picture(call, media.pictures.shrunk(given.size, sizes.MOST)),
        mock=call.provenance.mock,
        variant="\n".join(words.text(call, word) for word in ("style", "negative_prompt")),
    )
    strength = words.number(call, "strength", _STRENGTH)
    made = []
    for place in range(count):
        if tools.cancelled():
            raise CancelledError
        drawn = media.poster.restyled(
            given, media.poster.seeded(order, order.seed + place), strength
        )
        path = media.pictures.write(
            drawn, tools.sink.scratch(media.pictures.extension_for(call.output))
        )
        label = f"seed {order.seed + place}" if count > 1 else None
        made.append(tools.sink.adopt(path, IMAGE, label=label))
        tools.report((place + 1) / count, "drawing")
    return Produced(artefacts=tuple(made))


STEP = StepType(
    name="image_to_image",
    summary="Change a picture as a text says.",
    slots=(
        Slot(name="prompt", medium=TEXT, summary="What to make of it.", words=("text",)),
        Slot(name="image", medium=IMAGE, summary="The picture to change."),
    ),
    produces=IMAGE,
    params=_PARAMS,
    local=_restyle,
)
