"""Pictures on one sheet."""

from collections.abc import Mapping

from aipipe import media
from aipipe.contracts.artefact import ArtefactRef
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.media import IMAGE
from aipipe.contracts.merge import MergeStrategy
from aipipe.contracts.step import JsonSchema
from aipipe.contracts.tools import Tools
from aipipe.errors import StepError
from aipipe.media import inputs, words

_LAYOUTS = ("grid", "horizontal", "vertical", "overlay")
_WIDEST = 16_384
_USUAL_WIDTH = 4096
_COLUMNS = words.Bounds(usual=0, least=1, most=1000)
_SPACING = words.Bounds(usual=-1, least=0, most=1000, unit="pixels")
_WIDTH = words.Bounds(usual=_USUAL_WIDTH, least=16, most=_WIDEST, unit="pixels")
_OPACITY = words.Bounds(usual=0.5, least=0, most=1)
_PARAMS: Mapping[str, JsonSchema] = {
    "layout": {
        "type": "string",
        "enum": [*_LAYOUTS],
        "description": "How the pictures lie: in rows and columns, side by side, one below the "
        "other, or on top of each other.",
        "default": "grid",
    },
    "columns": {
        "type": "integer",
        "minimum": 1,
        "maximum": 1000,
        "description": "Columns of a grid; else as many as make a well-shaped sheet.",
    },
    "spacing": {
        "type": "integer",
        "minimum": 0,
        "maximum": 1000,
        "description": "Pixels between the pictures and around them; else by their size.",
    },
    "background": {
        "type": "string",
        "description": "A colour's name, '#rrggbb', or 'transparent'.",
        "default": "white",
    },
    "captions": {
        "anyOf": [{"type": "boolean"}, {"type": "array", "items": {"type": "string"}}],
        "description": "Whether to write each picture's name under it, or what to write.",
        "default": True,
    },
    "labels": {
        "type": "boolean",
        "description": "false: no names under the pictures; 'captions' says more.",
        "default": True,
    },
    "max_width": {
        "type": "integer",
        "minimum": 16,
        "maximum": _WIDEST,
        "description": "Pixels that the sheet is wide at most; larger pictures are reduced.",
        "default": _USUAL_WIDTH,
    },
    "fit": {
        "type": "string",
        "enum": ["pad", "crop"],
        "description": "Whether a picture stands whole in its place, or fills it and is cut.",
        "default": "pad",
    },
    "opacity": {
        "type": "number",
        "minimum": 0,
        "maximum": 1,
        "description": "How much the upper pictures of an overlay cover.",
        "default": 0.5,
    },
}


def _combine(call: Call, tools: Tools) -> Produced:
    kind = words.text(call, "layout") or "grid"
    if kind not in _LAYOUTS:
        raise words.unknown("layout", kind, f"one of {', '.join(_LAYOUTS)}")
    sources, layout = _sources(call, tools), _layout(call, kind)
    if kind == "overlay":
        opacity = words.number(call, "opacity", _OPACITY)
        made = media.sheets.overlaid(sources, layout, opacity, tools.cancelled)
    else:
        made = media.sheets.sheet(sources, layout, tools.report, tools.cancelled)
    path = media.pictures.write(made, tools.sink.scratch(media.pictures.extension_for(call.output)))
    return Produced(artefacts=(tools.sink.adopt(path, IMAGE),))


def _layout(call: Call, kind: str) -> "media.sheets.Layout":
    spacing = words.number(call, "spacing", _SPACING)
    return media.sheets.Layout(
        kind=kind,
        columns=int(words.number(call, "columns", _COLUMNS)) or None,
        spacing=int(spacing) if spacing >= 0 else None,
        background=words.text(call, "background") or "white",
        max_width=int(words.number(call, "max_width", _WIDTH)),
        crop=words.text(call, "fit") == "crop",
    )


def _sources(call: Call, tools: Tools) -> "list[media.sheets.Source]":
    found = inputs.listed(call)
    if not found:
        raise StepError("merge.nothing", "there is no picture to combine")
    return [
        media.sheets.Source(
            path=path, size=_size(artefact) or media.pictures.displayed_size(path), caption=caption
        )
        for artefact, caption in zip(found, _captions(call, found), strict=True)
        for path in (tools.sink.path_of(artefact),)
    ]


def _size(artefact: ArtefactRef) -> tuple[int, int] | None:
    return (artefact.width, artefact.height) if artefact.width and artefact.height else None


def _captions(call: Call, found: tuple[ArtefactRef, ...]) -> list[str]:
    """One for each picture: what the file says, else its label; empty strings for none."""
    wanted = call.params.get("captions", call.params.get("labels", True))
    if wanted is False:
        return [""] * len(found)
    if isinstance(wanted, list):
        given = [str(caption) for caption in wanted]
        return [*given, *[""] * len(found)][: len(found)]
    labels = call.labels if len(call.labels) == len(found) else ("",) * len(found)
    return [label or part.label or "" for label, part in zip(labels, found, strict=True)]


MERGE = MergeStrategy(
    name="combine_images",
    captions=True,
    summary="Put pictures on one sheet, each with its name under it.",
    accepts=(IMAGE,),
    produces=IMAGE,
    run=_combine,
    params=_PARAMS,
)
