"""Addresses of files that the user names: told from paths and texts, and taken apart for names."""

import re
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S*")


def is_address(text: str) -> bool:
    """Whether it is an address and nothing else, of whatever scheme.

    >>> is_address("https://a.example/fox.png"), is_address("see https://a.example")
    (True, False)
    """
    return _ADDRESS.fullmatch(text) is not None


def extension_of(address: str) -> str:
    """In lower case and without the dot; empty: its path has none.

    >>> extension_of("https://a.example/fox.PNG?size=large")
    'png'
    """
    return _path(address).suffix[1:].lower()


def stem_of(address: str) -> str:
    """What to call what is there: the stem of its path, else the host.

    >>> stem_of("https://a.example/red%20fox.png"), stem_of("https://a.example/")
    ('red fox', 'a.example')
    """
    return _path(address).stem or _host(address)


def shown(address: str) -> str:
    """An address for messages: without its query, which may be a signature, and without a password.

    >>> shown("https://ann:secret@a.example/fox.png?key=k")
    'https://a.example/fox.png'
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return address.partition("?")[0].partition("#")[0].rpartition("@")[2]
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _path(address: str) -> PurePosixPath:
    try:
        return PurePosixPath(unquote(urlsplit(address).path))
    except ValueError:
        return PurePosixPath()


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or address
    except ValueError:
        return address
