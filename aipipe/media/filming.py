"""What the two steps that film a still picture have in common: their words, and the clip."""

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from aipipe.contracts.call import Call, OutputRequest
from aipipe.contracts.step import JsonSchema
from aipipe.media import moves, poster, sizes, words
from aipipe.media.audio_score import score_of
from aipipe.media.clips import Clip
from aipipe.media.containers import VIDEOS
from aipipe.media.poster import Order

if TYPE_CHECKING:
    from PIL.Image import Image

LONGEST = 600
PARAMS: Mapping[str, JsonSchema] = {
    "duration": {
        "anyOf": [
            {"type": "number", "exclusiveMinimum": 0, "maximum": LONGEST},
            {"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*(s|sec|seconds?)?\s*$"},
        ],
        "description": "Length in seconds.",
        "default": 5,
    },
    "size": {**sizes.SIZE, "description": "Width and height in pixels; made even."},
    "aspect_ratio": sizes.ASPECT_RATIO,
    "resolution": sizes.VIDEO_RESOLUTION,
    "fps": {
        "type": "number",
        "minimum": 1,
        "maximum": 60,
        "description": "Pictures a second.",
        "default": 24,
    },
    "seed": words.SEED,
    "audio": {"type": "boolean", "description": "Whether to add sound.", "default": False},
    "camera": {
        "type": "string",
        "description": "How the camera moves, such as 'zoom in' or 'pan left'.",
    },
    "negative_prompt": {"type": "string", "description": "What the video should not have."},
}
_DURATION = words.Bounds(usual=5, least=0.04, most=LONGEST, unit="seconds")
_RATE = words.Bounds(usual=24, least=1, most=60)


def clip_of(call: Call, order: Order, picture: "Image", layer: "Image | None") -> Clip:
    """The clip that a call asks for, over a picture and under a layer.

    Raises:
        StepError: `local.unknown_value`.
    """
    said = f"{words.text(call, 'camera')} {order.prompt}".replace("-", " ").replace("_", " ")
    motion = words.text(call, "motion") or moves.AUTO
    return Clip(
        picture=picture,
        layer=layer,
        size=order.size,
        seconds=words.number(call, "duration", _DURATION),
        rate=_rate(words.number(call, "fps", _RATE)),
        move=moves.named(motion, said, poster.choice_of(order, "motion")),
        music=score_of(order.prompt, str(order.seed)) if words.flag(call, "audio") else None,
    )


def _rate(asked: float) -> Fraction:
    """Pictures a second; 29.97 and the like are what television means by them: 30000/1001."""
    nominal = round(asked * 1.001)
    if asked != nominal and abs(nominal / 1.001 - asked) < 0.005:  # noqa: PLR2004 - as rounded
        return Fraction(nominal * 1000, 1001)
    return Fraction(asked).limit_denominator(1001)


def extension_for(output: OutputRequest) -> str:
    """The extension to write a video with: what is asked for, if it is a video's, else `mp4`."""
    return output.extension if output.extension in VIDEOS else "mp4"
