"""Which providers can be called: those that are connected and have their key."""

from collections.abc import Callable, Mapping

from aipipe.contracts.provider import Provider
from aipipe.contracts.registry import Registry


def has_key(provider: Provider, environment: Mapping[str, str]) -> bool:
    """Whether one of a provider's keys is set, or it needs none."""
    return not provider.keys or any(environment.get(key) for key in provider.keys)


def within(registry: Registry, environment: Mapping[str, str]) -> Callable[[str], bool]:
    """Says of a provider, by its name, whether it can be called."""

    def is_there(name: str) -> bool:
        provider = registry.providers.get(name)
        connected = provider is not None and provider.submit is not None
        return connected and provider is not None and has_key(provider, environment)

    return is_there
