"""Videos one after the other."""

from typing import TYPE_CHECKING

from aipipe import media
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.media import VIDEO
from aipipe.contracts.merge import MergeStrategy
from aipipe.contracts.tools import Tools
from aipipe.media.film_merge_words import FPS, FRAME

if TYPE_CHECKING:
    from aipipe.media.film_writing import Film


def _join(call: Call, tools: Tools) -> Produced:
    return media.film_merging.produced(call, tools, _film)


def _film(call: Call, tools: Tools) -> "Film":
    parts = media.film_parts.facts_of(call, tools.sink)
    rate = media.film_parts.rate_of(call, [part.rate for part in parts])
    look = media.film_frames.Look(size=media.film_parts.size_of(call, parts[0].size), rate=rate)
    return media.film_joining.film(parts, look, media.film_parts.crossfade_of(call, rate))


MERGE = MergeStrategy(
    name="concat_video",
    summary="Play videos one after the other, of any size, rate and format, with their sound.",
    accepts=(VIDEO,),
    produces=VIDEO,
    run=_join,
    params={**FRAME, "fps": FPS},
)
