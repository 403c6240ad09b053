"""What can be said of a video, as text."""

from collections.abc import Mapping

from aipipe import media
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.media import TEXT, VIDEO
from aipipe.contracts.step import JsonSchema, Slot, StepType
from aipipe.contracts.tools import Tools
from aipipe.media import inputs, words

_PARAMS: Mapping[str, JsonSchema] = {
    "question": {"type": "string", "description": "What to find out about the video."},
    "detail": {
        "type": "string",
        "enum": ["low", "auto", "high"],
        "description": "How much to tell.",
        "default": "auto",
    },
}


def _describe(call: Call, tools: Tools) -> Produced:
    report = media.watching.report(
        inputs.file(call, tools.sink, "video"),
        question=words.text(call, "question") or inputs.text(call, tools.sink, "prompt"),
        stands_for=call.model if call.provenance.mock else None,
        detail=words.text(call, "detail") or "auto",
    )
    extension = call.output.extension or "txt"
    return Produced(artefacts=(tools.sink.adopt_text(report, extension=extension),))


STEP = StepType(
    name="video_understanding",
    summary="Tell what a video shows; the embedded engine measures it.",
    slots=(
        Slot(name="video", medium=VIDEO, summary="The video to watch."),
        Slot(name="prompt", medium=TEXT, summary="The question.", required=False, words=("text",)),
    ),
    produces=TEXT,
    params=_PARAMS,
    local=_describe,
    heavy=False,
)
