"""A body of type `multipart/form-data` (RFC 7578): values by name, and files."""

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from aipipe.contracts.artefact import Json

_ESCAPES: Final = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})
_END: Final = b"\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One field. A field with a `filename` is a file."""

    name: str
    content: bytes
    filename: str | None = None
    content_type: str | None = None


def values(body: Mapping[str, Json]) -> Iterator[Part]:
    """The fields of a body that has no files: lists as `name[]`, objects as `name[key]`."""
    for name, value in body.items():
        yield from _parts(name, value)


def encoded(parts: Iterable[Part]) -> tuple[bytes, str]:
    """The body and its type."""
    parts = tuple(parts)
    boundary = secrets.token_hex(16).encode()
    pieces = [b"--" + boundary + _END + _head(each) + each.content + _END for each in parts]
    whole = b"".join(pieces) + b"--" + boundary + b"--" + _END
    return whole, f"multipart/form-data; boundary={boundary.decode()}"


def _head(part: Part) -> bytes:
    head = f'Content-Disposition: form-data; name="{part.name.translate(_ESCAPES)}"'
    if part.filename is not None:
        head += f'; filename="{part.filename.translate(_ESCAPES)}"'
    if part.content_type is not None:
        head += f"\r\nContent-Type: {part.content_type}"
    return head.encode() + _END + _END


def _parts(name: str, value: Json) -> Iterator[Part]:
    match value:
        case None:
            return
        case list():
            for each in value:
                yield from _parts(f"{name}[]", each)
        case dict():
            for key, each in value.items():
                yield from _parts(f"{name}[{key}]", each)
        case str():
            yield Part(name=name, content=value.encode())
        case _:
            yield Part(name=name, content=json.dumps(value).encode())
