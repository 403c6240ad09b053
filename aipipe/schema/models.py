"""What may stand for `model` and `provider`, and what it leads to."""

import re
from dataclasses import dataclass

from aipipe.catalog.catalogue import Catalog, Resolved
from aipipe.catalog.model import Model
from aipipe.contracts.registry import Registry


@dataclass(frozen=True, slots=True)
class Shelf:
    """The names of one step type, sorted out."""

    current: dict[str, Model]
    """Names and aliases of models that can be called."""
    retired: dict[str, Resolved]
    """Names of models that others have taken the place of."""

    @property
    def all(self) -> dict[str, Model]:
        """Every name, with the model that is called."""
        return {**self.current, **{name: found.model for name, found in self.retired.items()}}


def shelf(step_type: str, catalog: Catalog) -> Shelf:
    """The names that the catalogue has for a step type."""
    found = {name: catalog.resolve(step_type, name) for name in sorted(catalog.names(step_type))}
    return Shelf(
        {name: each.model for name, each in found.items() if each and each.asked is None},
        {name: each for name, each in found.items() if each and each.asked is not None},
    )


def providers(registry: Registry, catalog: Catalog) -> tuple[str, ...]:
    """Every provider that the registry or the catalogue knows."""
    return tuple(sorted({*registry.providers, *(m.provider for m in catalog.models.values())}))


def endpoint_pattern(registry: Registry, catalog: Catalog) -> str:
    """What `provider:endpoint` looks like."""
    known = providers(registry, catalog)
    return f"^({'|'.join(map(re.escape, known))}):.+"


def said_of(model: Model, name: str) -> str:
    """What editors tell about a name."""
    if name == model.name:
        return model.note or f"{model.provider}, {model.endpoint}"
    return f"another name of {model.name}"


def said_of_retired(found: Resolved) -> str:
    """What editors tell about the name of a model that is gone."""
    gone = found.asked.retired if found.asked is not None else None
    when = f" on {gone.on}" if gone is not None and gone.on is not None else ""
    return f"deprecated: shut down{when}; {found.model.name} takes its place"
