"""A sound put onto a video."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from aipipe import media
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.media import AUDIO, VIDEO
from aipipe.contracts.merge import MergeStrategy
from aipipe.contracts.step import JsonSchema
from aipipe.contracts.tools import Tools
from aipipe.errors import StepError
from aipipe.media import words
from aipipe.media.parts import parts_of
from aipipe.media.words import Bounds

if TYPE_CHECKING:
    from aipipe.media.audio import Sound
    from aipipe.media.heard import Heard

FORMAT = "mp4"
FITS = ("pad", "trim", "loop")
GAIN = Bounds(usual=0, least=-60, most=20, unit="dB")
_GAIN: JsonSchema = {
    "type": "number",
    "minimum": GAIN.least,
    "maximum": GAIN.most,
    "default": 0,
}
_PARAMS: Mapping[str, JsonSchema] = {
    "fit": {
        "type": "string",
        "enum": [*FITS],
        "default": FITS[0],
        "description": "What becomes of a sound of another length than the video: 'trim' cuts"
        " what is too long, 'pad' also fills what is too short with silence, 'loop' repeats it.",
    },
    "gain": {
        **_GAIN,
        "description": "Decibels by which the sound is made louder or (below 0) softer.",
    },
    "mix": {
        "type": "boolean",
        "default": False,
        "description": "Whether the video's own sound stays, under the new one.",
    },
    "own_gain": {
        **_GAIN,
        "description": "Decibels by which the video's own sound is made louder or softer.",
    },
}


def _add(call: Call, tools: Tools) -> Produced:
    video, sound = _pair(call, tools)
    with media.parts.naming(video.name):
        seconds = media.tracks.seen(video.path).seconds
        wanted = call.output.extension or FORMAT
        path = tools.sink.scratch(media.audio_track.container_for(video.path, wanted))
    layout, blocks = _sounding(call, video, sound, seconds)
    media.audio_track.put_on(
        video.path,
        blocks,
        layout,
        path,
        report=lambda fraction: tools.report(fraction, "encoding"),
        cancelled=tools.cancelled,
    )
    return Produced(artefacts=(tools.sink.adopt(path, VIDEO),))


def _pair(call: Call, tools: Tools) -> "tuple[Heard, Heard]":
    """The video and the sound, in whichever order they came."""
    parts = parts_of(call)
    sounds = media.heard.all_heard(parts, tools.sink)
    came = [
        (part.artefact.medium, each)
        for part, each in zip(parts, sounds, strict=True)
        if part.artefact
    ]
    if sorted(medium for medium, _ in came) != sorted((VIDEO, AUDIO)):
        names = ", ".join(f"{each.name} is {medium}" for medium, each in came)
        raise StepError(
            "merge.wrong_input",
            f"it takes one video and one sound, but {names}",
            hint="give it exactly one of each:  merge_strategy: mix_audio  makes one of sounds",
        )
    by_medium = dict(came)
    return by_medium[VIDEO], by_medium[AUDIO]


def _sounding(
    call: Call, video: "Heard", given: "Heard", seconds: float
) -> "tuple[Sound, Iterator[bytes]]":
    """What is to be heard, and how it is laid out."""
    both = words.flag(call, "mix") and media.heard.has_sound(video.path)
    layout = media.heard.common([given, video] if both else [given])
    new = media.audio_fit.at_length(
        given.sounding(layout), layout, seconds, words.choice(call, "fit", FITS)
    )
    gain, own = (words.number(call, word, GAIN) for word in ("gain", "own_gain"))
    if not both and not gain:
        return layout, new
    sounds = [new, video.samples(layout)] if both else [new]
    mix = media.audio_mixer.Mix(gains=(gain, own)[: len(sounds)])
    mixed = media.audio_mixer.mixed(sounds, layout, mix)
    return layout, media.audio_fit.first(seconds, mixed, layout)


MERGE = MergeStrategy(
    name="add_audio_track",
    summary="Put a sound onto a video: exactly one of each, in either order.",
    accepts=(VIDEO, AUDIO),
    produces=VIDEO,
    run=_add,
    params=_PARAMS,
    format=FORMAT,
    one_each=True,
)
