"""Which addresses are followed, and how they are shown.

An address is taken apart by the client that will open it: two readings of one address are how
credentials reach a host that was never meant.
"""

import re
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urljoin

from aipipe.providers.http.errors import UnreadableError

if TYPE_CHECKING:
    import httpx

Origin: TypeAlias = tuple[str, str, int]
"""Scheme, host and port."""

PORTS = {"http": 80, "https": 443}
LAST_PORT = 65_535
_SCHEME = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.-]*:")
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def parsed(address: str) -> "httpx.URL":
    """An address that may be opened: http or https, with a host and without a password.

    Raises:
        UnreadableError: it is something else.
    """
    import httpx  # noqa: PLC0415 (heavy, and needed by calls alone)

    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, TypeError, ValueError):
        # `from None`: the cause quotes the address, which may hold a signature
        raise UnreadableError("an address was answered that can't be read") from None
    if url.scheme not in PORTS or not url.host:
        scheme = url.scheme or "no scheme"
        raise UnreadableError(f"an address with '{scheme}' is not followed, only http and https")
    if url.userinfo:
        raise UnreadableError(f"an address with a password is not followed, at '{url.host}'")
    if url.port is not None and not 0 < url.port <= LAST_PORT:  # sockets take it modulo 65,536
        raise UnreadableError(f"an address with port {url.port} is not followed, at '{url.host}'")
    return url


def joined(base: str, address: str) -> "httpx.URL":
    """An address that an answer named, which may leave out what it shares with `base`.

    Raises:
        UnreadableError: it can't be followed.
    """
    if _SCHEME.match(address):
        return parsed(address)
    try:
        return parsed(urljoin(base, address))
    except ValueError:  # from `urljoin`: brackets around something else than an address
        raise UnreadableError("an address was answered that can't be read") from None


def origin(url: "httpx.URL") -> Origin:
    """Where its server is."""
    return url.scheme, url.host.lower(), url.port or PORTS[url.scheme]


def shown(url: "httpx.URL") -> str:
    """An address for messages, without its query: signatures are secrets."""
    return str(url.copy_with(query=None, fragment=None))


def is_loopback(url: "httpx.URL") -> bool:
    """Whether it is a server on this machine."""
    return url.host in LOOPBACK
