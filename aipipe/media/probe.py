"""What a file really is: told by its content, believed only when it decodes."""

import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from aipipe.contracts.media import (
    ARCHIVE,
    AUDIO,
    DATA,
    IMAGE,
    KINDS,
    SUBTITLES,
    TEXT,
    VIDEO,
    Medium,
)
from aipipe.errors import StepError
from aipipe.media import pictures, signatures, tracks


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtefactFacts:
    """What decoding a file tells. `width` and `height` are pixels as displayed."""

    extension: str
    width: int | None = None
    height: int | None = None
    seconds: float | None = None


def identify(path: Path) -> str | None:
    """The extension that fits the file's content, or None where no known format does.

    A binary file is known by its first bytes. A text is known by its name where that is a
    text's (`notes.md`, `rows.csv`), else by how it begins.
    """
    with path.open("rb") as file:
        head = file.read(signatures.HEAD)
    suffix = path.suffix.removeprefix(".").lower()
    if found := signatures.binary_format(head):
        return _spelt_as(suffix, found)
    if signatures.is_html(head) and suffix not in ("txt", "md"):
        return None
    try:
        return signatures.text_format(path, _text(path))
    except StepError:
        return None


def probe(path: Path, medium: Medium) -> ArtefactFacts:
    """The facts of a file that holds `medium`, after decoding it.

    Raises:
        StepError: `store.undecodable`, when it is empty, another thing, or damaged.
    """
    if path.stat().st_size == 0 and medium not in (TEXT, SUBTITLES):
        raise _undecodable(medium, "the file is empty")
    try:
        return _PROBES.get(medium, _probe_unknown)(path)
    except StepError as error:
        raise _undecodable(medium, error.message) from error


def _undecodable(medium: Medium, reason: str) -> StepError:
    return StepError("store.undecodable", f"the {medium} can't be used: {reason}")


def _probe_image(path: Path) -> ArtefactFacts:
    found = _binary(path, IMAGE)
    width, height = pictures.displayed_size(path)
    return ArtefactFacts(extension=found, width=width, height=height)


def _probe_audio(path: Path) -> ArtefactFacts:
    found = _binary(path, AUDIO, also=("mp4", "webm"))
    return ArtefactFacts(extension="m4a" if found == "mp4" else found, seconds=tracks.heard(path))


def _probe_video(path: Path) -> ArtefactFacts:
    found = _binary(path, VIDEO)
    seen = tracks.seen(path)
    return ArtefactFacts(
        extension=found, width=seen.width, height=seen.height, seconds=seen.seconds
    )


def _probe_text(path: Path) -> ArtefactFacts:
    _text(path)
    return ArtefactFacts(extension="md" if path.suffix.lower() == ".md" else "txt")


def _probe_subtitles(path: Path) -> ArtefactFacts:
    text = _text(path)
    if found := signatures.subtitle_format(text):
        return ArtefactFacts(extension=found)
    if not text.strip() and path.suffix.lower() == ".srt":
        return ArtefactFacts(extension="srt")  # nobody speaks: a file without cues
    raise StepError("media.unknown", _what_else(path) or "it has no subtitle's time line")


def _probe_data(path: Path) -> ArtefactFacts:
    text = _text(path)
    if path.suffix.lower() == ".csv" and not signatures.is_html(text[:512].encode()):
        return ArtefactFacts(extension="csv")
    if signatures.is_json(text):
        return ArtefactFacts(extension="jsonl" if path.suffix.lower() == ".jsonl" else "json")
    lines = [line for line in text.splitlines() if line.strip()]
    if lines and all(signatures.is_json(line) for line in lines):
        return ArtefactFacts(extension="jsonl")
    raise StepError("media.unknown", _what_else(path) or "it is neither JSON nor JSON lines")


def _probe_archive(path: Path) -> ArtefactFacts:
    found = _binary(path, ARCHIVE)
    try:
        broken = _broken_member(path, found)
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise StepError("media.unreadable", "the archive is damaged") from error
    if broken:
        raise StepError("media.unreadable", f"'{broken}' in it is damaged")
    return ArtefactFacts(extension=found)


def _broken_member(path: Path, extension: str) -> str | None:
    if extension == "zip":
        with zipfile.ZipFile(path) as archive:
            return archive.testzip()
    with tarfile.open(path) as archive:
        archive.getmembers()
    return None


def _probe_unknown(path: Path) -> ArtefactFacts:
    """A medium of a plug-in: nothing is known of it but that it has content."""
    return ArtefactFacts(extension=path.suffix.removeprefix(".").lower())


Probe: TypeAlias = Callable[[Path], ArtefactFacts]
_PROBES: Mapping[Medium, Probe] = MappingProxyType(
    {
        IMAGE: _probe_image,
        AUDIO: _probe_audio,
        VIDEO: _probe_video,
        TEXT: _probe_text,
        SUBTITLES: _probe_subtitles,
        DATA: _probe_data,
        ARCHIVE: _probe_archive,
    }
)
_FORMATS = MappingProxyType({kind.name: tuple(kind.formats) for kind in KINDS})


def _binary(path: Path, medium: Medium, *, also: tuple[str, ...] = ()) -> str:
    """The extension by signature, if it is one of the medium's."""
    with path.open("rb") as file:
        found = signatures.binary_format(file.read(signatures.HEAD))
    if found in (*_FORMATS[medium], *also):
        spelt = _spelt_as(path.suffix.removeprefix(".").lower(), str(found))
        return spelt if spelt in _FORMATS[medium] else str(found)
    raise StepError("media.unknown", _what_else(path) or f"it is no known {medium} format")


def _spelt_as(suffix: str, found: str) -> str:
    """The name's own spelling where two extensions mean one format."""
    same = {("jpeg", "jpg"), ("ogg", "opus"), ("m4a", "mp4")}
    return suffix if (suffix, found) in same else found


def _what_else(path: Path) -> str | None:
    """What the file is instead, as far as that is known."""
    with path.open("rb") as file:
        head = file.read(signatures.HEAD)
    if signatures.is_html(head):
        title = signatures.html_title(head)
        return f"it is a web page ('{title}')" if title else "it is a web page"
    found = signatures.binary_format(head)
    return f"it is a {found} file" if found else None


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise StepError(
            "media.unreadable",
            _what_else(path) or f"the byte at {error.start} is not UTF-8",
            hint="save it as UTF-8",
        ) from error
