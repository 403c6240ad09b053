"""A sound track onto a video."""

from aipipe import media
from aipipe.contracts.artefact import ArtefactRef
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.media import AUDIO, TEXT, VIDEO
from aipipe.contracts.step import JsonSchema, Slot, StepType
from aipipe.contracts.tools import Tools
from aipipe.media import inputs, words
from aipipe.media.words import Bounds

FORMAT = "mp4"
FITS = ("trim", "pad", "loop")
VOLUME = Bounds(usual=1, least=0, most=4)
_PARAMS: dict[str, JsonSchema] = {
    "fit": {
        "type": "string",
        "enum": list(FITS),
        "default": FITS[0],
        "description": "What becomes of a sound of another length: 'trim' cuts what is too long,"
        " 'pad' also fills what is too short with silence, 'loop' repeats it.",
    },
    "volume": {
        "type": "number",
        "minimum": VOLUME.least,
        "maximum": VOLUME.most,
        "default": VOLUME.usual,
        "description": "How loud: 1 leaves the sound as it is.",
    },
    "duration": {
        "type": ["number", "string"],
        "pattern": r"^[0-9]+(\.[0-9]+)?s?$",
        "exclusiveMinimum": 0,
        "description": "How long the sound goes on, in seconds; else to the end of the video.",
    },
    "style": {"type": "string", "description": "A manner, such as 'calm' or 'cinematic'."},
    "seed": words.SEED,
}


def _add(call: Call, tools: Tools) -> Produced:

    video = inputs.file(call, tools.sink, "video")
    seconds = _seconds(call, media.tracks.seen(video).seconds)
    if isinstance(call.inputs.get("audio"), ArtefactRef):
        given = inputs.file(call, tools.sink, "audio")
        sound, blocks = media.audio_fit.fitted(given, seconds, _fit(call))
    else:
        sound, blocks = media.audio_fit.composed(_described(call, tools), words.seed(call), seconds)
    path = tools.sink.scratch(
        media.audio_track.container_for(video, call.output.extension or FORMAT)
    )
    media.audio_track.put_on(
        video,
        media.audio_fit.louder(blocks, words.number(call, "volume", VOLUME)),
        sound,
        path,
        report=lambda fraction: tools.report(fraction, "encoding"),
        cancelled=tools.cancelled,
    )
    return Produced(artefacts=(tools.sink.adopt(path, VIDEO),))


def _seconds(call: Call, video: float) -> float:
    """How long the sound goes on: never past the end of the pictures."""
    bounds = Bounds(usual=video, least=0.05, most=86_400, unit="seconds")
    return min(video, words.number(call, "duration", bounds))


def _described(call: Call, tools: Tools) -> str:
    """What the music should be like."""
    return f"{inputs.text(call, tools.sink, 'prompt') or ''} {words.text(call, 'style')}".strip()


def _fit(call: Call) -> str:
    fit = words.text(call, "fit") or FITS[0]
    if fit in FITS:
        return fit
    if call.provenance.mock:
        return FITS[0]
    raise words.unknown("fit", fit, "'trim', 'pad' or 'loop'")


STEP = StepType(
    name="add_audio",
    summary="Put a sound track onto a video.",
    slots=(
        Slot(name="video", medium=VIDEO, summary="The video; a sound it has is replaced."),
        Slot(name="audio", medium=AUDIO, summary="The sound to put on.", required=False),
        Slot(
            name="prompt",
            medium=TEXT,
            summary="What to make where no sound is given.",
            required=False,
            words=("text",),
        ),
    ),
    produces=VIDEO,
    params=_PARAMS,
    local=_add,
    local_format=FORMAT,
)
