"""What a call's parameters say of one word: its number, or the values it may have."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from aipipe.catalog.model import Model, ModelParam
from aipipe.catalog.spans import Span
from aipipe.contracts.artefact import Json
from aipipe.contracts.step import JsonSchema

NONE, GIVEN, AUTO = "none", "given", "auto"
_NUMBER: Final = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(?:s|sec|secs|seconds?)?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The parameters of a call of a model. `unknown` are words with values not known yet."""

    model: Model
    params: Mapping[str, Json]
    unknown: frozenset[str] = frozenset()

    def defaulted(self, word: str) -> bool:
        """Whether the model's own default decides it."""
        return word in self.model.params and not self.says(word)

    def says(self, word: str) -> bool:
        """Whether the call itself decides it, with a value that is known by now or not."""
        return word in self.params or word in self.unknown

    def value(self, word: str) -> Json:
        """What is written, else the default; None where it is not known, or neither is there."""
        if word in self.unknown:
            return None
        if word in self.params:
            return self.params[word]
        return default(self.model.params.get(word))


@dataclass(frozen=True, slots=True)
class Values:
    """The values that a word may have, as rules spell them; `likely` None: the dearest."""

    values: tuple[str, ...]
    likely: str | None = None

    @property
    def known(self) -> bool:
        """Whether there is one."""
        return len(self.values) == 1


def default(param: ModelParam | None) -> Json:
    """The default of a word, if it has one."""
    return None if param is None else param.schema.get("default")


def number(given: Given, word: str) -> Span:
    """The number that a word has: `6`, `"6"` and `"6s"` are 6."""
    known = parsed(given.value(word))
    if known is not None:
        return Span.exactly(known)
    param = given.model.params[word]
    low, most = _bounds(param.schema)
    usual = parsed(default(param))
    return Span(low, most if usual is None else usual, most)


def values(given: Given, word: str) -> Values:
    """The values that a word may have, open ones such as `auto` taken for all others."""
    param = given.model.params.get(word)
    value = given.value(word)
    spelt = spell(value, param)
    if param is None or (word not in given.unknown and not _open(value, spelt, param)):
        return Values((spelt,), spelt)
    usual = spell(default(param), param)
    return Values(_all(param.schema), None if usual in {NONE, AUTO} else usual)


def spell(value: Json, param: ModelParam | None) -> str:
    """A value as rules spell it: numbers without a unit, names as the model's list has them."""
    match value:
        case bool():
            return str(value).lower()
        case list() | dict():
            return GIVEN if value else NONE
        case str() | int() | float():
            return _listed(value, param)
        case _:
            return NONE


def parsed(value: Json) -> Decimal | None:
    """The number that a value is or says."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    found = _NUMBER.fullmatch(str(value))
    return Decimal(found[1]) if found else None


def _open(value: Json, spelt: str, param: ModelParam) -> bool:
    """Whether the model decides: `auto`, or a choice that nobody made."""
    return spelt == AUTO or (value is None and "enum" in param.schema)


def _listed(value: str | float, param: ModelParam | None) -> str:
    enum = param.schema.get("enum") if param is not None else None
    known = [str(each) for each in enum] if isinstance(enum, list) else ["true", "false"]
    text = str(value).strip()
    listed = next((each for each in known if each.lower() == text.lower()), None)
    if listed is not None:
        return listed
    seconds = parsed(value)
    return text if seconds is None else f"{seconds.normalize():f}"


def _all(schema: JsonSchema) -> tuple[str, ...]:
    enum = schema.get("enum")
    if isinstance(enum, list):
        return tuple(str(each) for each in enum if each != AUTO)
    match schema.get("type"):
        case "boolean":
            return ("false", "true")
        case "array" | "object":
            return (NONE, GIVEN)
        case _:
            return ()


def _bounds(schema: JsonSchema) -> tuple[Decimal | None, Decimal | None]:
    enum = schema.get("enum")
    if isinstance(enum, list):
        known = [each for each in map(parsed, enum) if each is not None]
        return min(known), max(known)
    return parsed(schema.get("minimum")), parsed(schema.get("maximum"))
