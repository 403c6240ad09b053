"""Provenance inside a file: one JSON document under the key `aipipe`, where the format has a place.

PNG has it as international text; JPEG and WebP as the EXIF user comment; AVIF as an XMP packet;
sound and video as container metadata (WAV, which knows no keys of its own, as title and comment).
Pictures and sound are never encoded again for it. Texts, data, archives and GIF are left alone.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from aipipe.contracts.artefact import Json
from aipipe.media import container_tags, picture_tags

KEY = "aipipe"
PICTURES = ("png", "jpg", "jpeg", "webp", "avif")
CONTAINERS = ("mp3", "flac", "m4a", "wav", "ogg", "opus", "mp4", "mov", "mkv", "webm")


def tag(path: Path, extension: str, tags: Mapping[str, Json]) -> None:
    """Write the tags into the file, in place; one without room for them stays as it is."""
    document = json.dumps(dict(tags), ensure_ascii=False)
    if extension in PICTURES:
        path.write_bytes(picture_tags.with_comment(path.read_bytes(), extension, KEY, document))
    elif extension in CONTAINERS:
        container_tags.write(path, extension, KEY, document)


def read_tags(path: Path) -> Mapping[str, Json]:
    """The tags that `tag` wrote; empty where there are none."""
    extension = path.suffix.removeprefix(".").lower()
    document: str | None = None
    if extension in PICTURES:
        document = picture_tags.comment(path, extension, KEY)
    elif extension in CONTAINERS:
        document = container_tags.read(path, KEY)
    return _tags_of(document or "")


def _tags_of(document: str) -> Mapping[str, Json]:
    """The tags of a comment; a comment of somebody else's has none."""
    try:
        found: Json = json.loads(document)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
