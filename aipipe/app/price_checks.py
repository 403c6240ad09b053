"""Providers asked for their prices, these beside ours, and what they told kept for later."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypeAlias

from aipipe.app.reach import has_key
from aipipe.backends import price_lists as asking
from aipipe.catalog import listings
from aipipe.catalog.listings import Standing
from aipipe.catalog.model import Model
from aipipe.contracts.outcome import Problem
from aipipe.contracts.provider import ListedPrice, Provider
from aipipe.errors import UsageError
from aipipe.memory import price_lists
from aipipe.memory.price_lists import PriceList, PriceListError


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a provider lists, by endpoint."""

    provider: Provider
    prices: Mapping[str, ListedPrice]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTold:
    """A provider that has a list, and why it did not tell it."""

    provider: Provider
    problem: Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class NoList:
    """A provider without a list that could be asked for."""

    provider: Provider


Answer: TypeAlias = Told | NotTold | NoList


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A model's price, and what its provider lists for it."""

    model: Model
    listed: ListedPrice | None
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What came of asking."""

    answers: tuple[Answer, ...]
    compared: tuple[Compared, ...]
    on: date
    kept: Path | None = None
    """The file in which it is kept; None: it is not."""

    def of(self, standing: Standing) -> list[Compared]:
        """Those that stand so."""
        return [each for each in self.compared if each.standing is standing]


def ask(
    providers: Iterable[Provider], models: Iterable[Model], secret: Callable[[str], str | None]
) -> tuple[Answer, ...]:
    """What each provider tells of all its models, those left out that were shut down."""
    alive = [model for model in models if model.retired is None]
    return tuple(
        _asked(each, [m.endpoint for m in alive if m.provider == each.name], secret)
        for each in providers
    )


def _asked(
    provider: Provider, endpoints: Sequence[str], secret: Callable[[str], str | None]
) -> Answer:
    if provider.prices is None:
        return NoList(provider=provider)
    if not has_key(provider, secret):
        keys = " or ".join(provider.keys)
        problem = Problem(code="missing_key", message=f"{keys} is not set")
        return NotTold(provider=provider, problem=problem)
    found = asking.asked(provider, endpoints, secret)
    if isinstance(found, Problem):
        return NotTold(provider=provider, problem=found)
    return Told(provider=provider, prices=found)


def compare(models: Iterable[Model], answers: Iterable[Answer]) -> tuple[Compared, ...]:
    """The models of the providers that told something, in their order."""
    told = {each.provider.name: each for each in answers if isinstance(each, Told)}
    return tuple(
        _compared(model, told[model.provider])
        for model in models
        if model.provider in told and model.retired is None
    )


def _compared(model: Model, told: Told) -> Compared:
    listed = told.prices.get(model.endpoint)
    standing = listings.standing(model.price, listed, told.provider.price_units)
    return Compared(model=model, listed=listed, standing=standing)


def keep(found: Check, home: Path) -> Check:
    """The same, kept in a folder; lists of providers that told nothing stay as they are.

    Raises:
        UsageError: it can't be written.
    """
    path = price_lists.path_in(home)
    fresh = {
        each.provider.name: PriceList(on=found.on, prices=each.prices)
        for each in found.answers
        if isinstance(each, Told)
    }
    try:
        price_lists.keep(home, {**_kept(home), **fresh})
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise UsageError(f"can't write '{path}': {why}") from error
    return replace(found, kept=path)


def _kept(home: Path) -> Mapping[str, PriceList]:
    """What is kept already; a file that can't be used is worth nothing."""
    try:
        return price_lists.read(home)
    except PriceListError:
        return {}
