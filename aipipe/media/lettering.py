"""Text set in a box: wrapped, as large as fits, cut with an ellipsis where nothing else helps."""

import re
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from aipipe.media import letters, typefaces
from aipipe.media.typefaces import Choice, Face

if TYPE_CHECKING:
    from PIL.Image import Image

LEADING = 1.28
"""Line height by size."""
BREAKING = 0.4
"""Of the largest size: below it a long word is rather broken than set even smaller."""
_WIDE = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_CLOSING = ",.!?;:)\u3001\u3002\uff0c\uff0e\uff01\uff1f\uff1a\uff1b\uff09\u300d\u300f\u3011"
"""Marks that never begin a line, whatever stands before them."""
_PIECES = re.compile(
    # A line may end after any Chinese, Japanese or Korean letter and what closes it.
    rf"\s*[{_WIDE}][{_CLOSING}]*|\s*[^\s{_WIDE}]+"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Lines of text at one size, ready to be drawn."""

    face: Face
    lines: tuple[str, ...]

    @property
    def width(self) -> float:
        """Pixels of the longest line."""
        return max((self.face.length(line) for line in self.lines), default=0.0)

    @property
    def height(self) -> float:
        """Pixels of all lines."""
        return len(self.lines) * self.face.size * LEADING


def fitted(text: str, box: tuple[float, float], *, largest: float, smallest: float) -> Setting:
    """The text as large as it fits into `box` (width and height in pixels)."""
    plain, choice = letters.drawable(text)
    size = min(largest, 1.25 * sqrt(box[0] * box[1] / (0.7 * max(len(plain), 1))))
    while size > smallest:
        setting = _set(plain, choice, int(size), box[0])
        whole = size < largest * BREAKING or _keeps_words(plain, setting, box[0])
        if setting.height <= box[1] and whole:
            return _balanced(plain, setting)
        size *= 0.92
    return _cut(_set(plain, choice, max(int(smallest), 4), box[0]), box)


def draw(
    picture: "Image",
    setting: Setting,
    at: tuple[float, float],
    colour: str,
    *,
    align: float = 0.0,
    width: float = 0.0,
) -> None:
    """Draw lines downwards from a point; `align` 0.5 centres them in `width`, 1 is flush right."""
    from PIL import ImageDraw  # noqa: PLC0415 - Pillow, 17 ms

    pen = ImageDraw.Draw(picture)
    for number, line in enumerate(setting.lines):
        x = at[0] + align * (width - setting.face.length(line))
        y = at[1] + number * setting.face.size * LEADING + setting.face.size
        for font, piece in setting.face.runs(line):
            pen.text((x, y), piece, font=font, fill=colour, anchor="ls")
            x += font.getlength(piece)


def one_line(text: str, width: float, size: float) -> Setting:
    """The text on one line of a given size, cut with an ellipsis at `width` pixels."""
    plain, choice = letters.drawable(text)
    face = typefaces.face(max(int(size), 4), choice)
    line = plain if face.length(plain) <= width else _ended(plain, face, width)
    return Setting(face=face, lines=(line,))


def _set(text: str, choice: Choice, size: int, width: float) -> Setting:
    face = typefaces.face(max(size, 4), choice)
    return Setting(face=face, lines=tuple(_wrapped(text, face, width)))


def _wrapped(text: str, face: Face, width: float) -> list[str]:
    """Lines no wider than `width`; a word that is wider itself is broken."""
    lines = [""]
    for piece in _PIECES.findall(text):
        longer = lines[-1] + piece if lines[-1] else piece.lstrip()
        if face.length(longer) <= width:
            lines[-1] = longer
            continue
        first, *rest = _broken(piece.lstrip(), face, width)
        lines = [*lines, first, *rest] if lines[-1] else [first, *rest]
    return lines if any(lines) else []


def _broken(word: str, face: Face, width: float) -> list[str]:
    if face.length(word) <= width:
        return [word]
    parts = [""]
    for letter in word:
        if parts[-1] and face.length(parts[-1] + letter) > width:
            parts.append("")
        parts[-1] += letter
    return parts


def _balanced(text: str, setting: Setting) -> Setting:
    """The same size and number of lines, but lines of about equal length."""
    best, width = setting, setting.width
    while (width := width * 0.95) > 0.4 * setting.width and len(setting.lines) > 1:
        lines = tuple(_wrapped(text, setting.face, width))
        narrower = Setting(face=setting.face, lines=lines)
        if len(lines) > len(setting.lines) or not _keeps_words(text, narrower, width):
            break
        best = narrower
    return best


def _keeps_words(text: str, setting: Setting, width: float) -> bool:
    """Whether every word fits on a line, so that none had to be broken."""
    return all(setting.face.length(piece.lstrip()) <= width for piece in _PIECES.findall(text))


def _cut(setting: Setting, box: tuple[float, float]) -> Setting:
    """As many lines as fit, the last one with an ellipsis if more would follow."""
    room = max(int(box[1] // (setting.face.size * LEADING)), 1)
    if len(setting.lines) <= room:
        return setting
    last = _ended(setting.lines[room - 1], setting.face, box[0])
    return Setting(face=setting.face, lines=(*setting.lines[: room - 1], last))


def _ended(line: str, face: Face, width: float) -> str:
    """As much of the line as fits together with an ellipsis."""
    while line and face.length(line + letters.ELLIPSIS) > width:
        line = line[:-1]
    return line.rstrip(" ,;:.-") + letters.ELLIPSIS
