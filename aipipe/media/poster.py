"""A picture for a prompt: the same for one prompt, model and seed, another for others."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from aipipe.media import palettes, plates, restyle
from aipipe.media.palettes import Palette
from aipipe.media.scenes import abstract, brush, land, night, water
from aipipe.media.scenes.brush import Size

if TYPE_CHECKING:
    from PIL.Image import Image

Scene: TypeAlias = "Callable[[Size, Palette, Random], Image]"
SCENES: Mapping[Scene, str] = MappingProxyType(
    {
        land.mountains: "mountain mountains hill hills alps valley landscape eagle hike dragon",
        water.sea: "sea ocean lighthouse beach harbour boat ship island coast wave fish fog",
        land.woods: "forest wood woods tree trees fog mist deer cabin fox bear snow",
        land.dunes: "desert sand dune dunes mars camel pyramid",
        night.city: "city street skyline neon cyberpunk robot car house town building",
        night.aurora: "aurora night star stars space galaxy moon arctic winter magic dream",
        abstract.lights: "music light abstract dream soft portrait colour color",
        abstract.mosaic: "pattern geometry design logo bauhaus poster art",
        abstract.heights: "map terrain topography island marble texture",
        abstract.sunburst: "sun summer retro vintage poster circus rocket",
        abstract.waves: "japan japanese pattern fan koi tea garden",
    }
)
"""What can be drawn, and words in a prompt that call for it."""
SCENE_CHOICES = 3
COLOUR_CHOICES = 8
"""Models choose among this many scenes (where any is called for) and palettes that fit best."""
LARGEST_ART = 2048
"""Above this many pixels the picture is drawn smaller and enlarged; its lettering is not."""
SMALLEST_ART = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a poster is made from."""

    prompt: str
    model: str
    seed: int
    size: Size
    mock: bool
    variant: str = ""
    """More words that change it: a style, what to leave out."""


def seeded(order: Order, seed: int) -> Order:
    """The same order with another seed."""
    return replace(order, seed=seed)


def poster(order: Order) -> "Image":
    """The picture of an order with its prompt, the model's name, and MOCK where it stands in."""
    picture, palette = artwork(order)
    plates.plate_of(_chance(order.model, "plate"))(picture, order.prompt, palette)
    plates.sign(picture, order.model, mock=order.mock)
    return picture


def artwork(order: Order) -> "tuple[Image, Palette]":
    """The picture of an order without any lettering, and its colours."""
    from PIL import Image  # noqa: PLC0415 - Pillow, 17 ms

    chance = _chance(order.prompt, order.model, str(order.seed), order.variant)
    palette, scene = _palette(order), _scene(order)
    drawn = brush.vignetted(scene(_art_size(order.size), palette, chance), 0.5)
    if drawn.size != order.size:
        drawn = drawn.resize(order.size, Image.Resampling.BICUBIC)
    return brush.grained(drawn, chance, 0.045), palette


def lettering_of(order: Order, palette: Palette, *, prompt: bool) -> "Image":
    """A poster's lettering alone, on nothing (RGBA): what lies over a moving picture."""
    from PIL import Image, ImageChops  # noqa: PLC0415 - Pillow, 17 ms

    grounds = [Image.new("RGB", order.size, colour) for colour in ("black", "white")]
    for ground in grounds:
        if prompt:
            plates.plate_of(_chance(order.model, "plate"))(ground, order.prompt, palette)
        if prompt or order.mock:
            plates.sign(ground, order.model, mock=order.mock)
    # Where black and white give the same, the lettering hides all; the difference is what shows.
    on_black, on_white = grounds
    cover = ImageChops.invert(ImageChops.difference(on_white, on_black).convert("L"))
    return Image.merge("RGBa", (*on_black.split(), cover)).convert("RGBA")


def restyled(picture: "Image", order: Order, strength: float) -> "Image":
    """A picture in the manner and colours that the prompt calls for, captioned and signed.

    The model's name stands in the caption: the given picture may have one in its corner.
    """
    from PIL import ImageOps  # noqa: PLC0415 - Pillow, 17 ms

    chance = _chance(order.prompt, order.model, str(order.seed), order.variant, "restyle")
    palette = _palette(order)
    fitting = ImageOps.fit(picture, order.size) if picture.size != order.size else picture
    changed = restyle.restyled(fitting, palette, chance, strength=strength)
    plates.strip(changed, f"{order.model}: {order.prompt}".rstrip(": "), palette)
    if order.mock:
        plates.sign(changed, "", mock=True)
    return changed


def choice_of(order: Order, what: str) -> int:
    """A number that differs by model; seeds go on from it one by one."""
    return _chance(order.model, what).randrange(1 << 16) + order.seed


def _palette(order: Order) -> Palette:
    fitting = palettes.called_for(order.prompt, _chance(order.prompt, order.variant, "colours"))
    return fitting[choice_of(order, "colours") % COLOUR_CHOICES]


def _scene(order: Order) -> Scene:
    words = set(order.prompt.lower().replace(",", " ").replace(".", " ").split())
    called = {scene: len(words & set(calls.split())) for scene, calls in SCENES.items()}
    scenes = list(SCENES)
    _chance(order.prompt, order.variant, "scene").shuffle(scenes)
    scenes.sort(key=lambda scene: -called[scene])
    among = SCENE_CHOICES if any(called.values()) else len(scenes)
    return scenes[choice_of(order, "scene") % among]


def _art_size(size: Size) -> Size:
    scale = min(1.0, LARGEST_ART / max(size))
    width, height = (max(round(side * scale), SMALLEST_ART) for side in size)
    return width, height


def _chance(*parts: str) -> Random:
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()
    return Random(int.from_bytes(digest[:8], "big"))  # noqa: S311 - for looks, not for secrets
