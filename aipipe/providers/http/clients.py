"""The connections: kept alive for reading, fresh for each submit."""

import os
from functools import cache
from typing import TYPE_CHECKING

from aipipe.providers.http import addresses

if TYPE_CHECKING:
    import ssl

    import httpx

CONNECT, READ, WRITE, POOL = 10.0, 60.0, 60.0, 60.0
"""Seconds of silence after which a phase is given up."""
KEPT_ALIVE = 16
SUBMIT_READ = 300.0
"""Seconds of silence: a synchronous form makes its result before it says anything."""


def reader(url: "httpx.URL") -> "httpx.Client":
    """The process's client for requests that cost nothing, one for each host."""
    return _reader(os.getpid(), addresses.origin(url), addresses.is_loopback(url))


@cache
def _reader(process: int, origin: addresses.Origin, is_local: bool) -> "httpx.Client":  # noqa: FBT001 - a key of the cache
    import httpx  # noqa: PLC0415 (heavy, and needed by calls alone)

    del process, origin  # a forked child must not speak on its parent's connections
    limits = httpx.Limits(max_keepalive_connections=KEPT_ALIVE, keepalive_expiry=30.0)
    return _client(limits, READ, is_local=is_local)


def once(url: "httpx.URL", silence: float = SUBMIT_READ) -> "httpx.Client":
    """A client for one submit, to be closed after it.

    A server may close a kept connection at the moment at which a request goes out on it. That
    looks just like a server that read the request and died, and would have to count as
    "perhaps paid for". On a connection of its own a submit can't meet it.
    """
    import httpx  # noqa: PLC0415 (heavy, and needed by calls alone)

    limits = httpx.Limits(max_connections=1, max_keepalive_connections=0)
    return _client(limits, silence, is_local=addresses.is_loopback(url))


@cache
def _trusted() -> "ssl.SSLContext":
    """Whom to trust: read once, since it takes longer than a whole request."""
    import httpx  # noqa: PLC0415 (heavy, and needed by calls alone)

    return httpx.create_ssl_context()


def _client(limits: "httpx.Limits", silence: float, *, is_local: bool) -> "httpx.Client":
    """A client that follows nothing and repeats nothing by itself."""
    import httpx  # noqa: PLC0415 (heavy, and needed by calls alone)

    return httpx.Client(
        limits=limits,
        timeout=httpx.Timeout(connect=CONNECT, read=silence, write=WRITE, pool=POOL),
        follow_redirects=False,
        verify=_trusted(),
        trust_env=not is_local,  # no proxy stands between this machine and itself
        headers={"Accept-Encoding": "identity"},  # so that bytes can be counted
    )
