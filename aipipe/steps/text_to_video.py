"""A video from a text."""

from aipipe.contracts.call import Call, Produced
from aipipe.contracts.media import TEXT, VIDEO
from aipipe.contracts.step import Slot, StepType
from aipipe.contracts.tools import Tools
from aipipe.media import clips, filming, inputs, poster, sizes, words

_USUAL_SIZE = (1280, 720)


def _film(call: Call, tools: Tools) -> Produced:
    order = poster.Order(
        prompt=inputs.text(call, tools.sink, "prompt") or "",
        model=call.model,
        seed=words.seed(call),
        size=sizes.of_video(call, _USUAL_SIZE),
        mock=call.provenance.mock,
        variant=words.text(call, "negative_prompt"),
    )
    picture, palette = poster.artwork(order)
    layer = poster.lettering_of(order, palette, prompt=True)
    clip = filming.clip_of(call, order, picture, layer)
    path = tools.sink.scratch(filming.extension_for(call.output))
    clips.film(clip, path, tools.report, tools.cancelled)
    return Produced(artefacts=(tools.sink.adopt(path, VIDEO),))


STEP = StepType(
    name="text_to_video",
    summary="Make a video from a text.",
    slots=(Slot(name="prompt", medium=TEXT, summary="What the video shows.", words=("text",)),),
    produces=VIDEO,
    params=filming.PARAMS,
    local=_film,
)
