"""All plug-ins: those of the package, and those that other packages offer by entry point."""

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib.metadata import entry_points
from types import ModuleType

from aipipe import merges, providers, splits, steps
from aipipe.catalog.catalogue import Catalog, load
from aipipe.contracts.registry import Plugin, Registry, registry_of

GROUP = "aipipe.plugins"
"""Entry points of this group name a plug-in: `my_step = "my_package.my_step:STEP"`."""
_CONSTANTS = {"steps": "STEP", "merges": "MERGE", "splits": "SPLIT", "providers": "PROVIDER"}


@cache
def registry() -> Registry:
    """Every plug-in there is."""
    return own_registry().with_plugins(_others())


@cache
def own_registry() -> Registry:
    """The package's own plug-ins."""
    return registry_of(_own())


def catalog() -> Catalog:
    """The models that ship with the package."""
    return load()


def _own() -> Iterator[Plugin]:
    for package in (steps, merges, splits, providers):
        yield from _in(package, _CONSTANTS[package.__name__.rpartition(".")[2]])


def _in(package: ModuleType, constant: str) -> Iterator[Plugin]:
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        found = getattr(importlib.import_module(module.name), constant, None)
        if found is not None:
            yield found


def _others() -> Iterator[Plugin]:
    for point in entry_points(group=GROUP):
        yield point.load()
