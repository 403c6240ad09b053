"""Sounds at the same time: a main one with others under it."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from aipipe import media
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.media import AUDIO
from aipipe.contracts.merge import MergeStrategy
from aipipe.contracts.step import JsonSchema
from aipipe.contracts.tools import Tools
from aipipe.media import words
from aipipe.media.parts import parts_of
from aipipe.media.words import Bounds

if TYPE_CHECKING:
    from aipipe.media.audio import Sound
    from aipipe.media.heard import Heard

FORMAT = "wav"
MAINS = ("first", "last")
ENDS = ("longest", "first", "shortest")
GAIN = Bounds(usual=0, least=-60, most=20, unit="dB")
UNDER = -12
DUCK = Bounds(usual=0, least=0, most=40, unit="dB")
FADE = Bounds(usual=0, least=0, most=30, unit="seconds")
_PARAMS: Mapping[str, JsonSchema] = {
    "main": {
        "type": "string",
        "enum": [*MAINS],
        "default": MAINS[0],
        "description": "Which one is the main sound, such as a voice: the others lie under it.",
    },
    "gains": {
        "type": "array",
        "items": {"type": "number", "minimum": GAIN.least, "maximum": GAIN.most},
        "description": "Decibels by which each sound is made louder or (below 0) softer, in the"
        f" order written; else 0 for the main sound and {UNDER} for the others.",
    },
    "duck": {
        "type": "number",
        "minimum": 0,
        "maximum": DUCK.most,
        "default": 0,
        "description": "Decibels by which the others sink while the main sound is heard.",
    },
    "duration": {
        "type": "string",
        "enum": [*ENDS],
        "default": ENDS[0],
        "description": "Which sound the mix ends with: the longest, the shortest, or 'first' for"
        " the main one.",
    },
    "loop": {
        "type": "boolean",
        "default": False,
        "description": "Whether the others are repeated until the main sound ends.",
    },
    "fade_out": {
        "type": "number",
        "minimum": 0,
        "maximum": FADE.most,
        "default": 0,
        "description": "Seconds over which the mix goes out at its end.",
    },
}


def _mix(call: Call, tools: Tools) -> Produced:
    sounds = _main_first(call, media.heard.all_heard(parts_of(call), tools.sink))
    sound = media.heard.common(sounds)
    blocks = media.audio_mixer.mixed(_each(call, sounds, sound), sound, _wanted(call, len(sounds)))
    fade = words.number(call, "fade_out", FADE)
    if fade:
        blocks = media.audio_join.faded_out(blocks, sound, fade)
    path = tools.sink.scratch(call.output.extension or FORMAT)
    tools.report(0, "mixing")
    media.audio_files.write_sound(path, blocks, sound, cancelled=tools.cancelled)
    return Produced(artefacts=(tools.sink.adopt(path, AUDIO),))


def _main_first(call: Call, sounds: "tuple[Heard, ...]") -> "tuple[Heard, ...]":
    return sounds if _main(call) == MAINS[0] else (sounds[-1], *sounds[:-1])


def _main(call: Call) -> str:
    return words.choice(call, "main", MAINS)


def _each(call: Call, sounds: "tuple[Heard, ...]", sound: "Sound") -> list[Iterator[bytes]]:
    """The samples of each, the main sound first."""
    main, *others = sounds
    if not words.flag(call, "loop"):
        return [each.samples(sound) for each in sounds]
    endless = (media.audio_fit.repeated(each.sounding(sound)) for each in others)
    return [main.samples(sound), *endless]


def _wanted(call: Call, count: int) -> "media.audio_mixer.Mix":
    until = words.choice(call, "duration", ENDS)
    return media.audio_mixer.Mix(
        gains=_gains(call, count),
        duck=words.number(call, "duck", DUCK),
        until="first" if words.flag(call, "loop") else until,
    )


def _gains(call: Call, count: int) -> tuple[float, ...]:
    """Decibels of each, the main sound first."""
    given = call.params.get("gains")
    written = given if isinstance(given, list) else []
    if len(written) > count:
        raise words.unknown("gains", written, f"at most {count} numbers, one for each sound")
    at = 0 if _main(call) == MAINS[0] else count - 1
    usual: list[float] = [0 if place == at else UNDER for place in range(count)]
    gains = [*(_gain(each) for each in written), *usual[len(written) :]]
    return (gains[at], *gains[:at], *gains[at + 1 :])


def _gain(given: object) -> float:
    if isinstance(given, int | float) and GAIN.least <= given <= GAIN.most:
        return float(given)
    raise words.unknown("gains", f"{given}", f"numbers from {GAIN.least} to {GAIN.most} dB")


MERGE = MergeStrategy(
    name="mix_audio",
    summary="Play sounds at the same time: a main one, such as a voice, with others under it.",
    accepts=(AUDIO,),
    produces=AUDIO,
    run=_mix,
    params=_PARAMS,
    format=FORMAT,
)
