"""Spoken words into a text."""

from aipipe import media
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.media import AUDIO, TEXT
from aipipe.contracts.step import JsonSchema, Slot, StepType
from aipipe.contracts.tools import Tools
from aipipe.errors import StepError
from aipipe.media import inputs, words

FORMAT = "txt"
_PARAMS: dict[str, JsonSchema] = {
    "transcript": {
        "type": "string",
        "description": "What is said, where that is known already; the embedded engine gives it"
        " back, as it can't listen.",
    },
    "language": {"type": "string", "description": "The language spoken, as a code such as 'en'."},
    "diarize": {
        "type": "boolean",
        "default": False,
        "description": "Tell the speakers apart.",
    },
}


def _transcribe(call: Call, tools: Tools) -> Produced:
    """The transcript that was given; in the place of another model, a text that says what it is."""
    seconds = media.tracks.heard(inputs.file(call, tools.sink, "audio"))
    text = words.text(call, "transcript") or _stand_in(call, seconds)
    extension = call.output.extension or FORMAT
    return Produced(artefacts=(tools.sink.adopt_text(text, extension=extension),))


def _stand_in(call: Call, seconds: float) -> str:
    if not call.provenance.mock:
        raise StepError(
            "local.needs_a_provider",
            "the local engine can't turn speech into text",
            hint="use a model such as 'whisper', or give the text as 'transcript'",
        )
    return f"[mock transcript in the place of '{call.model}': {seconds:.1f} seconds of sound]"


STEP = StepType(
    name="speech_to_text",
    summary="Write down what is said.",
    slots=(Slot(name="audio", medium=AUDIO, summary="The sound to listen to."),),
    produces=TEXT,
    params=_PARAMS,
    local=_transcribe,
    local_format=FORMAT,
    heavy=False,
)
