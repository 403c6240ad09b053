"""A picture in tiles."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from aipipe import media
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.media import IMAGE
from aipipe.contracts.split import SplitMode
from aipipe.contracts.step import JsonSchema
from aipipe.contracts.tools import Tools
from aipipe.errors import CancelledError, StepError
from aipipe.media import inputs, sizes, words

_MOST = 64
_SIDE = words.Bounds(usual=2, least=1, most=_MOST)
_PARAMS: Mapping[str, JsonSchema] = {
    "rows": {
        "type": "integer",
        "minimum": 1,
        "maximum": _MOST,
        "description": "Tiles from top to bottom.",
        "default": 2,
    },
    "columns": {
        "type": "integer",
        "minimum": 1,
        "maximum": _MOST,
        "description": "Tiles from left to right.",
        "default": 2,
    },
    "size": {
        **sizes.SIZE,
        "description": "Pixels of a tile, in the place of rows and columns; those at the right "
        "and lower edge have what is left.",
    },
}
_Box = tuple[int, int, int, int]


def _cut(call: Call, tools: Tools) -> Produced:
    picture = media.pictures.read(inputs.file(call, tools.sink, "input"))
    boxes = list(_boxes(call, picture.size))
    made = []
    for number, (label, box) in enumerate(boxes, start=1):
        if tools.cancelled():
            raise CancelledError
        path = tools.sink.scratch(media.pictures.extension_for(call.output))
        media.pictures.write(picture.crop(box), path)
        made.append(tools.sink.adopt(path, IMAGE, label=label))
        tools.report(number / len(boxes), "cutting")
    return Produced(artefacts=tuple(made))


def _boxes(call: Call, size: tuple[int, int]) -> Iterator[tuple[str, _Box]]:
    """Labels and places of all tiles, row by row."""
    across, down = _edges(call, size)
    for row, (top, bottom) in enumerate(pairwise(down), start=1):
        for column, (left, right) in enumerate(pairwise(across), start=1):
            yield f"r{row}c{column}", (left, top, right, bottom)


def _edges(call: Call, size: tuple[int, int]) -> tuple[list[int], list[int]]:
    """Where tiles begin and end, from left to right and from top to bottom."""
    if tile := sizes.given(call):
        across, down = (
            [*range(0, length, side), length] for length, side in zip(size, tile, strict=True)
        )
    else:
        columns = int(words.number(call, "columns", _SIDE))
        rows = int(words.number(call, "rows", _SIDE))
        across = [round(size[0] * place / columns) for place in range(columns + 1)]
        down = [round(size[1] * place / rows) for place in range(rows + 1)]
    if len(set(across)) < len(across) or len(set(down)) < len(down):
        raise StepError("split.too_many", f"{size[0]}x{size[1]} pixels are too few for the tiles")
    if (len(across) - 1) * (len(down) - 1) > _MOST**2:
        raise StepError("split.too_many", f"more than {_MOST**2} tiles", hint="choose larger ones")
    return across, down


SPLIT = SplitMode(
    name="tiles",
    summary="Cut a picture into tiles, row by row.",
    accepts=IMAGE,
    produces=IMAGE,
    params=_PARAMS,
    run=_cut,
    heavy=True,
)
