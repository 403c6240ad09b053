"""What the two steps that film a still picture have in common: their words, and the clip."""

from fractions import Fraction
from typing import TYPE_CHECKING

from aipipe.contracts.call import Call, OutputRequest
from aipipe.media import moves, poster, words
from aipipe.media.audio_score import score_of
from aipipe.media.clips import Clip
from aipipe.media.containers import VIDEOS
from aipipe.media.film_words import LONGEST
from aipipe.media.poster import Order

if TYPE_CHECKING:
    from PIL.Image import Image

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
