"""What can be said of a picture, as text."""

from collections.abc import Mapping

from aipipe import media
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.media import IMAGE, TEXT
from aipipe.contracts.step import JsonSchema, Slot, StepType
from aipipe.contracts.tools import Tools
from aipipe.media import inputs, words

_PARAMS: Mapping[str, JsonSchema] = {
    "question": {"type": "string", "description": "What to find out about the picture."},
    "detail": {
        "type": "string",
        "enum": ["low", "auto", "high"],
        "description": "How much to tell.",
        "default": "auto",
    },
}


def _describe(call: Call, tools: Tools) -> Produced:
    question = words.text(call, "question") or inputs.text(call, tools.sink, "prompt")
    report = media.look.report(
        inputs.file(call, tools.sink, "image"),
        question=question,
        stands_for=call.model if call.provenance.mock else None,
        detail=words.text(call, "detail"),
    )
    extension = call.output.extension or "txt"
    return Produced(artefacts=(tools.sink.adopt_text(report, extension=extension),))


STEP = StepType(
    name="image_understanding",
    summary="Tell what a picture shows; the embedded engine measures it.",
    slots=(
        Slot(name="image", medium=IMAGE, summary="The picture to look at."),
        Slot(name="prompt", medium=TEXT, summary="The question.", required=False, words=("text",)),
    ),
    produces=TEXT,
    params=_PARAMS,
    local=_describe,
    heavy=False,
)
