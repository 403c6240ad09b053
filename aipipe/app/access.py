"""What each provider is reached with: its keys, and the addresses that were moved."""

from collections.abc import Callable
from dataclasses import dataclass

from aipipe.app.environment import Environment
from aipipe.app.reach import key_of
from aipipe.contracts.provider import Provider
from aipipe.contracts.registry import Registry
from aipipe.providers.http import addresses
from aipipe.providers.http.errors import UnreadableError


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A variable that may hold a provider's key, and never what it holds."""

    variable: str
    source: str | None
    """Where it is set: `environment`, or a file's name; None: nowhere."""
    counts: bool
    """It is the one that is sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A base address that a variable has moved."""

    part: str
    """What is reached there: `api`, or for fal `queue` and `rest`."""
    variable: str
    address: str | None
    """Without its query; None: it can't be used, and is not shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One provider's."""

    provider: Provider
    keys: tuple[Key, ...]
    moved: tuple[Moved, ...]


def accesses(registry: Registry, around: Environment) -> tuple[Access, ...]:
    """Of all providers, by name."""
    return tuple(
        Access(provider=each, keys=_keys(each, around), moved=_moved(each, around.variables.get))
        for each in registry.providers.values()
    )


def _keys(provider: Provider, around: Environment) -> tuple[Key, ...]:
    counts = key_of(provider, around.variables.get)
    needed = tuple(
        Key(variable=name, source=around.source(name), counts=name == counts)
        for name in provider.keys
    )
    optional = ((name, around.source(name)) for name in provider.optional_keys)
    set_ones = (Key(variable=n, source=source, counts=True) for n, source in optional if source)
    return (*needed, *set_ones)


def _moved(provider: Provider, secret: Callable[[str], str | None]) -> tuple[Moved, ...]:
    found = {part: each.moved_by(secret) for part, each in provider.addresses.items()}
    return tuple(
        Moved(part=part, variable=name, address=_shown(provider.addresses[part].chosen(secret)))
        for part, name in found.items()
        if name is not None
    )


def _shown(address: str) -> str | None:
    """An address as the calls read it, without what may be secret."""
    try:
        return addresses.shown(addresses.parsed(address)).rstrip("/")
    except UnreadableError:
        return None
