"""A text into music or a sound effect."""

from aipipe import media
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.media import AUDIO, TEXT
from aipipe.contracts.step import Slot, StepType
from aipipe.contracts.tools import Tools
from aipipe.media import inputs, words
from aipipe.media.words import Bounds

FORMAT = "wav"
SECONDS = Bounds(usual=10, least=0.5, most=600, unit="seconds")


def _play(call: Call, tools: Tools) -> Produced:

    prompt = inputs.text(call, tools.sink, "prompt") or ""
    seconds = words.number(call, "duration", SECONDS)
    loop = words.flag(call, "loop")
    path = tools.sink.scratch(call.output.extension or FORMAT)
    tools.report(0.0, "playing")
    sound, blocks = media.audio_fit.composed(prompt, words.seed(call), seconds, loop=loop)
    media.audio_files.write_sound(path, blocks, sound, cancelled=tools.cancelled)
    return Produced(artefacts=(tools.sink.adopt(path, AUDIO),))


STEP = StepType(
    name="text_to_audio",
    summary="Make music or a sound effect from a text.",
    slots=(
        Slot(name="prompt", medium=TEXT, summary="What it should sound like.", words=("text",)),
    ),
    produces=AUDIO,
    params={
        "duration": {
            "type": ["number", "string"],
            "pattern": r"^[0-9]+(\.[0-9]+)?s?$",
            "minimum": SECONDS.least,
            "maximum": SECONDS.most,
            "default": SECONDS.usual,
            "description": "How long, in seconds.",
        },
        "instrumental": {
            "type": "boolean",
            "default": False,
            "description": "Nobody sings.",
        },
        "loop": {
            "type": "boolean",
            "default": False,
            "description": "The end leads into the beginning.",
        },
        "seed": words.SEED,
    },
    local=_play,
    local_format=FORMAT,
)
