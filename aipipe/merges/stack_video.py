"""Videos beside each other."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from aipipe import media
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.media import VIDEO
from aipipe.contracts.merge import MergeStrategy
from aipipe.contracts.step import JsonSchema
from aipipe.contracts.tools import Tools
from aipipe.media import words
from aipipe.media.film_merge_words import FPS, LENGTHS, PLAYED, STACKS
from aipipe.media.parts import parts_of

if TYPE_CHECKING:
    from aipipe.media.film_facts import Facts
    from aipipe.media.film_writing import Film

_WIDTH = words.Bounds(usual=3840, least=64, most=8192, unit="pixels")
_COLUMNS = words.Bounds(usual=0, least=1, most=100)
_SPACING = words.Bounds(usual=0, least=0, most=1000, unit="pixels")
_PARAMS: Mapping[str, JsonSchema] = {
    "layout": {
        "type": "string",
        "enum": list(STACKS),
        "default": STACKS[0],
        "description": "How the videos lie: side by side at one height, one below the other at "
        "one width, or in rows and columns.",
    },
    "columns": {
        "type": "integer",
        "minimum": _COLUMNS.least,
        "maximum": _COLUMNS.most,
        "description": "Columns of a grid; else as many as make a well-shaped picture.",
    },
    "labels": {
        "type": "boolean",
        "default": True,
        "description": "Whether to write each video's name under it.",
    },
    "length": {
        "type": "string",
        "enum": list(LENGTHS),
        "default": LENGTHS[0],
        "description": "How long it is: as the longest, the others staying on their last picture, "
        "or as the shortest.",
    },
    "sound": {
        "anyOf": [
            {"type": "string", "enum": list(PLAYED)},
            {"type": "integer", "minimum": 1},
        ],
        "default": PLAYED[0],
        "description": "What is heard: the first video that has sound, all of them at the same "
        "time ('mix'), that with this number (from 1), or nothing ('none').",
    },
    "spacing": {
        "type": "integer",
        "minimum": _SPACING.least,
        "maximum": _SPACING.most,
        "default": _SPACING.usual,
        "description": "Pixels between the videos and around them.",
    },
    "max_width": {
        "type": "integer",
        "minimum": _WIDTH.least,
        "maximum": _WIDTH.most,
        "default": _WIDTH.usual,
        "description": "Pixels that the whole is wide at most; larger videos are reduced.",
    },
    "fps": FPS,
}


def _stack(call: Call, tools: Tools) -> Produced:
    return media.film_merging.produced(call, tools, _film)


def _film(call: Call, tools: Tools) -> "Film":
    parts = media.film_parts.facts_of(call, tools.sink)
    rate = media.film_parts.rate_of(call, [part.rate for part in parts])
    ends = max if media.film_parts.one_of(call, "length", LENGTHS) == "longest" else min
    captions = _captions(call)
    stack = media.film_stacking.Stack(
        parts=parts,
        captions=captions,
        arrangement=_arrangement(call, parts, captions),
        rate=rate,
        frames=max(round(ends(part.seconds for part in parts) * rate), 1),
    )
    return media.film_writing.Film(
        size=stack.arrangement.size,
        rate=rate,
        frames=stack.frames,
        pictures=media.film_stacking.pictures(stack),
        track=media.film_choosing.track(parts, call.params.get("sound"), stack.frames / rate),
    )


def _captions(call: Call) -> list[str]:
    parts = parts_of(call)
    return [part.label if call.params.get("labels", True) else "" for part in parts]


def _arrangement(
    call: Call, parts: "Sequence[Facts]", captions: Sequence[str]
) -> "media.arrange.Arrangement":
    layout = media.sheets.Layout(
        kind=media.film_parts.one_of(call, "layout", STACKS),
        columns=int(words.number(call, "columns", _COLUMNS)) or None,
        spacing=int(words.number(call, "spacing", _SPACING)),
        background="black",
        max_width=int(words.number(call, "max_width", _WIDTH)),
        crop=False,
    )
    sources = [
        media.sheets.Source(path=part.path, size=part.size, caption=caption)
        for part, caption in zip(parts, captions, strict=True)
    ]
    return media.film_stacking.even(media.sheets.arranged(sources, layout))


MERGE = MergeStrategy(
    name="stack_video",
    captions=True,
    summary="Play videos at the same time, beside each other, each with its name under it.",
    accepts=(VIDEO,),
    produces=VIDEO,
    run=_stack,
    params=_PARAMS,
)
