"""A call's parameters in the words of its endpoint."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final

from aipipe.catalog import pixels, tokens
from aipipe.catalog.given import default, parsed, spell
from aipipe.catalog.model import Model, ModelParam, Voice
from aipipe.contracts.artefact import Json
from aipipe.contracts.call import Wire

SEED, VOICE = "seed", "voice"
_SEEDS: Final = (1 << 31) - 1
"""The largest seed that every endpoint takes, where the catalogue names no other."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A model that is called, and the voices that its provider has, by name."""

    model: Model
    voices: Mapping[str, Voice]

    def wire(self, params: Mapping[str, Json], extension: str | None) -> Wire:
        """A call in its words. What `wire` tells of `extension` holds."""
        return wire(self.model, params, extension, self.voices)


def wire(
    model: Model,
    params: Mapping[str, Json],
    extension: str | None,
    voices: Mapping[str, Voice],
) -> Wire:
    """What is sent with every call of a model, what these parameters say, and where files go.

    `extension` is that of the file that is wanted: it is asked for where the endpoint can be told
    and can make it.
    """
    said = dict(chain(_constants(model), _format(model, extension), _said(model, params, voices)))
    files = {word: param.wire for word, param in model.params.items() if param.file}
    lists = {word: f"{name}[]" for word, name in files.items() if _is_list(model.params[word])}
    seed = model.params.get(SEED)
    is_open = seed is not None and seed.wire not in said
    return Wire(
        path={name[1:-1]: value for name, value in said.items() if name.startswith("{")},
        query={name[1:]: value for name, value in said.items() if name.startswith("?")},
        body={name: value for name, value in said.items() if name[0] not in "{?"},
        slots={**model.slots, **files, **lists},
        results=model.results,
        seed=seed.wire if is_open and seed is not None else None,
        most_seed=_most_seed(seed),
        most_characters=model.max_characters,
        tokens=tokens.counted(model),
    )


def _constants(model: Model) -> Iterator[tuple[str, Json]]:
    yield from model.fixed.items()
    for param in model.params.values():
        if param.always and default(param) is not None:
            yield param.wire, _theirs(default(param), param)


def _format(model: Model, extension: str | None) -> Iterator[tuple[str, Json]]:
    param = model.format_param
    if param is not None and extension is not None and extension in param.values:
        yield param.wire, param.values[extension]


def _said(
    model: Model, params: Mapping[str, Json], voices: Mapping[str, Voice]
) -> Iterator[tuple[str, Json]]:
    for word, value in params.items():
        param = model.params.get(word)
        if param is None or param.file or value is None:
            continue
        if word == VOICE and (voice := voices.get(str(value).lower())) is not None:
            yield param.wire, voice.id
        else:
            yield param.wire, _theirs(value, param)


def _theirs(value: Json, param: ModelParam) -> Json:
    """A value of ours as the endpoint has it."""
    spelt = spell(value, param)
    if spelt in param.values:
        return param.values[spelt]
    if isinstance(value, str) and _takes_sides(param) and (size := pixels.size(value)):
        named = value in pixels.NAMED
        return value if named else {"width": size[0], "height": size[1]}
    if param.schema.get("type") in {"integer", "number"} and (number := parsed(value)) is not None:
        times = number * param.factor
        return int(times) if times == times.to_integral_value() else float(times)
    return _listed(value, spelt, param)


def _listed(value: Json, spelt: str, param: ModelParam) -> Json:
    """A name as the endpoint's own list spells it."""
    enum = param.schema.get("enum")
    is_listed = isinstance(value, str) and isinstance(enum, list) and spelt in enum
    return spelt if is_listed else value


def _takes_sides(param: ModelParam) -> bool:
    choices = param.schema.get("anyOf")
    found = choices if isinstance(choices, list) else []
    return any(isinstance(each, dict) and each.get("type") == "object" for each in found)


def _is_list(param: ModelParam) -> bool:
    return param.schema.get("type") == "array"


def _most_seed(seed: ModelParam | None) -> int:
    most = None if seed is None else seed.schema.get("maximum")
    return min(most, _SEEDS) if isinstance(most, int) else _SEEDS
