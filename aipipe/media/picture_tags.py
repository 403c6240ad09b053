"""A comment put into a picture's bytes without decoding the picture."""

import re
import struct
import zlib
from pathlib import Path
from xml.sax.saxutils import escape, unescape

PNG_HEADER = 8 + 25
"""Bytes of the signature and the header chunk."""
EXIF_IFD = 0x8769
USER_COMMENT = 0x9286
UNICODE = b"UNICODE\0"
JPEG_ROOM = 60_000
"""Bytes of a comment that fit into one JPEG segment (65,533) beside other EXIF."""
XMP_BOX = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_XMP = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf='
    '"http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    'xmlns:exif="http://ns.adobe.com/exif/1.0/"><exif:UserComment><rdf:Alt>'
    '<rdf:li xml:lang="x-default">{}</rdf:li></rdf:Alt></exif:UserComment>'
    '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
)
XMP_END = b'<?xpacket end="w"?>'
_XMP_COMMENT = re.compile('<rdf:li xml:lang="x-default">(.*?)</rdf:li>', re.DOTALL)


def with_comment(content: bytes, extension: str, key: str, comment: str) -> bytes:
    """The picture's bytes with the comment in them; all else stays, byte for byte.

    A picture whose own EXIF is damaged stays as it is: better no comment than no picture.
    """
    try:
        return _with_comment(content, extension, key, comment)
    except (OSError, SyntaxError, ValueError, LookupError, TypeError, struct.error):
        return content


def _with_comment(content: bytes, extension: str, key: str, comment: str) -> bytes:
    match extension:
        case "png":
            return _in_png(content, key, comment)
        case "jpg" | "jpeg":
            return _in_jpeg(content, comment)
        case "webp":
            return _in_webp(content, comment)
        case "avif":
            return _in_avif(content, comment)
        case _:
            return content


def comment(path: Path, extension: str, key: str) -> str | None:
    """The comment of a picture file, or None."""
    from PIL import Image  # noqa: PLC0415 - Pillow, 17 ms

    if extension == "avif":
        return _avif_comment(path.read_bytes())
    with Image.open(path) as picture:
        if extension == "png":
            found = picture.info.get(key)
            return str(found) if found is not None else None
        stored = picture.getexif().get_ifd(EXIF_IFD).get(USER_COMMENT)
    if not isinstance(stored, bytes) or not stored.startswith(UNICODE):
        return None
    return stored.removeprefix(UNICODE).decode("utf-16-le", errors="replace")


def _in_png(content: bytes, key: str, comment: str) -> bytes:
    """An iTXt chunk right after the header, so that it is known before any pixel is read."""
    begin = b"iTXt" + key.encode() + b"\0"
    body = begin + b"\0\0\0\0" + comment.encode()
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    rest = content[PNG_HEADER:]
    if rest[4:].startswith(begin):  # the one of an earlier time
        rest = rest[12 + int.from_bytes(rest[:4], "big") :]
    return content[:PNG_HEADER] + chunk + rest


def _exif(old: bytes | None, comment: str) -> bytes:
    """An EXIF block (TIFF header first) that has all of the old one and this comment."""
    from PIL import Image  # noqa: PLC0415 - Pillow, 17 ms

    exif = Image.Exif()
    if old:
        exif.load(old)
    exif.get_ifd(EXIF_IFD)[USER_COMMENT] = UNICODE + comment.encode("utf-16-le")
    return exif.tobytes().removeprefix(b"Exif\0\0")


def _in_jpeg(content: bytes, comment: str) -> bytes:
    """An EXIF segment in the place of the old one, or right after the start marker.

    A comment too long for a segment stays out: half of a document is none.
    """
    if 2 * len(comment) > JPEG_ROOM:
        return content
    start, end = _jpeg_exif(content)
    old = content[start + 10 : end] if end > start else None
    body = b"Exif\0\0" + _exif(old, comment)
    if len(body) + 2 > 0xFFFF:  # noqa: PLR2004 - the length field's own limit
        return content
    segment = b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
    return content[:start] + segment + content[end:]


def _jpeg_exif(content: bytes) -> tuple[int, int]:
    """Where the EXIF segment begins and ends; both are its place where there is none."""
    place = at = 2
    while content[at : at + 1] == b"\xff" and content[at + 1] not in (0xDA, 0xD9):
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if content[at + 1] == 0xE1 and content[at + 4 : at + 10] == b"Exif\0\0":  # noqa: PLR2004
            return at, end
        if content[at + 1] == 0xE0:  # noqa: PLR2004 - JFIF wants to be first
            place = end
        at = end
    return place, place


def _in_webp(content: bytes, comment: str) -> bytes:
    """An EXIF chunk at the end, announced in the extended header."""
    chunks = _riff_chunks(content)
    old = next((body for name, body in chunks if name == b"EXIF"), None)
    old = old.removeprefix(b"Exif\0\0") if old else None
    kept = [(name, body) for name, body in chunks if name not in (b"EXIF", b"VP8X")]
    header = next((body for name, body in chunks if name == b"VP8X"), None)
    header = header or _webp_header(content)
    flagged = bytes([header[0] | 0x08]) + header[1:]
    parts = [(b"VP8X", flagged), *kept, (b"EXIF", _exif(old, comment))]
    body = b"WEBP" + b"".join(_riff_chunk(name, part) for name, part in parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _webp_header(content: bytes) -> bytes:
    """The extended header of a simple file: transparency, and the size less one."""
    import io  # noqa: PLC0415 - beside Pillow

    from PIL import Image  # noqa: PLC0415 - Pillow, 17 ms

    with Image.open(io.BytesIO(content)) as picture:
        width, height = picture.size
        alpha = 0x10 if picture.mode == "RGBA" else 0
    sizes = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return bytes([alpha, 0, 0, 0]) + sizes


def _riff_chunks(content: bytes) -> list[tuple[bytes, bytes]]:
    chunks, at = [], 12
    while at + 8 <= len(content):
        name, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        chunks.append((name, content[at + 8 : at + 8 + size]))
        at += 8 + size + size % 2
    return chunks


def _riff_chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def _in_avif(content: bytes, comment: str) -> bytes:
    """An XMP box at the end: EXIF would need every offset in the file moved."""
    begin = b"uuid" + XMP_BOX
    if (old := content.rfind(begin)) >= 0 and content.endswith(XMP_END):
        content = content[: old - 4]  # the one of an earlier time
    body = XMP_BOX + _XMP.format(escape(comment)).encode()
    return content + struct.pack(">I", len(body) + 8) + b"uuid" + body


def _avif_comment(content: bytes) -> str | None:
    at = content.rfind(b"uuid" + XMP_BOX)
    found = _XMP_COMMENT.search(content[at:].decode(errors="replace")) if at >= 0 else None
    return unescape(found[1]) if found else None
