"""All models, by name, alias and step type."""

from collections.abc import Mapping
from dataclasses import dataclass

from aipipe.catalog.model import Model, Voice


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

    def of_type(self, step_type: str) -> tuple[Model, ...]:
        """The models that serve a step type, retired ones left out, by name."""
        raise NotImplementedError

    def names(self, step_type: str) -> Mapping[str, Model]:
        """Every name and alias that `resolve` takes for a step type, retired ones included."""
        raise NotImplementedError

    def resolve(self, step_type: str, name: str) -> Resolved | None:
        """The model that a name means in a step of this type; None: no such model."""
        raise NotImplementedError


def load() -> Catalog:
    """The catalogue that ships with the package (read once)."""
    raise NotImplementedError
