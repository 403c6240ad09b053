"""Files inside of JSON: as a `data:` address, or as base64 alone."""

import base64
import binascii
from pathlib import Path
from typing import Final

from aipipe.contracts.artefact import ArtefactRef
from aipipe.contracts.media import KINDS
from aipipe.contracts.tools import Tools
from aipipe.providers.http.errors import TooLargeError, UnreadableError

TYPES: Final = {name: mime for kind in KINDS for name, mime in kind.formats.items()}
"""Extension to MIME type."""


def type_of(artefact: ArtefactRef) -> str:
    """The MIME type of a file."""
    return TYPES.get(artefact.extension, "application/octet-stream")


def base64_of(artefact: ArtefactRef, tools: Tools) -> str:
    """A file's bytes as base64."""
    return base64.b64encode(tools.sink.path_of(artefact).read_bytes()).decode()


def data_url(artefact: ArtefactRef, tools: Tools) -> str:
    """A file as a `data:` address."""
    return f"data:{type_of(artefact)};base64,{base64_of(artefact, tools)}"


def write(text: str, path: Path, limit: int) -> None:
    """What base64, with or without `data:` before it, holds.

    Raises:
        TooLargeError: it has more than `limit` bytes.
        UnreadableError: it is no base64.
    """
    content = text.partition(",")[2] if text.startswith("data:") else text
    if len(content) * 3 // 4 > limit + 2:
        raise TooLargeError(f"the answer has more than {limit:,} bytes")
    try:
        path.write_bytes(base64.b64decode(content, validate=True))
    except (binascii.Error, ValueError):
        raise UnreadableError("the result is no base64") from None
