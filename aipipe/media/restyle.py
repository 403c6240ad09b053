"""An existing picture in another manner, chosen by chance: still the same picture."""

from random import Random
from typing import TYPE_CHECKING, TypeAlias

from aipipe.media.palettes import Palette
from aipipe.media.scenes import brush

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL.Image import Image

Manner: TypeAlias = "Callable[[Image, Palette], Image]"


def restyled(picture: "Image", palette: Palette, chance: Random, *, strength: float) -> "Image":
    """The picture (RGB) in one of the manners below, mixed with itself by `strength` 0 to 1."""
    from PIL import Image  # noqa: PLC0415 - Pillow, 17 ms

    manner = chance.choice((toned, posterised, painted, engraved, dotted, glowing))
    return Image.blend(picture, manner(picture, palette), strength)


def toned(picture: "Image", palette: Palette) -> "Image":
    """Light and shade in the palette's colours."""
    from PIL import ImageOps  # noqa: PLC0415 - Pillow, 17 ms

    grey = ImageOps.autocontrast(picture.convert("L"), cutoff=1)
    return _in_colours(grey, palette)


def posterised(picture: "Image", palette: Palette) -> "Image":
    """Few flat colours of the palette with dark outlines."""
    from PIL import ImageChops, ImageFilter, ImageOps  # noqa: PLC0415 - Pillow, 17 ms

    grey = ImageOps.autocontrast(picture.convert("L"), cutoff=1)
    calm = grey.filter(ImageFilter.MedianFilter(5))
    flat = _in_colours(calm.point([v // 43 * 43 + 20 for v in range(256)]), palette)
    lines = calm.filter(ImageFilter.FIND_EDGES).point([min(v * 5, 255) for v in range(256)])
    return ImageChops.multiply(flat, ImageOps.invert(lines).convert("RGB"))


def painted(picture: "Image", palette: Palette) -> "Image":
    """Broad strokes: detail melts, colours grow."""
    from PIL import Image, ImageEnhance, ImageFilter  # noqa: PLC0415 - Pillow, 17 ms

    scale = min(1.0, 480 / max(picture.size))
    small = picture.resize([max(round(side * scale), 1) for side in picture.size])
    few = small.quantize(32, dither=Image.Dither.NONE)
    # Of colours and not of their red, green and blue apart, which would give others.
    strokes = Image.frombytes("L", few.size, few.tobytes()).filter(ImageFilter.ModeFilter(7))
    strokes.putpalette(few.getpalette() or [])
    large = strokes.convert("RGB").resize(picture.size, Image.Resampling.BICUBIC)
    vivid = ImageEnhance.Color(large).enhance(1.4)
    return Image.blend(vivid, toned(large, palette), 0.25)


def engraved(picture: "Image", palette: Palette) -> "Image":
    """A drawing in ink on toned paper."""
    from PIL import Image, ImageChops, ImageFilter, ImageOps  # noqa: PLC0415 - Pillow, 17 ms

    grey = ImageOps.autocontrast(picture.convert("L"), cutoff=1)
    radius = max(min(picture.size) / 90, 1.5)
    soft = ImageOps.invert(grey).filter(ImageFilter.GaussianBlur(radius))
    sketch = ImageChops.add(grey, soft).point([int(255 * (v / 255) ** 2.4) for v in range(256)])
    shaded = Image.blend(sketch, grey, 0.28)
    return ImageOps.colorize(shaded, black=palette.dark, white=palette.light)


def dotted(picture: "Image", palette: Palette) -> "Image":
    """A coarse print of round dots."""
    from PIL import Image, ImageChops, ImageOps  # noqa: PLC0415 - Pillow, 17 ms

    cell = max(min(picture.size) // 90, 4)
    grey = ImageOps.autocontrast(picture.convert("L"), cutoff=1)
    coarse = grey.reduce(cell).resize(picture.size, Image.Resampling.NEAREST)
    dot = Image.radial_gradient("L").resize((cell, cell), Image.Resampling.BICUBIC)
    screen = _tiled(dot, picture.size)
    inked = ImageChops.subtract(coarse, screen).point([min(v * 5, 255) for v in range(256)])
    ink = ImageOps.invert(inked)
    base = Image.blend(toned(picture, palette), Image.new("RGB", picture.size, palette.light), 0.55)
    base.paste(palette.dark, (0, 0), ink.point([int(v * 0.9) for v in range(256)]))
    return base


def glowing(picture: "Image", palette: Palette) -> "Image":
    """Soft light, as through a veil, in the palette's mood."""
    from PIL import Image, ImageChops, ImageFilter  # noqa: PLC0415 - Pillow, 17 ms

    soft = picture.filter(ImageFilter.GaussianBlur(max(min(picture.size) / 60, 2)))
    lit = ImageChops.screen(picture, soft)
    mood = brush.gradient(picture.size, [palette.middle, palette.soft, palette.accent])
    return Image.blend(ImageChops.soft_light(lit, mood), lit, 0.25)


def _in_colours(grey: "Image", palette: Palette) -> "Image":
    """A grey picture through the palette, from dark to light."""
    ramp = brush.gradient((256, 1), palette.ramp, sideways=True)
    coloured = grey.copy()
    coloured.putpalette(ramp.tobytes())
    return coloured.convert("RGB")


def _tiled(tile: "Image", size: tuple[int, int]) -> "Image":
    from PIL import Image  # noqa: PLC0415 - Pillow, 17 ms

    row = Image.new("L", (size[0], tile.height))
    for x in range(0, size[0], tile.width):
        row.paste(tile, (x, 0))
    field = Image.new("L", size)
    for y in range(0, size[1], tile.height):
        field.paste(row, (0, y))
    return field
