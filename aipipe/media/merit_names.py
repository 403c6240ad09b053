"""The names of facts by which one of several can be chosen, and what has them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from aipipe.contracts.media import AUDIO, IMAGE, SUBTITLES, TEXT, VIDEO, Medium

MEDIA: Final[Mapping[str, tuple[Medium, ...]]] = MappingProxyType(
    {
        "sharpness": (IMAGE,),
        "brightness": (IMAGE,),
        "contrast": (IMAGE,),
        "resolution": (IMAGE, VIDEO),
        "duration": (AUDIO, VIDEO),
        "loudness": (AUDIO, VIDEO),
        "length": (TEXT, SUBTITLES),
        "words": (TEXT, SUBTITLES),
        "size": (),
    }
)
"""What has each fact; empty: everything."""
