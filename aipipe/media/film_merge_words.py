"""The words that merges which make a film have in common."""

from collections.abc import Mapping

from aipipe.contracts.step import JsonSchema
from aipipe.media import sizes
from aipipe.media.words import Bounds

RATE = Bounds(usual=24, least=1, most=60)
SECONDS = Bounds(usual=4, least=0.1, most=600, unit="seconds")
STACKS = ("horizontal", "vertical", "grid")
LENGTHS = ("longest", "shortest")
PLAYED = ("first", "mix", "none")
MOVES = ("none", "ken_burns")
CROSSFADE = Bounds(usual=0, least=0, most=10, unit="seconds")

FPS: JsonSchema = {
    "type": "number",
    "minimum": RATE.least,
    "maximum": RATE.most,
    "description": "Pictures a second; else the highest of the parts.",
}
FRAME: Mapping[str, JsonSchema] = {
    "size": {
        **sizes.SIZE,
        "description": "Width and height in pixels, made even; else those of the first part. What "
        "has another shape stands whole in the middle.",
    },
    "crossfade": {
        "type": "number",
        "minimum": CROSSFADE.least,
        "maximum": CROSSFADE.most,
        "default": CROSSFADE.usual,
        "description": "Seconds for which each part blends into the next: at most half of either.",
    },
}
