"""Subtitles rewritten between SubRip (srt) and WebVTT (vtt)."""

import html
import re

_TIMES = re.compile(
    r"^\s*((?:\d+:)?\d{1,2}:\d\d[.,]\d{3})\s+-->\s+((?:\d+:)?\d{1,2}:\d\d[.,]\d{3})[^\n]*$"
)


def rewritten(text: str, extension: str) -> str:
    r"""The cues of `text` as `srt` (numbered) or `vtt`, without positions and comments.

    >>> rewritten("1\n00:00:01,000 --> 00:00:02,500\nHello\n", "vtt")
    'WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nHello\n'
    """
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n").strip())
    cues = [cue for block in blocks if (cue := _cue(block))]
    if extension == "vtt":
        return "\n\n".join(["WEBVTT", *(_vtt(*cue) for cue in cues)]) + "\n"
    return "\n".join(_srt(number, *cue) for number, cue in enumerate(cues, start=1))


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
