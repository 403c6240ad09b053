"""What `params` takes, for each model, merge and split."""

from collections.abc import Mapping
from typing import Final

from aipipe.catalog.catalogue import Catalog
from aipipe.catalog.model import Model, ModelParam, Voice
from aipipe.contracts.artefact import Json
from aipipe.contracts.media import TEXT as TEXT_MEDIUM
from aipipe.contracts.merge import MergeStrategy
from aipipe.contracts.split import SplitMode
from aipipe.contracts.step import JsonSchema, Slot, StepType
from aipipe.schema.values import NAME, TEXT, Schema, described, mapping, one_of, or_reference

DURATION: Final = "duration"
VOICE: Final = "voice"
_OUTPUT: Final = described(
    NAME, "The file's name inside the output folder; its extension chooses the format."
)
_OWN_VOICE: Final[Schema] = {
    "title": "a voice's own id, or its name in your account if that has a capital or a space",
    "type": "string",
    "pattern": "^[A-Za-z0-9_-]{16,}$|[A-Z ]",
}
"""Names of the account are known to the provider alone; one in small letters is more likely a name
of the list, mistyped."""
_LOCAL_VOICE: Final[Schema] = {
    "title": "a code such as en-us+f3 or af_bella",
    "type": "string",
    "pattern": r"^([a-z]{2,3}([-_][A-Za-z0-9]+)*(\+[\w ]+)?|[ab][fm]_\w+)$",
}
_MOST_LISTED: Final = 120
"""Seconds up to which every whole number of them may also be a text."""


def of_model(step: StepType, model: Model, catalog: Catalog) -> Schema:
    """The words that a model takes."""
    voices = catalog.voices.get(model.provider, {})
    words = {word: _of_word(param, voices) for word, param in model.params.items()}
    found = _params(step, words, [word for word, p in model.params.items() if p.required])
    return {**found, **_one_way(model)}


def _one_way(model: Model) -> Schema:
    """Two words for one thing on the wire exclude each other."""
    ways: dict[str, list[Json]] = {}
    for word, param in model.params.items():
        ways.setdefault(param.wire, []).append(word)
    return next(({"not": {"required": both}} for both in ways.values() if len(both) > 1), {})


def of_local(step: StepType) -> Schema:
    """The words that the embedded engine takes."""
    words = {word: _spelt(word, schema) for word, schema in step.params.items()}
    if VOICE in words and step.voices:
        named: Schema = {"type": "string", "enum": list(step.voices)}
        about = {k: v for k, v in step.params[VOICE].items() if k in {"description", "default"}}
        words[VOICE] = {**about, "anyOf": [named, _LOCAL_VOICE]}
    return _params(step, words, [])


def of_endpoint(step: StepType) -> Schema:
    """The words of a step type, for an endpoint that the catalogue does not know."""
    return _params(step, {w: _spelt(w, schema) for w, schema in step.params.items()}, [])


def of_merge(merge: MergeStrategy) -> Schema:
    """The words that a merge takes."""
    publishes = {"output_file": _OUTPUT} if merge.run is not None else {}
    found = mapping({**_references(merge.params), **publishes})
    return {**found, "not": {"required": [*merge.apart]}} if merge.apart else found


def of_split(split: SplitMode) -> Schema:
    """The words that a split takes."""
    return mapping({**_references(split.params), "output_file": _OUTPUT})


def _params(step: StepType, words: Mapping[str, JsonSchema], required: list[str]) -> Schema:
    publishes = {"output_file": _OUTPUT} if step.produces is not None else {}
    found = mapping({**_slots(step), **_references(words), **publishes})
    return {**found, "required": list[Json](required)} if required else found


def _references(words: Mapping[str, JsonSchema]) -> dict[str, Json]:
    return {word: or_reference(schema) for word, schema in words.items()}


def _slots(step: StepType) -> dict[str, Json]:
    return {word: _slot(slot) for slot in step.slots for word in (slot.name, *slot.words)}


def _slot(slot: Slot) -> Schema:
    if slot.medium == TEXT_MEDIUM:
        own: list[Json] = [TEXT, one_of("text", "file", "url")]
        title = "text, or {file: …}"
    else:
        own = [NAME, one_of("file", "url")]
        title = "a path, an address or a reference"
    return {"title": title, "description": slot.summary, "anyOf": own}


def _of_word(param: ModelParam, voices: Mapping[str, Voice]) -> Schema:
    if param.word == VOICE and voices and not {"enum", "anyOf", "pattern"} & set(param.schema):
        about = {k: v for k, v in param.schema.items() if k in {"description", "default"}}
        named: Schema = {"type": "string", "enum": list[Json](sorted(voices))}
        return {**about, "anyOf": [named, _OWN_VOICE]}
    return _spelt(param.word, param.schema)


def _spelt(word: str, schema: JsonSchema) -> Schema:
    """A duration may be a text: `"6"` and `"6s"` are 6."""
    own = {k: v for k, v in schema.items() if k not in {"description", "default"}}
    spelling = _spelling(own) if word == DURATION and "anyOf" not in own else None
    if spelling is None:
        return dict(schema)
    about = {k: v for k, v in schema.items() if k not in own}
    return {**about, "anyOf": [own, {"title": "text such as '6s'", **spelling}]}


def _spelling(schema: Mapping[str, Json]) -> Schema | None:
    values = schema.get("enum")
    if isinstance(values, list):
        numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
        return _listed([f"{n:g}" for n in numbers]) if numbers else None
    if schema.get("type") not in ("number", "integer"):
        return None
    least, most = schema.get("minimum", 1), schema.get("maximum")
    if isinstance(least, int | float) and isinstance(most, int | float) and most <= _MOST_LISTED:
        return _listed([str(n) for n in range(-int(-least // 1), int(most) + 1)])
    return {"type": "string", "pattern": r"^\s*[0-9]+(\.[0-9]+)?\s*s?\s*$"}


def _listed(numbers: list[str]) -> Schema:
    either = "|".join(each.replace(".", r"\.") for each in numbers)
    return {"type": "string", "pattern": rf"^\s*({either})\s*s?\s*$"}
