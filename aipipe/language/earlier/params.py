"""What changes among a step's parameters: other names, and words that their model never had."""

from collections.abc import Iterator, Mapping
from typing import Final

from aipipe.contracts.artefact import Json
from aipipe.contracts.step import JsonSchema
from aipipe.language.diagnostics import Path
from aipipe.language.earlier import forms
from aipipe.language.earlier.changes import Add, Change, Drop, Rename, Replace

_SIDES: Final = ("width", "height")


def changes(
    params: Mapping[str, Json], schema: JsonSchema, owner: str, at: Path
) -> Iterator[Change]:
    """The changes for a model's parameters; `owner` is what to call the model."""
    known = schema.get("properties")
    words = known if isinstance(known, dict) else {}
    taken = set(params)
    yield from _size(params, words, at)
    for word, value in params.items():
        today = forms.PARAMS.get(word)
        if word in words:
            yield from _seconds(word, value, words[word], owner, at)
            yield from _voice(word, value, owner, at)
        elif today in words and today not in taken:
            taken.add(today)
            yield Rename(at=(*at, word), key=today, note=f"parameter '{word}' is now '{today}'")
        elif word in forms.PARAMS_GONE or (today in taken and today in words):
            note = f"{owner} has no parameter '{word}': it has no effect, leave it out"
            yield Drop(at=(*at, word), note=note)


def _size(params: Mapping[str, Json], words: Mapping[str, Json], at: Path) -> Iterator[Change]:
    """`width` and `height` as one word."""
    sides = [params.get(side) for side in _SIDES]
    if "size" not in words or "size" in params or not all(isinstance(n, int) for n in sides):
        return
    size = f"{sides[0]}x{sides[1]}"
    note = f"'width' and 'height' are now one parameter, 'size: {size}'"
    yield Drop(at=(*at, "width"), note=note)
    yield Drop(at=(*at, "height"))
    yield Add(to=at, key="size", value=size)


def _seconds(word: str, value: Json, schema: Json, owner: str, at: Path) -> Iterator[Change]:
    """A duration that the model never made, as the nearest that it makes."""
    offered = _offered(schema) if word == "duration" else []
    if isinstance(value, bool) or not isinstance(value, int) or not offered or value in offered:
        return
    nearest = min(offered, key=lambda seconds: (abs(seconds - value), -seconds))
    note = f"{owner} makes no {value} seconds: it is now 'duration: {nearest}'"
    yield Replace(at=(*at, word), value=nearest, note=note)


def _voice(word: str, value: Json, owner: str, at: Path) -> Iterator[Change]:
    """A voice whose name another one has today."""
    today = forms.VOICES.get(value) if isinstance(value, str) else None
    if word == "voice" and today is not None and owner.startswith("elevenlabs"):
        note = f"the voice that was '{value}' is called '{today}' today"
        yield Replace(at=(*at, word), value=today, note=note)


def _offered(schema: Json) -> list[int]:
    """The whole seconds among which a schema chooses."""
    if not isinstance(schema, dict):
        return []
    ways = schema.get("anyOf")
    own = [schema, *(ways if isinstance(ways, list) else [])]
    return [
        each
        for way in own
        if isinstance(way, dict)
        for each in _listed(way)
        if isinstance(each, int) and not isinstance(each, bool)
    ]


def _listed(way: Mapping[str, Json]) -> list[Json]:
    found = way.get("enum", [])
    return found if isinstance(found, list) else []
