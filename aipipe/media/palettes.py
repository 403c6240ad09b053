"""Colours that go together, and what colours are called."""

from dataclasses import dataclass
from random import Random

Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Five colours from dark to light, and one that stands out; all `#rrggbb`."""

    name: str
    words: tuple[str, ...]
    """Words in a prompt that call for it."""
    dark: str
    deep: str
    middle: str
    soft: str
    light: str
    accent: str

    @property
    def ramp(self) -> tuple[str, ...]:
        """From dark to light."""
        return (self.dark, self.deep, self.middle, self.soft, self.light)


def _palette(name: str, words: str, colours: str) -> Palette:
    dark, deep, middle, soft, light, accent = (f"#{colour}" for colour in colours.split())
    return Palette(
        name=name,
        words=tuple(words.split()),
        dark=dark,
        deep=deep,
        middle=middle,
        soft=soft,
        light=light,
        accent=accent,
    )


PALETTES: tuple[Palette, ...] = (
    _palette(
        "dusk",
        "dusk sunset evening twilight romantic",
        "1b1233 4a1f5c a13a6b f0806a ffd9a0 fff1c9",
    ),
    _palette(
        "ocean",
        "ocean sea water lagoon fish wave boat harbour",
        "06202e 0b4a5f 1e7f8c 6cc2bd e6f3ea ffb454",
    ),
    _palette(
        "forest",
        "forest tree jungle moss garden green wood",
        "0d1f1a 1f4037 3f6f52 93b37a eef0cf f2a65a",
    ),
    _palette(
        "desert",
        "desert sand canyon mars autumn dune camel",
        "2d1320 7a2e2e c8603a eba96a fbe8c8 2f6f73",
    ),
    _palette(
        "night",
        "night star moon space galaxy midnight dark",
        "050a1e 10204a 2b3f86 7d86c9 dfe3ff ffe08a",
    ),
    _palette(
        "rose",
        "rose flower love blossom pink spring dress",
        "2a0f1f 6d1f47 b8466f f09aa6 fde8e2 ffd166",
    ),
    _palette(
        "ice",
        "ice snow winter arctic glacier cold blue sky",
        "0c1b33 274b7a 5b8fc0 a9d3e8 f4fbff ff6b6b",
    ),
    _palette(
        "citrus",
        "lemon summer fruit yellow sun field bee",
        "24310c 5a7a12 a9b52a f3d64e fff7d1 e4572e",
    ),
    _palette(
        "ink",
        "fog mist noir film 35mm portrait sketch rain photo",
        "101014 33343c 6c6e78 b6b5b0 f5f2ea d7263d",
    ),
    _palette(
        "copper",
        "copper steam coffee vintage whisky horse leather",
        "1a1410 4c2f20 95572f d99a5b f8e6cf 3aa6a0",
    ),
    _palette(
        "violet",
        "violet magic dream purple fantasy crystal lavender",
        "140a2b 3a1d73 7443c4 b896f2 f1e7ff 4ff0c8",
    ),
    _palette(
        "neon",
        "neon cyberpunk robot retro city synthwave future",
        "120b33 2a0a86 7a0bc0 fa58b6 ffe3f1 37e2d5",
    ),
    _palette(
        "mint",
        "mint tea spa lake morning calm dawn bird",
        "0f2a2a 1f5a55 4ea38f a8dcc1 f6fff4 ff8360",
    ),
    _palette(
        "ember",
        "fire ember volcano lava dragon red war lantern",
        "160b0b 4a1410 9d2a17 ec6a2c ffd08a 7fd1ff",
    ),
)

NAMED: tuple[tuple[str, Rgb], ...] = (
    ("black", (10, 10, 12)),
    ("dark grey", (64, 64, 68)),
    ("grey", (128, 128, 130)),
    ("light grey", (200, 200, 202)),
    ("white", (250, 250, 250)),
    ("red", (205, 35, 40)),
    ("dark red", (110, 20, 25)),
    ("orange", (240, 130, 40)),
    ("brown", (120, 75, 45)),
    ("dark brown", (60, 38, 26)),
    ("beige", (228, 206, 172)),
    ("yellow", (245, 215, 60)),
    ("olive", (120, 125, 45)),
    ("lime", (160, 215, 60)),
    ("green", (50, 145, 70)),
    ("dark green", (22, 62, 48)),
    ("mint", (165, 222, 192)),
    ("turquoise", (55, 185, 180)),
    ("teal", (20, 110, 120)),
    ("light blue", (165, 208, 235)),
    ("blue", (50, 100, 200)),
    ("navy", (16, 28, 70)),
    ("slate blue", (100, 125, 175)),
    ("purple", (120, 60, 180)),
    ("dark purple", (52, 24, 84)),
    ("lavender", (195, 180, 240)),
    ("pink", (245, 150, 180)),
    ("magenta", (205, 50, 145)),
    ("salmon", (240, 140, 120)),
)


def called_for(prompt: str, chance: Random) -> list[Palette]:
    """All palettes, those that the prompt's words call for first, the rest shuffled."""
    words = set(prompt.lower().replace(",", " ").split())
    wanted = [palette for palette in PALETTES if words & _forms(palette.words)]
    rest = [palette for palette in PALETTES if palette not in wanted]
    chance.shuffle(rest)
    return [*wanted, *rest]


def name_of(colour: Rgb) -> str:
    """What people call a colour: the nearest of `NAMED`."""
    return min(NAMED, key=lambda named: _distance(named[1], colour))[0]


def rgb(colour: str) -> Rgb:
    """Red, green and blue, 0 to 255, of `#rrggbb`."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mixed(one: str, other: str, share: float) -> str:
    """A colour between two: `share` 0 is the first, 1 the second."""
    pairs = zip(rgb(one), rgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def brightness(colour: Rgb) -> float:
    """How light a colour looks, 0 to 1 (Rec. 709 weights)."""
    return (0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]) / 255


def _forms(words: tuple[str, ...]) -> set[str]:
    return {*words, *(f"{word}s" for word in words)}


def _distance(one: Rgb, other: Rgb) -> float:
    """Weighted by how much the eye sees of each channel ("redmean")."""
    red = (one[0] + other[0]) / 2
    squares = [(a - b) ** 2 for a, b in zip(one, other, strict=True)]
    return (2 + red / 256) * squares[0] + 4 * squares[1] + (2 + (255 - red) / 256) * squares[2]
