"""All plug-ins, by kind and name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from aipipe.contracts.media import KINDS, MediaKind, Medium
from aipipe.contracts.merge import MergeStrategy
from aipipe.contracts.provider import Provider
from aipipe.contracts.split import SplitMode
from aipipe.contracts.step import StepType

Plugin: TypeAlias = StepType | MergeStrategy | SplitMode | Provider | MediaKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """Every plug-in that was found. Frozen: built once, by `registry_of`."""

    steps: Mapping[str, StepType] = field(default_factory=dict)
    merges: Mapping[str, MergeStrategy] = field(default_factory=dict)
    splits: Mapping[str, SplitMode] = field(default_factory=dict)
    providers: Mapping[str, Provider] = field(default_factory=dict)
    kinds: Mapping[Medium, MediaKind] = field(default_factory=dict)

    def medium_of_extension(self, extension: str) -> Medium | None:
        """The medium of files with this extension (without the dot), or None."""
        wanted = extension.lower()
        return next((kind.name for kind in self.kinds.values() if wanted in kind.formats), None)

    def with_plugins(self, plugins: Iterable[Plugin]) -> "Registry":
        """The same registry and more plug-ins; a later one takes the place of its namesake."""
        more = tuple(plugins)
        return registry_of([*self._all(), *more]) if more else self

    def _all(self) -> list[Plugin]:
        return [
            *self.steps.values(),
            *self.merges.values(),
            *self.splits.values(),
            *self.providers.values(),
            *self.kinds.values(),
        ]


def registry_of(plugins: Iterable[Plugin]) -> Registry:
    """A registry of these plug-ins and the built-in media kinds, each kind sorted by name."""
    found: list[Plugin] = [*KINDS, *plugins]
    return Registry(
        steps={p.name: p for p in _sorted(found, StepType)},
        merges={p.name: p for p in _sorted(found, MergeStrategy)},
        splits={p.name: p for p in _sorted(found, SplitMode)},
        providers={p.name: p for p in _sorted(found, Provider)},
        kinds={p.name: p for p in found if isinstance(p, MediaKind)},
    )


P = TypeVar("P", StepType, MergeStrategy, SplitMode, Provider)


def _sorted(plugins: list[Plugin], kind: type[P]) -> list[P]:
    return sorted((p for p in plugins if isinstance(p, kind)), key=lambda p: p.name)
