"""All plug-ins: those of the package, and those that other packages offer by entry point."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib.metadata import entry_points
from types import ModuleType

from aipipe import merges, providers, splits, steps
from aipipe.catalog.catalogue import Catalog, load
from aipipe.contracts.provider import Provider
from aipipe.contracts.registry import Plugin, Registry, registry_of

GROUP = "aipipe.plugins"
"""Entry points of this group name a plug-in: `my_step = "my_package.my_step:STEP"`."""
_CONSTANTS = {"steps": "STEP", "merges": "MERGE", "splits": "SPLIT"}
_SHARED = "http"
"""What all providers speak, which is none itself."""
_CALLED = {"described": "http"}
"""Providers that are called otherwise than their module; every other one has its module's name."""


@cache
def registry() -> Registry:
    """Every plug-in there is."""
    return own_registry().with_plugins(_others())


@cache
def own_registry() -> Registry:
    """The package's own plug-ins."""
    return replace(registry_of(_own()), providers=_Providers())


def catalog() -> Catalog:
    """The models that ship with the package."""
    return load()


class _Providers(Mapping[str, Provider]):
    """The package's providers, each imported when it is first asked for: most files call few."""

    def __init__(self) -> None:
        own = pkgutil.iter_modules(providers.__path__)
        modules = sorted(module.name for module in own if module.name != _SHARED)
        self._modules = {_CALLED.get(name, name): name for name in modules}
        self._known: dict[str, Provider] = {}

    def __getitem__(self, name: str) -> Provider:
        if name not in self._known:
            module = importlib.import_module(f"{providers.__name__}.{self._modules[name]}")
            self._known[name] = module.PROVIDER
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._modules))

    def __len__(self) -> int:
        return len(self._modules)


def _own() -> Iterator[Plugin]:
    for package in (steps, merges, splits):
        yield from _in(package, _CONSTANTS[package.__name__.rpartition(".")[2]])


def _in(package: ModuleType, constant: str) -> Iterator[Plugin]:
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        found = getattr(importlib.import_module(module.name), constant, None)
        if found is not None:
            yield found


def _others() -> Iterator[Plugin]:
    for point in entry_points(group=GROUP):
        yield point.load()
