"""Files of text as text: UTF-8, or UTF-16 where a byte order mark says so."""

import codecs

_MARKS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_BINARY = "\0"


def decoded(content: bytes) -> str:
    r"""The text, without a byte order mark.

    >>> decoded(b"\xff\xfef\x00o\x00x\x00"), decoded(b"\xef\xbb\xbffox")
    ('fox', 'fox')

    Raises:
        UnicodeDecodeError: it is neither, or holds a zero byte, as no text does, at `start`.
    """
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8-sig")
    text = content.decode(encoding)
    place = text.find(_BINARY)
    if place >= 0:
        is_wide = encoding == "utf-16"
        start = len(text[:place].encode(encoding)) if is_wide else content.find(b"\0")
        raise UnicodeDecodeError(encoding, content, start, start + 1, "no text has a zero byte")
    return text
