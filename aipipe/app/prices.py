"""The prices that count: those that ship, and in their place what providers have told since."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from aipipe.catalog import listings
from aipipe.catalog.catalogue import Catalog
from aipipe.catalog.model import Model
from aipipe.contracts.registry import Registry
from aipipe.language.diagnostics import Diagnostic, Severity
from aipipe.memory import price_lists
from aipipe.memory.price_lists import PriceList, PriceListError
from aipipe.planning.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Current:
    """The catalogue by the lists that are kept."""

    catalog: Catalog
    listed: Mapping[str, str] = field(default_factory=dict)
    """Names of the models that a list has priced, and what it is called."""
    notices: tuple[Diagnostic, ...] = ()


def current(catalog: Catalog, registry: Callable[[], Registry], home: Path) -> Current:
    """The catalogue as it ships, by what is kept in a folder; a warning where that is of no use.

    `registry` is only asked for where something is kept.
    """
    try:
        lists = price_lists.read(home)
    except PriceListError as error:
        return Current(catalog=catalog, notices=(_unusable(price_lists.path_in(home), error),))
    if not lists:
        return Current(catalog=catalog)
    found = {each.name: each for each in _by_lists(catalog, registry(), lists)}
    return Current(
        catalog=Catalog(models={**catalog.models, **found}, voices=catalog.voices),
        listed={name: model.price.source for name, model in found.items()},
    )


def told(plan: Plan, listed: Mapping[str, str]) -> Iterator[Diagnostic]:
    """Which of a plan's prices are a provider's own, of what day: one note for each list."""
    models: dict[str, dict[str, None]] = {}
    for task in plan.tasks:
        if task.is_remote and task.estimate.priced != "this file" and task.model in listed:
            models.setdefault(listed[task.model], {})[task.model] = None
    for source, names in models.items():
        message = f"priced by {source}: {', '.join(names)}"
        note = Severity.NOTE
        yield Diagnostic(severity=note, code="price_list", message=message, file=plan.file)


def _by_lists(
    catalog: Catalog, registry: Registry, lists: Mapping[str, PriceList]
) -> Iterator[Model]:
    for model in catalog.models.values():
        kept, provider = lists.get(model.provider), registry.providers.get(model.provider)
        if kept is None or provider is None or model.endpoint not in kept.prices:
            continue
        listed = kept.prices[model.endpoint]
        units, by = provider.price_units, provider.title
        price = listings.taken(model.price, listed, units, by=by, on=kept.on)
        if price is not None:
            yield replace(model, price=price)


def _unusable(path: Path, error: PriceListError) -> Diagnostic:
    return Diagnostic(
        severity=Severity.WARNING,
        code="price_list",
        message=f"the prices in '{path}' are not used: {error}; those that came with aipipe count",
        file=str(path),
        hints=("aipipe models --refresh  asks the providers anew; or delete the file",),
    )
