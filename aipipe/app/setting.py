"""The world that pipelines are prepared in: plug-ins, catalogue, schema, date."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from aipipe import schema
from aipipe.app import discover
from aipipe.catalog.catalogue import Catalog
from aipipe.contracts.fragments import Fragments
from aipipe.contracts.registry import Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """All that checking and planning need to know besides the file."""

    registry: Registry
    catalog: Catalog
    fragments: Fragments
    today: Callable[[], date] = date.today


def setting() -> Setting:
    """The package's own plug-ins, those of other packages, and the catalogue, today."""
    return setting_of(discover.registry(), discover.catalog())


def setting_of(registry: Registry, catalog: Catalog) -> Setting:
    """A world of these plug-ins and this catalogue."""
    pieces = schema.fragments(registry, catalog)
    return Setting(registry=registry, catalog=catalog, fragments=pieces)
