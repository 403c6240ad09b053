"""The kinds of media and the file formats of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

Medium: TypeAlias = str
"""The name of a `MediaKind`."""

TEXT: Medium = "text"
IMAGE: Medium = "image"
AUDIO: Medium = "audio"
VIDEO: Medium = "video"
SUBTITLES: Medium = "subtitles"
DATA: Medium = "data"
ARCHIVE: Medium = "archive"


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaKind:
    """One kind of media: its formats by file extension (without the dot) and MIME type."""

    name: Medium
    plural: str
    formats: Mapping[str, str]
    """Extension to MIME type; the first is what is written when nobody asks for another."""

    @property
    def default_format(self) -> str:
        """The extension written when nobody asks for another."""
        return next(iter(self.formats))


KINDS: tuple[MediaKind, ...] = (
    MediaKind(
        name=TEXT,
        plural="texts",
        formats=MappingProxyType({"txt": "text/plain", "md": "text/markdown"}),
    ),
    MediaKind(
        name=IMAGE,
        plural="images",
        formats=MappingProxyType(
            {
                "png": "image/png",
                "jpg": "image/jpeg",
                "jpeg": "image/jpeg",
                "webp": "image/webp",
                "gif": "image/gif",
                "avif": "image/avif",
            }
        ),
    ),
    MediaKind(
        name=AUDIO,
        plural="audio files",
        formats=MappingProxyType(
            {
                "wav": "audio/wav",
                "mp3": "audio/mpeg",
                "m4a": "audio/mp4",
                "flac": "audio/flac",
                "ogg": "audio/ogg",
                "opus": "audio/ogg",
            }
        ),
    ),
    MediaKind(
        name=VIDEO,
        plural="videos",
        formats=MappingProxyType(
            {
                "mp4": "video/mp4",
                "webm": "video/webm",
                "mkv": "video/x-matroska",
                "mov": "video/quicktime",
            }
        ),
    ),
    MediaKind(
        name=SUBTITLES,
        plural="subtitle files",
        formats=MappingProxyType({"srt": "application/x-subrip", "vtt": "text/vtt"}),
    ),
    MediaKind(
        name=DATA,
        plural="data files",
        formats=MappingProxyType(
            {
                "json": "application/json",
                "jsonl": "application/jsonl",
                "csv": "text/csv",
            }
        ),
    ),
    MediaKind(
        name=ARCHIVE,
        plural="archives",
        formats=MappingProxyType({"zip": "application/zip", "tar": "application/x-tar"}),
    ),
)
