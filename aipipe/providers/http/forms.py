"""A file on its way as a form (`multipart/form-data`), never whole in memory."""

import secrets
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from aipipe.contracts.artefact import ArtefactRef
from aipipe.contracts.tools import Tools
from aipipe.providers.http import inline
from aipipe.providers.http.asking import Sending

_BLOCK: Final = 1 << 20


def name_of(artefact: ArtefactRef) -> str:
    """What a file is called on its way: by its content, never by the user's name for it."""
    return f"{artefact.sha256[:16]}.{artefact.extension}"


def of_file(
    artefact: ArtefactRef, tools: Tools, *, field: str, fields: Mapping[str, str] | None = None
) -> Sending:
    """A form that has `fields`, and after them the file."""
    boundary = secrets.token_hex(16)
    said = (_field(boundary, name, value) for name, value in (fields or {}).items())
    head = "".join([*said, _head(boundary, field, artefact)]).encode()
    tail = f"\r\n--{boundary}--\r\n".encode()
    return Sending(
        content=_parts(head, tools.sink.path_of(artefact), tail),
        headers={
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Content-Length": str(len(head) + artefact.bytes + len(tail)),
        },
    )


def _parts(head: bytes, path: Path, tail: bytes) -> Iterator[bytes]:
    yield head
    with path.open("rb") as file:
        yield from iter(partial(file.read, _BLOCK), b"")
    yield tail


def _field(boundary: str, name: str, value: str) -> str:
    return f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'


def _head(boundary: str, field: str, artefact: ArtefactRef) -> str:
    named = f'name="{field}"; filename="{name_of(artefact)}"'
    kind = f"Content-Type: {inline.type_of(artefact)}"
    return f"--{boundary}\r\nContent-Disposition: form-data; {named}\r\n{kind}\r\n\r\n"
