"""The still picture that lies behind several videos: black, with a caption below each place."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from aipipe.media import lettering
from aipipe.media.arrange import Arrangement

if TYPE_CHECKING:
    from PIL.Image import Image

PAPER, INK = "#000000", "#f5f5f7"
ABOVE = 0.15
"""Of a caption's height, left free above it."""


def written(arrangement: Arrangement, captions: Sequence[str]) -> "Image":
    """The picture, of the arrangement's size."""
    from PIL import Image  # noqa: PLC0415 - Pillow, 17 ms

    paper = Image.new("RGB", arrangement.size, PAPER)
    for place, caption in zip(arrangement.places, captions, strict=True):
        if caption.strip() and arrangement.caption:
            _write(paper, caption, (place[0], place[3], place[2]), arrangement.caption)
    return paper


def _write(paper: "Image", caption: str, at: tuple[int, int, int], room: int) -> None:
    """A caption on one or two lines in the middle under a place (left, top, right)."""
    left, top, right = at
    width, height = right - left, room * (1 - 2 * ABOVE)
    largest = height / lettering.LEADING
    setting = lettering.fitted(caption, (width, height), largest=largest, smallest=largest * 0.45)
    first = top + (room - setting.height) / 2
    lettering.draw(paper, setting, (left, first), INK, align=0.5, width=width)
