"""Text into spoken words."""

import hashlib
from dataclasses import replace

from aipipe import media
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.media import AUDIO, TEXT
from aipipe.contracts.step import Slot, StepType
from aipipe.contracts.tools import Tools
from aipipe.errors import StepError
from aipipe.media import inputs, voices, words
from aipipe.media.voices import HIGHEST, USUAL, Delivery
from aipipe.media.words import Bounds

DEFAULT_VOICE = "rachel"
FORMAT = "wav"
SEMITONE = 4
"""On the engine's scale, roughly."""
SPEED = Bounds(usual=1, least=0.25, most=4)
PITCH = Bounds(usual=0, least=-12, most=12, unit="semitones")
STABILITY = Bounds(usual=0.5, least=0, most=1)
STYLE = Bounds(usual=0, least=0, most=1)


def _speak(call: Call, tools: Tools) -> Produced:

    text = inputs.text(call, tools.sink, "text") or ""
    path = tools.sink.scratch(call.output.extension or FORMAT)
    tools.report(0.0, "speaking")
    try:
        media.speech.speak(text, _delivery(call), path, cancelled=tools.cancelled)
    except StepError as error:
        if error.code != "local.unknown_language" or not call.provenance.mock:
            raise
        usual = replace(_delivery(call), language=None)  # it is another model that speaks it
        media.speech.speak(text, usual, path, cancelled=tools.cancelled)
    return Produced(artefacts=(tools.sink.adopt(path, AUDIO),))


def _delivery(call: Call) -> Delivery:
    stability, style = (
        words.number(call, "stability", STABILITY),
        words.number(call, "style", STYLE),
    )
    lively = round(USUAL + 60 * (0.5 - stability) + 30 * style)
    return Delivery(
        voice=_voice(call),
        language=voices.language_code(words.text(call, "language")),
        speed=words.number(call, "speed", SPEED),
        liveliness=min(HIGHEST, max(0, lively)),
        pitch=_pitch(call),
    )


def _voice(call: Call) -> voices.Voice:
    """The voice by its name. In the place of another model, any name has one."""
    name = words.text(call, "voice") or DEFAULT_VOICE
    if call.provenance.mock:
        return voices.stand_in(name)
    found = voices.voice_of(name)
    if found is None:
        raise voices.unknown_voice(name)
    return found


def _pitch(call: Call) -> int:
    """The pitch that was asked for, and the small difference that another seed makes."""
    asked = words.number(call, "pitch", PITCH)
    seed = words.seed(call)
    drift = hashlib.sha256(str(seed).encode()).digest()[0] % 7 - 3 if seed else 0
    return round(asked * SEMITONE) + drift


STEP = StepType(
    name="text_to_speech",
    summary="Speak a text.",
    slots=(Slot(name="text", medium=TEXT, summary="What to say.", words=("prompt",)),),
    produces=AUDIO,
    params={
        "voice": {
            "type": "string",
            "minLength": 1,
            "default": DEFAULT_VOICE,
            "description": "Who speaks: a name such as 'rachel' (all of them: aipipe voices).",
        },
        "speed": {
            "type": "number",
            "minimum": 0.25,
            "maximum": 4,
            "default": 1,
            "description": "How fast: 1 is usual, 2 twice as fast.",
        },
        "language": {
            "type": "string",
            "default": "auto",
            "description": "The language of the text, as a code such as 'fr' or 'pt-br'.",
        },
        "pitch": {
            "type": "number",
            "minimum": -12,
            "maximum": 12,
            "default": 0,
            "description": "How much higher or lower than the voice's own, in semitones.",
        },
        "stability": {
            "type": "number",
            "minimum": 0,
            "maximum": 1,
            "default": 0.5,
            "description": "How even the voice is: 0 lively, 1 flat.",
        },
        "similarity_boost": {
            "type": "number",
            "minimum": 0,
            "maximum": 1,
            "default": 0.75,
            "description": "How close to keep to the original voice, where a model has one.",
        },
        "style": {
            "type": "number",
            "minimum": 0,
            "maximum": 1,
            "default": 0,
            "description": "How much to exaggerate the voice's manner.",
        },
        "instructions": {
            "type": "string",
            "description": "How to say it, in words, for models that follow them.",
        },
        "seed": words.SEED,
    },
    local=_speak,
    local_format=FORMAT,
    heavy=False,
    voices=voices.NAMES,
)
