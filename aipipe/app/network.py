"""What stands between this machine and the providers: proxies, and whom to trust.

The variables are those that the HTTP client goes by. Servers on this machine are reached without
a proxy.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """A variable that names a proxy, or the hosts that are reached without one."""

    variable: str
    value: str | None
    """None: it is not shown, since it holds a password or can't be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """A variable that names the certificates that are trusted instead of the usual ones."""

    variable: str
    path: str
    is_there: bool


def proxies(environment: Mapping[str, str]) -> tuple[Proxy, ...]:
    """Those that count: a name in small letters goes before the same one in capitals."""
    found = ((wanted, _counting(wanted, environment)) for wanted in _PROXIES)
    return tuple(
        Proxy(variable=name, value=_shown(wanted, environment[name]))
        for wanted, name in found
        if name is not None
    )


def _counting(wanted: str, environment: Mapping[str, str]) -> str | None:
    """The variable that counts, as Python's own reading of proxies has it."""
    if wanted in environment:
        return wanted if environment[wanted] else None
    if wanted == "http_proxy" and "REQUEST_METHOD" in environment:  # a web server's request sets it
        return None
    same = [name for name, value in environment.items() if name.lower() == wanted and value]
    return same[-1] if same else None


def _shown(wanted: str, value: str) -> str | None:
    if "@" in value:
        return None
    return value if wanted == "no_proxy" else _site(value)


def _site(value: str) -> str | None:
    """Scheme, host and port."""
    try:
        parts = urlsplit(value if "://" in value else f"http://{value}")
        port = parts.port
    except ValueError:
        return None
    if not parts.hostname:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + ("" if port is None else f":{port}")


def trust(environment: Mapping[str, str]) -> Trust | None:
    """The one that counts: a file goes before a folder."""
    for name, is_there in (("SSL_CERT_FILE", os.path.isfile), ("SSL_CERT_DIR", os.path.isdir)):
        if path := environment.get(name):
            return Trust(variable=name, path=path, is_there=is_there(path))
    return None
