"""Where an answer has what was made: `images[].url`, `candidates[0].content.parts[].text`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from aipipe.contracts.artefact import Json

Found: TypeAlias = "Json | Mapping[str, Json]"

_PART: Final = re.compile(r"([^.\[\]]+)|\[(\d*)\]")
USUAL: Final = (
    "images[].url",
    "image.url",
    "videos[].url",
    "video.url",
    "audio.url",
    "audio_file.url",
    "audio_url",
    "output[]",
    "output",
)
"""Where answers of endpoints that no catalogue knows have what they made."""


def texts_at(answer: Found, paths: Sequence[str], *, empty: bool = False) -> tuple[str, ...]:
    """The texts at the first of these paths where there are any; `empty` ones too."""
    for path in paths:
        texts = (each for each in _at(answer, _parts(path)) if isinstance(each, str))
        found = tuple(each for each in texts if each or empty)
        if found:
            return found
    return ()


def value_at(answer: Found, path: str) -> Json:
    """The first value at a path that is a text, a number or a truth; None: there is none."""
    plain = (each for each in _at(answer, _parts(path)) if isinstance(each, str | int | float))
    return next(plain, None)


def _parts(path: str) -> tuple[str | int | None, ...]:
    """Names, places, and None for every place of a list."""
    return tuple(name or (int(place) if place else None) for name, place in _PART.findall(path))


def _at(answer: Found, parts: tuple[str | int | None, ...]) -> Iterator[Found]:
    if not parts:
        yield answer
        return
    first, rest = parts[0], parts[1:]
    match answer:
        case Mapping() if isinstance(first, str) and first in answer:
            yield from _at(answer[first], rest)
        case list() if first is None:
            for each in answer:
                yield from _at(each, rest)
        case list() if isinstance(first, int) and first < len(answer):
            yield from _at(answer[first], rest)
        case _:
            return
