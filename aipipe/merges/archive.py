"""Files into one archive, with the same bytes whenever the same files come."""

import io
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO

from aipipe import media
from aipipe.contracts.call import Call, Produced
from aipipe.contracts.media import ARCHIVE
from aipipe.contracts.merge import MergeStrategy
from aipipe.contracts.tools import Sink, Tools
from aipipe.errors import CancelledError
from aipipe.media.parts import Part, file_names, parts_of

FORMAT = "zip"
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The first date that a zip file can name: the real ones would change its bytes."""
READABLE = 0o644
BLOCK = 1 << 20


def _pack(call: Call, tools: Tools) -> Produced:
    path = tools.sink.scratch(call.output.extension or FORMAT)
    pack = _tar if path.suffix == ".tar" else _zip
    with media.unfinished.whole_or_gone(path):
        pack(path, parts_of(call), tools)
    return Produced(artefacts=(tools.sink.adopt(path, ARCHIVE),))


def _zip(path: Path, parts: tuple[Part, ...], tools: Tools) -> None:
    """Uncompressed: media are compressed already, and compressors differ from place to place."""
    import zipfile  # noqa: PLC0415 - only where files are packed

    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content, size in _members(parts, tools):
            about = zipfile.ZipInfo(name, LONG_AGO)
            about.external_attr, about.create_system, about.file_size = READABLE << 16, 3, size
            with archive.open(about, "w") as member:
                while block := content.read(BLOCK):
                    member.write(block)


def _tar(path: Path, parts: tuple[Part, ...], tools: Tools) -> None:
    import tarfile  # noqa: PLC0415 - only where files are packed

    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as archive:
        for name, content, size in _members(parts, tools):
            about = tarfile.TarInfo(name)
            about.size, about.mode = size, READABLE
            archive.addfile(about, content)


def _members(parts: tuple[Part, ...], tools: Tools) -> Iterator[tuple[str, IO[bytes], int]]:
    """Name, content and size of each file."""
    names = file_names([part.label for part in parts], [_extension(part) for part in parts])
    for place, (part, name) in enumerate(zip(parts, names, strict=True)):
        if tools.cancelled():
            raise CancelledError
        tools.report(place / len(parts), "packing")
        with closing(_content(part, tools.sink)) as content:
            size = content.seek(0, io.SEEK_END)
            content.seek(0)
            yield name, content, size


def _extension(part: Part) -> str:
    if part.artefact:
        return part.artefact.extension
    return "txt" if isinstance(part.value, str) else "json"


def _content(part: Part, sink: Sink) -> IO[bytes]:
    if part.artefact:
        return sink.path_of(part.artefact).open("rb")
    if isinstance(part.value, str):
        return io.BytesIO(part.value.encode())
    return io.BytesIO(json.dumps(part.value, ensure_ascii=False).encode())


MERGE = MergeStrategy(
    name="archive",
    summary="Put all files into one zip archive, each named by its label.",
    accepts=(),
    produces=ARCHIVE,
    run=_pack,
    format=FORMAT,
)
