"""The cues of subtitles: rewritten between SubRip (srt) and WebVTT (vtt), or as plain words."""

import html
import re

_TIMES = re.compile(
    r"^\s*((?:\d+:)?\d{1,2}:\d\d[.,]\d{3})\s+-->\s+((?:\d+:)?\d{1,2}:\d\d[.,]\d{3})[^\n]*$"
)
_MARKUP = re.compile(r"</?\w[^<>\n]*>|\{\\[^{}\n]*\}")
"""`<i>`, `<v Ann>`, `<00:01.500>`, and `{\\an8}` of SubRip."""


def rewritten(text: str, extension: str) -> str:
    r"""The cues of `text` as `srt` (numbered) or `vtt`, without positions and comments.

    >>> rewritten("1\n00:00:01,000 --> 00:00:02,500\nHello\n", "vtt")
    'WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nHello\n'
    """
    cues = _cues(text)
    if extension == "vtt":
        return "\n\n".join(["WEBVTT", *(_vtt(*cue) for cue in cues)]) + "\n"
    return "\n".join(_srt(number, *cue) for number, cue in enumerate(cues, start=1))


def words(text: str) -> tuple[str, ...]:
    r"""What each cue says, in one line, without markup; a cue that says nothing is left out.

    >>> words("1\n00:00:01,000 --> 00:00:02,500\n<i>Hello,</i>\nyou &amp; me\n")
    ('Hello, you & me',)
    """
    said = (html.unescape(_MARKUP.sub("", words)) for _, _, words in _cues(text))
    return tuple(line for each in said if (line := " ".join(each.split())))


def _cues(text: str) -> list[tuple[str, str, str]]:
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    blocks = re.split(r"\n\s*\n", plain.strip())
    return [cue for block in blocks if (cue := _cue(block))]


def _cue(block: str) -> tuple[str, str, str] | None:
    """Start, end and words, or None for a header, a comment or a style."""
    lines = block.split("\n")
    for index, line in enumerate(lines[:2]):
        if found := _TIMES.match(line):
            return _with_hours(found[1]), _with_hours(found[2]), "\n".join(lines[index + 1 :])
    return None


def _with_hours(time: str) -> str:
    """`HH:MM:SS.mmm`; VTT may leave the hours out."""
    whole, thousandths = re.split("[.,]", time)
    parts = [int(part) for part in whole.split(":")]
    hours, minutes, seconds = [0] * (3 - len(parts)) + parts
    return f"{hours:02}:{minutes:02}:{seconds:02}.{thousandths}"


def _vtt(start: str, end: str, words: str) -> str:
    spelt = re.sub(r"&(?!#?\w+;)", "&amp;", words)
    return f"{start} --> {end}\n{spelt}"


def _srt(number: int, start: str, end: str, words: str) -> str:
    plain = html.unescape(words)
    return f"{number}\n{start.replace('.', ',')} --> {end.replace('.', ',')}\n{plain}\n"
