"""A result into a file, whole or not at all."""

import hashlib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from aipipe.providers.http import asking, bodies
from aipipe.providers.http.errors import ExpiredError
from aipipe.providers.http.site import Site

LARGEST = 4 << 30
"""Bytes of a result that is still downloaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file that came whole and is on disk."""

    path: Path
    sha256: str
    bytes: int
    content_type: str
    """As the server said, without parameters, in lower case; empty: it said nothing."""


def download(
    site: Site,
    address: str,
    path: Path,
    *,
    limit: int = LARGEST,
    cancelled: Callable[[], bool] = lambda: False,
) -> Download:
    """The body at an address in a new file at `path`. Nothing is left there after an error.

    Raises:
        CutOffError: it broke off: download again.
        ExpiredError: 404 or 410.
        UnreachedError, TooLargeError, UnreadableError: as of `asking.ask`.
        CancelledError: the call was stopped.
    """
    with asking.opened(site, site.address(address), gone=ExpiredError) as response:
        try:
            sha256, size = _written(path, bodies.parts(response, limit, cancelled))
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        said = response.headers.get("content-type", "")
    kind = said.partition(";")[0].strip().lower()
    return Download(path=path, sha256=sha256, bytes=size, content_type=kind)


def _written(path: Path, parts: Iterable[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as file:
        for part in parts:
            file.write(part)
            digest.update(part)
            size += len(part)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest(), size
