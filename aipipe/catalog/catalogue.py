"""All models, by name, alias and step type."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from aipipe.catalog import decoding
from aipipe.catalog.model import Model, Voice

FILE: Final = Path(__file__).with_name("catalog.json")
"""The compiled catalogue, which ships; `aipipe.catalog.compile` makes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """A name's model. `asked` is set where the name meant a retired model that it replaces."""

    model: Model
    asked: Model | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """The models by their own names, and the voices by provider and name."""

    models: Mapping[str, Model]
    voices: Mapping[str, Mapping[str, Voice]]
    _named: Mapping[str, Mapping[str, Model]] = field(init=False, repr=False)
    """By step type and name, aliases included."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "_named", _by_type(self.models.values()))

    def of_type(self, step_type: str) -> tuple[Model, ...]:
        """The models that serve a step type, retired ones left out, by name."""
        served = {m.name: m for m in self.names(step_type).values() if m.retired is None}
        return tuple(served[name] for name in sorted(served))

    def names(self, step_type: str) -> Mapping[str, Model]:
        """Every name and alias that `resolve` takes for a step type, retired ones included."""
        return self._named.get(step_type, {})

    def resolve(self, step_type: str, name: str) -> Resolved | None:
        """The model that a name means in a step of this type; None: no such model."""
        asked = self.names(step_type).get(name)
        if asked is None:
            return None
        model = self._successor(asked)
        return Resolved(model=model, asked=asked if asked.retired is not None else None)

    def _successor(self, model: Model) -> Model:
        while model.retired is not None:
            model = self.models[model.retired.replacement]
        return model


def _by_type(models: Iterable[Model]) -> dict[str, dict[str, Model]]:
    """A model's own name wins over another's alias."""
    found: dict[str, dict[str, Model]] = {}
    for model in models:
        for step_type in model.types:
            named = found.setdefault(step_type, {})
            named.update({alias: model for alias in model.aliases if alias not in named})
            named[model.name] = model
    return found


@cache
def load() -> Catalog:
    """The catalogue that ships with the package (read once)."""
    plain = json.loads(FILE.read_bytes())
    words = plain["words"]
    return Catalog(
        models={name: decoding.model(each, words) for name, each in plain["models"].items()},
        voices=decoding.voices(plain["voices"]),
    )
