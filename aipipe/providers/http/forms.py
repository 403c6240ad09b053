"""A request as a form: its fields, and files that are read as they are sent."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from aipipe.contracts.artefact import ArtefactRef, Json
from aipipe.contracts.tools import Tools
from aipipe.providers.http import inline

BLOCK: Final = 1 << 20
"""Bytes that are read at once."""
_Piece: TypeAlias = bytes | Path
_JSON: Final = "application/json"
_CALLED: Final = {"opus": "ogg"}
"""Servers go by the extension, and many know no `.opus`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A `multipart/form-data` body (RFC 7578)."""

    content_type: str
    pieces: tuple[_Piece, ...]

    @property
    def length(self) -> int:
        """Its bytes."""
        return sum(
            each.stat().st_size if isinstance(each, Path) else len(each) for each in self.pieces
        )

    @property
    def headers(self) -> Mapping[str, str]:
        """Its type and its length."""
        return {"Content-Type": self.content_type, "Content-Length": str(self.length)}

    def parts(self) -> Iterator[bytes]:
        """The body in blocks."""
        for piece in self.pieces:
            if isinstance(piece, bytes):
                yield piece
            else:
                yield from _read(piece)


def form_of(
    fields: Mapping[str, Json],
    files: Iterable[tuple[str, ArtefactRef]],
    tools: Tools,
    *,
    as_json: frozenset[str] = frozenset(),
) -> Form:
    """The form of these fields and files.

    A list is a field for each of its values; what holds more than plain values, and what is named
    in `as_json`, is JSON. What is None is left out.
    """
    files = tuple(files)
    hashes = [each.sha256 for _, each in files]
    boundary = f"aipipe-{hashes[0][:40]}" if hashes else "aipipe-form"
    pieces: list[_Piece] = []
    for name, value in fields.items():
        pieces += [
            _field(boundary, name, each, kind) for each, kind in _texts(name, value, as_json)
        ]
    for name, file in files:
        pieces += [_head_of(boundary, name, file), tools.sink.path_of(file), b"\r\n"]
    pieces.append(f"--{boundary}--\r\n".encode())
    return Form(content_type=f"multipart/form-data; boundary={boundary}", pieces=tuple(pieces))


def _texts(name: str, value: Json, as_json: frozenset[str]) -> list[tuple[str, str | None]]:
    """A field's values as text, each with its type where that is not plain text."""
    if value is None:
        return []
    # lists of a pipeline's file arrive as tuples
    values = value if isinstance(value, list | tuple) and name not in as_json else [value]
    is_deep = any(isinstance(each, list | tuple | dict) for each in values)
    if is_deep or name in as_json:
        return [(json.dumps(value), _JSON)]
    return [(each if isinstance(each, str) else json.dumps(each), None) for each in values]


def _field(boundary: str, name: str, text: str, kind: str | None) -> bytes:
    typed = f"\r\nContent-Type: {kind}" if kind else ""
    return f"{_head(boundary, name)}{typed}\r\n\r\n{text}\r\n".encode()


def _head_of(boundary: str, name: str, file: ArtefactRef) -> bytes:
    extension = _CALLED.get(file.extension, file.extension)
    called = f'; filename="{file.sha256[:16]}.{extension}"'
    kind = f"\r\nContent-Type: {inline.type_of(file)}"
    return f"{_head(boundary, name)}{called}{kind}\r\n\r\n".encode()


def _head(boundary: str, name: str) -> str:
    """As browsers write it: a quote or a line end in a name would end it."""
    safe = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    return f'--{boundary}\r\nContent-Disposition: form-data; name="{safe}"'


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block
