"""Fonts that have the letters of a text: the package's own, then those of the system."""

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

OWN = Path(__file__).with_name("fonts") / "DejaVuSans.ttf"
ALWAYS_COVERED = "\u024f"
"""Up to here (Latin) the package's own font has every letter."""
MISSING = "\uffff"
"""No character, so no font has it: what is drawn instead is the font's sign for a lack."""
SYSTEM_FONTS = (
    "NotoSansCJK",
    "NotoSansSC",
    "NotoSansJP",
    "NotoSansKR",
    "SourceHanSans",
    "wqy-",
    "DroidSansFallback",
    "ipag",
    "TakaoGothic",
    "NanumGothic",
    "PingFang",
    "Hiragino",
    "AppleSDGothicNeo",
    "Arial Unicode",
    "msyh",
    "meiryo",
    "msgothic",
    "malgun",
    "simsun",
    "NotoSans",
    "unifont",
)
"""How the files of fonts with many letters begin, in the order of preference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The font files for a text, the package's own first."""

    files: tuple[Path, ...]
    drawn_by: Mapping[str, int]
    """The place of the file that has a letter, where it is not the first."""
    lacking: frozenset[str]
    """Letters that no font here has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """Fonts of one size."""

    size: int
    fonts: "tuple[FreeTypeFont, ...]"
    drawn_by: Mapping[str, int]

    def runs(self, text: str) -> "Iterator[tuple[FreeTypeFont, str]]":
        """The text in pieces, each with its font."""
        for font, letters in groupby(text, key=self._font_of):
            yield font, "".join(letters)

    def length(self, text: str) -> float:
        """Pixels from the beginning to the end of a line."""
        return sum(font.getlength(piece) for font, piece in self.runs(text))

    def _font_of(self, letter: str) -> "FreeTypeFont":
        return self.fonts[self.drawn_by.get(letter, 0)]


def face(size: int, choice: Choice) -> Face:
    """The chosen fonts at one size in pixels."""
    from PIL import ImageFont  # noqa: PLC0415 - Pillow, 17 ms

    fonts = tuple(ImageFont.truetype(file, size) for file in choice.files)
    return Face(size=size, fonts=fonts, drawn_by=choice.drawn_by)


def choice_for(text: str) -> Choice:
    """The font files that a text needs: the package's own, and others for letters it lacks."""
    lacking = set(_lacking(OWN, set(text)))
    files, drawn_by = [OWN], {}
    for file in _system_fonts() if lacking else ():
        left = set(_lacking(file, lacking))
        if found := lacking - left:
            drawn_by.update(dict.fromkeys(found, len(files)))
            files.append(file)
            lacking = left
        if not lacking:
            break
    return Choice(files=tuple(files), drawn_by=drawn_by, lacking=frozenset(lacking))


def has(font: "FreeTypeFont", letter: str) -> bool:
    """Whether a font can draw a letter."""
    if not letter.isprintable() or letter.isspace():
        return True
    return bytes(font.getmask(letter)) != bytes(font.getmask(MISSING))


def _lacking(file: Path, letters: set[str]) -> Iterator[str]:
    from PIL import ImageFont  # noqa: PLC0415 - Pillow, 17 ms

    beyond = sorted(letter for letter in letters if letter > ALWAYS_COVERED)
    if not beyond:
        return
    try:
        font = ImageFont.truetype(file, 16)
    except OSError:
        yield from beyond
        return
    yield from (letter for letter in beyond if not has(font, letter))


def _system_fonts() -> list[Path]:
    """Font files of the system with many letters, the preferred ones first."""
    files = [file for folder in _folders() for file in folder.rglob("*.[to]t[fc]")]
    ranked = [(rank, file) for file in files if (rank := _rank(file)) is not None]
    return [file for _, file in sorted(ranked)]


def _rank(file: Path) -> int | None:
    name = file.name.lower()
    return next(
        (place for place, stem in enumerate(SYSTEM_FONTS) if name.startswith(stem.lower())), None
    )


def _folders() -> list[Path]:
    """Where this system keeps fonts."""
    home = Path.home()
    if sys.platform == "win32":
        folders = [Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts"]
    elif sys.platform == "darwin":
        folders = [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts"]
    else:
        folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts")]
        folders += [home / ".local/share/fonts", home / ".fonts"]
    return [folder for folder in folders if folder.is_dir()]
