"""A prompt for a picture, a video or a sound, from a picture or a text."""

from aipipe import media
from aipipe.contracts.artefact import ArtefactRef
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.media import IMAGE, TEXT
from aipipe.contracts.step import JsonSchema, Slot, StepType
from aipipe.contracts.tools import Tools
from aipipe.errors import StepError
from aipipe.media import inputs, words

FORMAT = "txt"
COLOURS = 2
TARGETS, LENGTHS = ("video", "image", "audio"), ("short", "medium", "long")
_PARAMS: dict[str, JsonSchema] = {
    "target": {
        "type": "string",
        "enum": list(TARGETS),
        "default": TARGETS[0],
        "description": "What the prompt is for.",
    },
    "style": {"type": "string", "description": "A manner, such as 'noir'."},
    "video_style": {"type": "string", "description": "The same as 'style', for a video."},
    "background_context": {
        "type": "string",
        "description": "What the prompt should bear in mind besides.",
    },
    "duration_preference": {
        "type": "string",
        "enum": list(LENGTHS),
        "default": "medium",
        "description": "How much should happen.",
    },
    "instructions": {"type": "string", "description": "How to write the prompt, for models."},
    "seed": words.SEED,
}


def _write(call: Call, tools: Tools) -> Produced:

    subject = inputs.text(call, tools.sink, "text") or ""
    colours = _colours(call, tools)
    if not subject and not colours:
        raise StepError("local.nothing_to_describe", "a prompt needs a picture or a text to go by")
    brief = media.wording.Brief(
        subject=subject or "the scene of the picture",
        target=words.text(call, "target") or TARGETS[0],
        style=words.text(call, "style") or words.text(call, "video_style"),
        background=words.text(call, "background_context"),
        length=words.text(call, "duration_preference") or "medium",
        colours=colours,
    )
    text = media.wording.prompt_for(brief, call.model if call.provenance.mock else None)
    extension = call.output.extension or FORMAT
    return Produced(artefacts=(tools.sink.adopt_text(text, extension=extension),))


def _colours(call: Call, tools: Tools) -> tuple[str, ...]:
    """The names of the picture's main colours; none without a picture."""
    if not isinstance(call.inputs.get("image"), ArtefactRef):
        return ()

    picture = media.pictures.read(inputs.file(call, tools.sink, "image"))
    return tuple(colour.name for colour in media.look.main_colours(picture)[:COLOURS])


STEP = StepType(
    name="prompt_generation",
    summary="Write a prompt from a picture or a text; the embedded engine has a template only.",
    slots=(
        Slot(name="image", medium=IMAGE, summary="The picture to go by.", required=False),
        Slot(
            name="text",
            medium=TEXT,
            summary="The idea to go by.",
            required=False,
            words=("prompt",),
        ),
    ),
    produces=TEXT,
    params=_PARAMS,
    local=_write,
    local_format=FORMAT,
    heavy=False,
)
