"""A video from a text."""

from aipipe import media
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.media import TEXT, VIDEO
from aipipe.contracts.step import Slot, StepType
from aipipe.contracts.tools import Tools
from aipipe.media import film_words, inputs, sizes, words

_USUAL_SIZE = (1280, 720)


def _film(call: Call, tools: Tools) -> Produced:
    order = media.poster.Order(
        prompt=inputs.text(call, tools.sink, "prompt") or "",
        model=call.model,
        seed=words.seed(call),
        size=sizes.of_video(call, _USUAL_SIZE),
        mock=call.provenance.mock,
        variant=words.text(call, "negative_prompt"),
    )
    picture, palette = media.poster.artwork(order)
    layer = media.poster.lettering_of(order, palette, prompt=True)
    clip = media.filming.clip_of(call, order, picture, layer)
    path = tools.sink.scratch(media.filming.extension_for(call.output))
    media.clips.film(clip, path, tools.report, tools.cancelled)
    return Produced(artefacts=(tools.sink.adopt(path, VIDEO),))


STEP = StepType(
    name="text_to_video",
    summary="Make a video from a text.",
    slots=(Slot(name="prompt", medium=TEXT, summary="What the video shows.", words=("text",)),),
    produces=VIDEO,
    params=film_words.PARAMS,
    local=_film,
)
