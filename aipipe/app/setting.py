"""The world that pipelines are prepared in: plug-ins, catalogue, schema, date."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from aipipe import schema
from aipipe.app import discover, prices
from aipipe.catalog.catalogue import Catalog
from aipipe.contracts.fragments import Fragments
from aipipe.contracts.registry import Registry
from aipipe.language.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """All that checking and planning need to know besides the file."""

    registry: Registry
    catalog: Catalog
    fragments: Fragments
    today: Callable[[], date] = date.today
    listed: Mapping[str, str] = field(default_factory=dict)
    """Names of the models that a provider's own list has priced, and what that is called."""
    notices: tuple[Diagnostic, ...] = ()
    """What was noticed in making it, to be told with what is noticed in the pipeline."""


def setting(home: Path | None = None) -> Setting:
    """The package's own plug-ins, those of other packages, and the catalogue, today.

    `home` is the folder in which prices are kept that providers have told since; without it the
    ones that ship count.
    """
    registry, catalog = discover.registry(), discover.catalog()
    if home is None:
        return setting_of(registry, catalog)
    now = prices.current(catalog, discover.registry, home)
    return replace(setting_of(registry, now.catalog), listed=now.listed, notices=now.notices)


def setting_of(registry: Registry, catalog: Catalog) -> Setting:
    """A world of these plug-ins and this catalogue."""
    pieces = schema.fragments(registry, catalog)
    return Setting(registry=registry, catalog=catalog, fragments=pieces)
