"""What can be measured of a picture, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import gcd
from pathlib import Path
from typing import TYPE_CHECKING

from aipipe.media import palettes, pictures
from aipipe.media.palettes import Rgb

if TYPE_CHECKING:
    from PIL.Image import Image

TAKEN = (0x9003, 0x0132)
"""EXIF tags for the time of the photograph, and of the file."""
CAMERA = 0x0110
EXIF_IFD = 0x8769
GRADES = ("very dark", "dark", "medium", "bright", "very bright")
CONTRASTS = ((0.08, "very low"), (0.16, "low"), (0.26, "medium"), (1.0, "high"))
SMALLEST_SHARE = 0.02
"""Of a picture, that a colour must cover to be told of."""
SHARPNESS = ((2.5, "soft"), (8.0, "medium"), (255.0, "sharp"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Colour:
    """A colour that many pixels have: its mean, its name, its share of the picture (0 to 1)."""

    name: str
    mean: Rgb
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """The mean brightness of a picture and its spread, each from 0 to 1."""

    mean: float
    spread: float


def report(path: Path, *, question: str | None, stands_for: str | None, detail: str) -> str:
    """The facts of a picture file, a line each, labelled as measured.

    Raises:
        StepError: `media.unreadable`.
    """
    picture = pictures.read(path)
    by = f"in the place of '{stands_for}'" if stands_for else "by the embedded engine"
    lines = [f"Picture facts, measured {by}; no model has looked at it"]
    if question:
        lines.append(f"Question: {' '.join(question.split())}")
    lines += _facts(path, picture)
    if detail == "high":
        lines += _details(picture)
    return "\n".join(lines[:7] if detail == "low" else lines) + "\n"


def main_colours(picture: "Image") -> list[Colour]:
    """The colours that cover most of it, the largest first; alike ones are one."""
    from PIL import Image  # noqa: PLC0415 - Pillow, 17 ms

    small = pictures.flattened(picture).resize((96, 96)).quantize(12, dither=Image.Dither.NONE)
    table = small.getpalette() or []
    found: dict[str, list[tuple[int, Rgb]]] = {}
    for count, index in small.getcolors() or []:
        place = 3 * int(str(index))
        mean = (table[place], table[place + 1], table[place + 2])
        found.setdefault(palettes.name_of(mean), []).append((count, mean))
    colours = [_together(name, parts) for name, parts in found.items()]
    return sorted(colours, key=lambda colour: -colour.share)


def _together(name: str, parts: list[tuple[int, Rgb]]) -> Colour:
    total = sum(count for count, _ in parts)
    red, green, blue = (round(sum(n * mean[i] for n, mean in parts) / total) for i in range(3))
    return Colour(name=name, mean=(red, green, blue), share=total / 96**2)


def light(picture: "Image") -> Light:
    """How bright it is, and how much that differs."""
    from PIL import ImageStat  # noqa: PLC0415 - Pillow, 17 ms

    stat = ImageStat.Stat(pictures.flattened(picture).convert("L"))
    return Light(mean=stat.mean[0] / 255, spread=stat.stddev[0] / 255)


def _facts(path: Path, picture: "Image") -> Iterator[str]:
    width, height = picture.size
    yield f"Size: {width} x {height} pixels, {width * height / 1e6:.2f} megapixels"
    yield f"Orientation: {_orientation(width, height)}"
    yield from appearance(picture)
    yield f"Transparency: {_transparency(picture)}"
    yield f"Format: {path.suffix.removeprefix('.')}, {_kilobytes(path)} kB"
    yield from _camera(path)


def appearance(picture: "Image") -> Iterator[str]:
    """What it looks like: colours, brightness, contrast and sharpness, a line each."""
    measured = light(picture)
    mean, spread = measured.mean, measured.spread
    colours = [
        f"{c.name} {c.share:.0%}" for c in main_colours(picture)[:5] if c.share >= SMALLEST_SHARE
    ]
    yield f"Main colours: {', '.join(colours)}"
    yield f"Brightness: {GRADES[min(int(mean * 5), 4)]} ({mean:.2f} of 1)"
    yield f"Contrast: {_grade(spread, CONTRASTS)} ({spread:.2f})"
    yield f"Sharpness: {_grade(sharpness(picture), SHARPNESS)}"


def _details(picture: "Image") -> Iterator[str]:
    """Where it is light and dark, and the colours as numbers."""
    grey = pictures.flattened(picture).convert("L").resize((3, 3))
    rows = [[f"{int(grey.getpixel((x, y)) or 0) / 255:.2f}" for x in range(3)] for y in range(3)]  # type: ignore[arg-type]
    for name, row in zip(("upper", "middle", "lower"), rows, strict=True):
        yield f"Brightness of the {name} third, left to right: {', '.join(row)}"
    for colour in main_colours(picture):
        red, green, blue = colour.mean
        yield f"Colour #{red:02x}{green:02x}{blue:02x}: {colour.name}, {colour.share:.1%}"


def _kilobytes(path: Path) -> str:
    size = path.stat().st_size / 1000
    return f"{size:.0f}" if size >= 10 else f"{size:.1f}"  # noqa: PLR2004 - two digits


def _orientation(width: int, height: int) -> str:
    divisor = gcd(width, height)
    across, down = width // divisor, height // divisor
    ratio = f"{across}:{down}" if max(across, down) <= 32 else f"{width / height:.2f}:1"  # noqa: PLR2004
    if width == height:
        return f"square ({ratio})"
    return f"{'landscape' if width > height else 'portrait'} ({ratio})"


def sharpness(picture: "Image") -> float:
    """How much neighbouring pixels differ, on a copy of a fixed size."""
    from PIL import ImageFilter, ImageStat  # noqa: PLC0415 - Pillow, 17 ms

    grey = pictures.flattened(picture).convert("L")
    grey.thumbnail((512, 512))
    inner = grey.filter(ImageFilter.Kernel((3, 3), (0, -1, 0, -1, 4, -1, 0, -1, 0), 1, 0))
    # The filter leaves the outermost pixels as they were.
    within = inner.crop((1, 1, max(grey.width - 1, 2), max(grey.height - 1, 2)))
    return float(ImageStat.Stat(within).mean[0])


def _transparency(picture: "Image") -> str:
    from PIL import ImageStat  # noqa: PLC0415 - Pillow, 17 ms

    if picture.mode != "RGBA":
        return "none"
    share = 1 - ImageStat.Stat(picture.getchannel("A")).mean[0] / 255
    return f"{share:.0%} of it" if share else "none"


def _camera(path: Path) -> Iterator[str]:
    exif = pictures.exif_of(path)
    taken = exif.get_ifd(EXIF_IFD).get(TAKEN[0]) or exif.get(TAKEN[1])
    if taken:
        yield f"Taken: {str(taken).replace(':', '-', 2)}"
    if camera := exif.get(CAMERA):
        yield f"Camera: {camera}"


def _grade(value: float, grades: tuple[tuple[float, str], ...]) -> str:
    return next((name for most, name in grades if value <= most), grades[-1][1])
