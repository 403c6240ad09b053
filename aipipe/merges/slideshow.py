"""Pictures and speech as a film."""

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from aipipe import media
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.media import AUDIO, IMAGE, VIDEO
from aipipe.contracts.merge import MergeStrategy
from aipipe.contracts.step import JsonSchema
from aipipe.contracts.tools import Tools
from aipipe.media.film_merge_words import FPS, FRAME, MOVES, RATE, SECONDS

if TYPE_CHECKING:
    from aipipe.media.film_writing import Film

_PARAMS: Mapping[str, JsonSchema] = {
    "seconds": {
        "type": "number",
        "minimum": SECONDS.least,
        "maximum": SECONDS.most,
        "default": SECONDS.usual,
        "description": "How long each picture is seen where there is no sound.",
    },
    "move": {
        "type": "string",
        "enum": list(MOVES),
        "default": MOVES[0],
        "description": "'none': each picture stands still, whole, in the middle; 'ken_burns': a "
        "camera moves over it, and it fills the frame.",
    },
    "size": {
        **FRAME["size"],
        "description": "Width and height in pixels, made even; else those of the first picture, "
        "at most 1920 a side.",
    },
    "crossfade": {
        **FRAME["crossfade"],
        "description": "Seconds for which a picture still is seen under the next.",
    },
    "fps": {**FPS, "default": RATE.usual, "description": "Pictures a second."},
}


def _show(call: Call, tools: Tools) -> Produced:
    return media.film_merging.produced(call, tools, _film)


def _film(call: Call, tools: Tools) -> "Film":
    pairs = media.slide_pairs.pairs_of(call, tools.sink)
    rate = media.film_parts.rate_of(call, [Fraction(RATE.usual)])
    size = media.film_parts.size_of(call, media.slides.usual_size(pairs.slides[0].path))
    show = media.slides.Show(
        slides=pairs.slides,
        look=media.film_frames.Look(size=size, rate=rate),
        move=media.film_parts.one_of(call, "move", MOVES),
        crossfade=media.film_parts.crossfade_of(call, rate),
    )
    return media.film_writing.Film(
        size=size,
        rate=rate,
        frames=sum(show.lengths),
        pictures=media.slides.frames_of(show),
        track=media.slide_pairs.track(pairs.sounds),
    )


MERGE = MergeStrategy(
    name="slideshow",
    summary="Show pictures one after the other, each as long as its speech.",
    accepts=(IMAGE, AUDIO),
    produces=VIDEO,
    run=_show,
    pairs=True,
    params=_PARAMS,
)
