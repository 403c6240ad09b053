"""A text as subtitles for a video or a sound."""

from aipipe import media
from aipipe.contracts.artefact import ArtefactRef
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.media import AUDIO, SUBTITLES, TEXT, VIDEO
from aipipe.contracts.step import JsonSchema, Slot, StepType
from aipipe.contracts.tools import Tools
from aipipe.errors import StepError
from aipipe.media import inputs, words
from aipipe.media.words import Bounds

FORMATS = ("srt", "vtt")
LINE = Bounds(usual=42, least=10, most=200, unit="characters")
_PARAMS: dict[str, JsonSchema] = {
    "format": {
        "type": "string",
        "enum": list(FORMATS),
        "default": FORMATS[0],
        "description": "SubRip or WebVTT; the name of the output file decides first.",
    },
    "max_line_length": {
        "type": "integer",
        "minimum": int(LINE.least),
        "maximum": int(LINE.most),
        "default": int(LINE.usual),
        "description": "The most characters in a line; wide scripts get half as many.",
    },
    "language": {"type": "string", "description": "The language of the text, as a code."},
}


def _time(call: Call, tools: Tools) -> Produced:

    spoken = media.sentences.sentences(inputs.text(call, tools.sink, "text") or "")
    if not spoken:
        raise StepError("local.empty_text", "there is no text for the subtitles")
    line = int(words.number(call, "max_line_length", LINE))
    cues = media.subtitles.cues_of(spoken, _seconds(call, tools), line_length=line)
    extension = _extension(call)
    text = media.subtitles.vtt(cues) if extension == "vtt" else media.subtitles.srt(cues)
    adopted = tools.sink.adopt_text(text, extension=extension, medium=SUBTITLES)
    return Produced(artefacts=(adopted,))


def _seconds(call: Call, tools: Tools) -> float:
    """The length of the video, else of the sound."""
    if isinstance(call.inputs.get("video"), ArtefactRef):
        return media.tracks.seen(inputs.file(call, tools.sink, "video")).seconds
    if isinstance(call.inputs.get("audio"), ArtefactRef):
        return media.tracks.heard(inputs.file(call, tools.sink, "audio"))
    raise StepError(
        "local.nothing_to_time",
        "subtitles need a video or a sound to be timed against",
        hint="give one as 'input: {video: …}' or 'input: {audio: …}'",
    )


def _extension(call: Call) -> str:
    wanted = call.output.extension or words.text(call, "format") or FORMATS[0]
    if wanted in FORMATS:
        return wanted
    if call.provenance.mock:
        return FORMATS[0]
    raise words.unknown("format", wanted, "'srt' or 'vtt'")


STEP = StepType(
    name="generate_subtitles",
    summary="Spread a text over a video or a sound as subtitles.",
    slots=(
        Slot(name="video", medium=VIDEO, summary="The video they are for.", required=False),
        Slot(name="audio", medium=AUDIO, summary="Else the sound they are for.", required=False),
        Slot(name="text", medium=TEXT, summary="What is said.", words=("subtitle_text", "prompt")),
    ),
    produces=SUBTITLES,
    params=_PARAMS,
    local=_time,
    local_format=FORMATS[0],
    heavy=False,
)
