"""Width and height in pixels from the words that people use for them."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from aipipe.contracts.artefact import Json
from aipipe.contracts.call import Call
from aipipe.errors import StepError
from aipipe.media import words

Size = tuple[int, int]

LEAST, MOST = 16, 4096
"""Pixels a side that the embedded engine draws."""
NAMED: Mapping[str, Size] = MappingProxyType(
    {
        "square_hd": (1024, 1024),
        "square": (512, 512),
        "portrait_4_3": (768, 1024),
        "portrait_16_9": (576, 1024),
        "landscape_4_3": (1024, 768),
        "landscape_16_9": (1024, 576),
    }
)
OPEN = ("auto", "default", "adaptive", "native", "original", "match_input_image", "keep_ratio")
"""Values that leave it to the model."""
SIZE: dict[str, Json] = {
    "description": "Width and height in pixels: '1024x768', an object, or a name.",
    "anyOf": [
        {"type": "string", "enum": [*NAMED]},
        {"type": "string", "pattern": "^\\s*\\d+\\s*[xX\u00d7*]\\s*\\d+\\s*$"},
        {
            "type": "object",
            "properties": {
                "width": {"type": "integer", "minimum": LEAST},
                "height": {"type": "integer", "minimum": LEAST},
            },
            "required": ["width", "height"],
            "additionalProperties": False,
        },
    ],
}
ASPECT_RATIO: dict[str, Json] = {
    "type": "string",
    "pattern": r"^(auto|\s*\d+(\.\d+)?\s*[:/x]\s*\d+(\.\d+)?\s*)$",
    "description": "Width to height, such as '16:9'.",
}
PICTURE_RESOLUTION: dict[str, Json] = {
    "type": "string",
    "enum": ["0.5K", "1K", "2K", "4K"],
    "description": "Pixels of the longer side: 512, 1024, 2048 or 4096.",
}
VIDEO_RESOLUTION: dict[str, Json] = {
    "type": "string",
    "pattern": r"^(360|480|512|540|576|720|768|1080|1440|2160)[pP]$|^4[kK]$",
    "description": "Pixels of the shorter side: 360p to 1080p, 4k.",
    "default": "720p",
}
_RATIO = re.compile(r"\s*(\d+(?:\.\d+)?)\s*[:/x]\s*(\d+(?:\.\d+)?)\s*")
_SIDES = re.compile(r"\s*(0*[1-9]\d*)\s*[xX\u00d7*]\s*(0*[1-9]\d*)\s*")
_THOUSANDS = {"4k": 2160, "2k": 1440}


def of_picture(call: Call, usual: Size) -> Size:
    """The size of a picture by `size`, or by `aspect_ratio` and `resolution`, else the usual one.

    Raises:
        StepError: `local.unknown_value`, `local.size`.
    """
    if size := given(call):
        return _bounded(call, size)
    ratio = _ratio(call)
    long_side = _resolution(call, _picture_side)
    if ratio is None and long_side is None:
        return _bounded(call, usual)
    ratio = ratio or usual[0] / usual[1]
    return _bounded(call, _by_long_side(ratio, long_side or max(usual)))


def of_video(call: Call, usual: Size) -> Size:
    """The size of a video, even on both sides, by the same words; `resolution` is its lines.

    Raises:
        StepError: `local.unknown_value`, `local.size`.
    """
    size = given(call)
    if size is None:
        ratio = _ratio(call) or usual[0] / usual[1]
        short_side = _resolution(call, _video_side) or min(usual)
        size = _by_short_side(ratio, short_side)
    width, height = _bounded(call, size)
    return max(width // 2 * 2, LEAST), max(height // 2 * 2, LEAST)


def _by_long_side(ratio: float, side: int) -> Size:
    return (side, round(side / ratio)) if ratio >= 1 else (round(side * ratio), side)


def _by_short_side(ratio: float, side: int) -> Size:
    return (_even(side * ratio), side) if ratio >= 1 else (side, _even(side / ratio))


def _even(pixels: float) -> int:
    return round(pixels / 2) * 2


def given(call: Call) -> Size | None:
    """The size that the word `size` gives, or None where it gives none.

    Raises:
        StepError: `local.unknown_value`.
    """
    match call.params.get("size"):
        case {"width": int(width), "height": int(height)} if width > 0 and height > 0:
            return width, height
        case str() as name if name in NAMED:
            return NAMED[name]
        case str() as written if found := _SIDES.fullmatch(written):
            return int(found[1]), int(found[2])
        case other:
            _expect_open(call, "size", other, "like '1024x768', or a name such as 'square_hd'")
            return None


def _ratio(call: Call) -> float | None:
    given = call.params.get("aspect_ratio")
    found = _RATIO.fullmatch(given) if isinstance(given, str) else None
    if found and float(found[1]) and float(found[2]):
        return float(found[1]) / float(found[2])
    _expect_open(call, "aspect_ratio", given, "like '16:9'")
    return None


def _resolution(call: Call, side_of: Callable[[str], int | None]) -> int | None:
    given = call.params.get("resolution")
    side = side_of(str(given).strip().lower()) if given is not None else None
    if side is None:
        _expect_open(call, "resolution", given, "like '1K' (pictures) or '720p' (videos)")
    return side


def _picture_side(name: str) -> int | None:
    found = re.fullmatch(r"(0\.5|[1-4])k", name)
    return round(float(found[1]) * 1024) if found else None


def _video_side(name: str) -> int | None:
    found = re.fullmatch(r"(\d{3,4})p?", name)
    return int(found[1]) if found else _THOUSANDS.get(name)


def _expect_open(call: Call, word: str, given: Json, wanted: str) -> None:
    """Nothing, where the value leaves it to the model or is another model's.

    Raises:
        StepError: `local.unknown_value`.
    """
    is_open = given is None or (isinstance(given, str) and given.lower() in OPEN)
    if not is_open and not call.provenance.mock:
        raise words.unknown(word, given, wanted)


def _bounded(call: Call, size: Size) -> Size:
    """The size, if it can be drawn; a mock is drawn as large as it can be.

    Raises:
        StepError: `local.size`.
    """
    if min(size) >= LEAST and max(size) <= MOST:
        return size
    if not call.provenance.mock:
        message = f"{size[0]}x{size[1]} pixels can't be drawn: {LEAST} to {MOST} a side can"
        raise StepError("local.size", message)
    scale = min(1.0, MOST / max(size))
    width, height = (min(max(round(side * scale), LEAST), MOST) for side in size)
    return width, height
