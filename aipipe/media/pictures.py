"""Pictures read from files and written to them, upright and in plain colours."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from aipipe.contracts.call import OutputRequest
from aipipe.errors import StepError
from aipipe.media.unfinished import is_from_the_disk

if TYPE_CHECKING:
    from PIL.Image import Exif, Image

FORMATS = {
    "png": "PNG",
    "jpg": "JPEG",
    "jpeg": "JPEG",
    "webp": "WEBP",
    "gif": "GIF",
    "avif": "AVIF",
}
"""Extension to Pillow's name of the format."""
SAVE_OPTIONS: dict[str, dict[str, int]] = {
    # Level 1 is four times faster than the default, and pictures hardly grow.
    "PNG": {"compress_level": 1},
    "JPEG": {"quality": 92},
    "WEBP": {"quality": 90, "method": 2},
    "GIF": {},
    "AVIF": {"quality": 82, "speed": 8},
}
LARGEST = 64_000_000
"""Pixels of the largest picture that is made here."""
ANIMATED = (".gif", ".webp", ".png", ".avif")
QUARTER_TURNS = (5, 6, 7, 8)
ORIENTATION = 0x0112
_ONE_AT_A_TIME = Lock()
"""Held while warnings are off, which they are for all threads at once."""


def displayed_size(path: Path) -> tuple[int, int]:
    """Width and height of a picture in pixels, upright, after decoding all of it.

    Raises:
        StepError: `media.unreadable`.
    """
    with _opened(path) as picture:
        width, height = picture.size
        picture.load()
        turned = picture.getexif().get(ORIENTATION) in QUARTER_TURNS
    return (height, width) if turned else (width, height)


def exif_of(path: Path) -> "Exif":
    """What a camera wrote into a picture file.

    Raises:
        StepError: `media.unreadable`.
    """
    with _opened(path) as picture:
        return picture.getexif()


def read(path: Path) -> "Image":
    """A picture, upright, in mode RGB or RGBA (where it is transparent); the first if animated.

    Raises:
        StepError: `media.unreadable`.
    """
    from PIL import ImageOps  # noqa: PLC0415 - Pillow, 17 ms

    with _opened(path) as picture:
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        wanted = "RGBA" if upright.has_transparency_data else "RGB"
        return _deep(upright).convert(wanted) if upright.mode != wanted else upright


def write(picture: "Image", path: Path) -> Path:
    """`path`, where the picture now is, in the format of the path's extension."""
    from PIL import Image  # noqa: PLC0415 - Pillow, 17 ms

    kind = FORMATS[path.suffix.removeprefix(".").lower()]
    if kind == "JPEG" and picture.mode != "RGB":
        picture = flattened(picture)
    if kind == "GIF":
        picture = picture.convert("RGB").quantize(256, dither=Image.Dither.FLOYDSTEINBERG)
    picture.save(path, kind, **SAVE_OPTIONS[kind])
    return path


def extension_for(output: OutputRequest) -> str:
    """The extension to write a picture with: what is asked for, if pictures have it."""
    return output.extension if output.extension in FORMATS else "png"


def shrunk(size: tuple[int, int], most: int) -> tuple[int, int]:
    """The size, or the largest of the same shape with at most so many pixels a side."""
    scale = min(1.0, most / max(size))
    return max(round(size[0] * scale), 1), max(round(size[1] * scale), 1)


def enlarged(picture: "Image", factor: float) -> "Image":
    """The picture `factor` times as wide and high, a little sharpened.

    Raises:
        StepError: `local.size`, when it would be larger than pictures here may be.
    """
    from PIL import Image, ImageFilter  # noqa: PLC0415 - Pillow, 17 ms

    width, height = (max(round(side * factor), 1) for side in picture.size)
    if width * height > LARGEST:
        fits = int((LARGEST / (picture.width * picture.height)) ** 0.5 * 10) / 10
        raise StepError(
            "local.size",
            f"{width}x{height} pixels are more than {LARGEST // 1_000_000} megapixels",
            hint=f"choose a factor of at most {fits:g}" if fits >= 1 else None,
        )
    large = picture.resize((width, height), Image.Resampling.LANCZOS)
    if factor == 1:
        return large
    sharp = large.convert("RGB").filter(ImageFilter.UnsharpMask(0.7 * factor, 60, 2))
    if large.mode == "RGBA":
        sharp.putalpha(large.getchannel("A"))
    return sharp


def rewrite(source: Path, target: Path) -> None:
    """Write a picture file in the format of the target's extension, animated if both can be.

    Raises:
        StepError: `media.unreadable`.
    """
    with _opened(source) as picture:
        if getattr(picture, "n_frames", 1) > 1 and target.suffix.lower() in ANIMATED:
            kind = FORMATS[target.suffix.removeprefix(".").lower()]
            picture.save(target, kind, save_all=True, **SAVE_OPTIONS[kind])
            return
    write(read(source), target)


def flattened(picture: "Image", background: str = "white") -> "Image":
    """The picture in RGB, its transparent parts on a background."""
    from PIL import Image  # noqa: PLC0415 - Pillow, 17 ms

    if picture.mode != "RGBA":
        return picture.convert("RGB")
    base = Image.new("RGB", picture.size, background)
    base.paste(picture, mask=picture.getchannel("A"))
    return base


@contextmanager
def _opened(path: Path) -> "Iterator[Image]":
    """A picture file for reading.

    Raises:
        StepError: `media.unreadable`, when it can't be read, also while it is being read.
    """
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - Pillow, 17 ms

    try:
        with _quiet():
            picture = Image.open(path, formats=sorted(set(FORMATS.values())))
        with picture:
            yield picture
    except UnidentifiedImageError as error:
        raise StepError("media.unreadable", "no picture can be seen in it") from error
    except Image.DecompressionBombError as error:
        raise StepError("media.unreadable", "the picture has too many pixels to read") from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        if is_from_the_disk(error):
            raise
        raise StepError("media.unreadable", f"the picture is damaged ({error})") from error


@contextmanager
def _quiet() -> "Iterator[None]":
    """Without Pillow's warning of half as many pixels as it refuses: there is memory for them."""
    from PIL import Image  # noqa: PLC0415 - Pillow, 17 ms

    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        yield


def _deep(picture: "Image") -> "Image":
    """16-bit greys brought to 8 bits; Pillow's own conversion would clip them to white."""
    if not picture.mode.startswith("I"):
        return picture
    return picture.point(lambda value: value / 256).convert("L")
