"""Sizes of pictures: from what is written to pixels."""

import re
from decimal import Decimal
from types import MappingProxyType
from typing import Final, TypeAlias

from aipipe.contracts.artefact import Json

Size: TypeAlias = tuple[int, int]

NAMED: Final = MappingProxyType(
    {
        "square_hd": (1024, 1024),
        "square": (512, 512),
        "portrait_4_3": (768, 1024),
        "portrait_16_9": (576, 1024),
        "landscape_4_3": (1024, 768),
        "landscape_16_9": (1024, 576),
    }
)
"""The sizes behind fal's names."""
BINARY, DECIMAL = 1024 * 1024, 1_000_000
"""Pixels of a megapixel: what bills point to, and the least that it could mean."""
_SIDES: Final = re.compile(r"\s*(\d+)\s*[xX\u00d7*]\s*(\d+)\s*")


def size(value: Json) -> Size | None:
    """Width and height; None where it is left to the model, or not understood."""
    match value:
        case {"width": int(width), "height": int(height)}:
            return width, height
        case str() as name if name in NAMED:
            return NAMED[name]
        case str() as text if found := _SIDES.fullmatch(text):
            return int(found[1]), int(found[2])
        case _:
            return None


def spelt(of: Size) -> str:
    """`1024x768`."""
    return f"{of[0]}x{of[1]}"


def area(of: Size) -> int:
    """Pixels."""
    return of[0] * of[1]


def megapixels(of: Size, unit: int) -> Decimal:
    """The area in megapixels of so many pixels."""
    return Decimal(area(of)) / unit
