"""File formats told by the first bytes of a file, whatever its name says."""

import json
import re
from pathlib import Path

HEAD = 4096
"""Bytes that are enough to tell every format below."""

TEXT_SUFFIXES = ("txt", "md", "srt", "vtt", "json", "jsonl", "csv")
"""Texts look alike inside, so among these the name decides."""

_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"\xff\xd8\xff", "jpg"),
    (0, b"GIF87a", "gif"),
    (0, b"GIF89a", "gif"),
    (8, b"WEBP", "webp"),
    (8, b"WAVE", "wav"),
    (4, b"ftypavif", "avif"),
    (4, b"ftypavis", "avif"),
    (4, b"ftypM4A ", "m4a"),
    (4, b"ftypM4B ", "m4a"),
    (4, b"ftypqt  ", "mov"),
    (4, b"ftyphei", ""),
    (4, b"ftypmif1", ""),
    (4, b"ftyp", "mp4"),
    (4, b"moov", "mov"),
    (4, b"wide", "mov"),
    (0, b"ID3", "mp3"),
    (0, b"fLaC", "flac"),
    (0, b"OggS", "ogg"),
    (0, b"\x1aE\xdf\xa3", "mkv"),
    (0, b"PK\x03\x04", "zip"),
    (0, b"PK\x05\x06", "zip"),
    (257, b"ustar", "tar"),
)
_HTML = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_TITLE = re.compile(rb"<title[^>]*>\s*([^<]{1,80})", re.IGNORECASE)
_FIRST_CUE = re.compile(r"\A\s*(?:\d+\s*\n)?\s*(?:\d+:)?\d\d?:\d\d[,.]\d{3}\s+-->\s")


def binary_format(head: bytes) -> str | None:
    """The extension of these first bytes, or None where they are no known binary format."""
    for offset, magic, extension in _SIGNATURES:
        if head.startswith(magic, offset):
            return _refined(extension, head) or None
    return "mp3" if _is_mpeg_audio(head) else None


def is_html(head: bytes) -> bool:
    """Whether a web page begins here: what servers send in the place of a file they lack."""
    return _HTML.match(head) is not None


def html_title(head: bytes) -> str | None:
    """The title of a web page: mostly what went wrong."""
    found = _TITLE.search(head)
    return found[1].decode(errors="replace").strip() if found else None


def text_format(path: Path, text: str) -> str:
    """The extension of a text: the file's own where it is one of a text, else by its content."""
    suffix = path.suffix.removeprefix(".").lower()
    return suffix if suffix in TEXT_SUFFIXES else _text_by_content(text)


def subtitle_format(text: str) -> str | None:
    """`vtt` or `srt`, or None where neither begins here."""
    if text.removeprefix("\ufeff").startswith("WEBVTT"):
        return "vtt"
    return "srt" if _FIRST_CUE.match(text.removeprefix("\ufeff").replace("\r", "")) else None


def is_json(text: str) -> bool:
    """Whether the whole text is one JSON value."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _text_by_content(text: str) -> str:
    if subtitles := subtitle_format(text):
        return subtitles
    return "json" if text.lstrip()[:1] in ("{", "[") and is_json(text) else "txt"


def _refined(extension: str, head: bytes) -> str:
    """The extension where one signature is shared by two formats."""
    if extension == "mkv" and b"webm" in head[:64]:
        return "webm"
    return "opus" if extension == "ogg" and b"OpusHead" in head[:64] else extension


def _is_mpeg_audio(head: bytes) -> bool:
    """An MPEG frame header (layer III) without an ID3 tag before it."""
    if len(head) < 3 or head[0] != 0xFF:  # noqa: PLR2004 - the header's own layout
        return False
    version, layer, bitrate = head[1] & 0xF8, head[1] & 0x06, head[2] >> 4
    return version in (0xF0, 0xF8, 0xE0) and layer == 0x02 and bitrate not in (0, 15)  # noqa: PLR2004
