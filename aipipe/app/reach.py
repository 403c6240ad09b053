"""Which providers can be called: those that are connected and have their key."""

from collections.abc import Callable, Mapping

from aipipe.app.environment import is_set
from aipipe.contracts.provider import Provider
from aipipe.contracts.registry import Registry


def key_of(provider: Provider, secret: Callable[[str], str | None]) -> str | None:
    """The variable of the key that counts, the first that is set; None: none is."""
    return next((key for key in provider.keys if is_set(secret(key))), None)


def has_key(provider: Provider, secret: Callable[[str], str | None]) -> bool:
    """Whether one of a provider's keys is set, or it needs none."""
    return not provider.keys or key_of(provider, secret) is not None


def within(registry: Registry, environment: Mapping[str, str]) -> Callable[[str], bool]:
    """Says of a provider, by its name, whether it can be called."""

    def is_there(name: str) -> bool:
        provider = registry.providers.get(name)
        connected = provider is not None and provider.submit is not None
        return connected and provider is not None and has_key(provider, environment.get)

    return is_there
