"""A text laid over a length of time as subtitles: one cue after the other, by their lengths."""

import re
from dataclasses import dataclass

LINES = 2
"""On the screen at once."""
GAP = 0.08
"""Seconds between two cues, so that one is seen to follow the other; none where time is short."""
SHORT = 0.5
"""Seconds below which a cue has no time to spare for a gap."""
WIDE = re.compile(r"[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\uff00-\uff60]")
"""Characters of scripts that are written without spaces and drawn twice as wide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """What stands on the screen from `start` to `end`, in seconds."""

    start: float
    end: float
    lines: tuple[str, ...]


def cues_of(parts: tuple[str, ...], seconds: float, *, line_length: int) -> tuple[Cue, ...]:
    """The parts of a text as cues that fill so many seconds, each as long as its text is."""
    shown = [lines for part in parts for lines in _screens(part, line_length)]
    lengths = [sum(len(line) for line in lines) for lines in shown]
    ends = [seconds * sum(lengths[: n + 1]) / sum(lengths) for n in range(len(lengths))]
    starts = [0.0, *ends[:-1]]
    last = len(shown) - 1
    return tuple(
        Cue(start=start, end=_with_gap(start, end) if n < last else end, lines=lines)
        for n, (start, end, lines) in enumerate(zip(starts, ends, shown, strict=True))
    )


def srt(cues: tuple[Cue, ...]) -> str:
    r"""The cues as SubRip.

    >>> srt((Cue(start=0, end=1.5, lines=("Hello,", "world")),))
    '1\n00:00:00,000 --> 00:00:01,500\nHello,\nworld\n'
    """
    return "\n".join(
        f"{number}\n{_clock(cue.start, ',')} --> {_clock(cue.end, ',')}\n{_text(cue)}\n"
        for number, cue in enumerate(cues, start=1)
    )


def vtt(cues: tuple[Cue, ...]) -> str:
    r"""The cues as WebVTT, in which `&` and `<` have to be spelt.

    >>> vtt((Cue(start=0, end=1.5, lines=("you & me",)),))
    'WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nyou &amp; me\n'
    """
    blocks = [
        f"{_clock(cue.start, '.')} --> {_clock(cue.end, '.')}\n{_spelt(_text(cue))}\n"
        for cue in cues
    ]
    return "\n".join(["WEBVTT\n", *blocks])


def _screens(part: str, line_length: int) -> list[tuple[str, ...]]:
    """The part in lines, at most two at once."""
    import textwrap  # noqa: PLC0415 - only where something is wrapped

    length = max(1, line_length // 2) if WIDE.search(part) else line_length
    lines = textwrap.wrap(part, length, break_on_hyphens=False)
    return [tuple(lines[n : n + LINES]) for n in range(0, len(lines), LINES)]


def _with_gap(start: float, end: float) -> float:
    return end - GAP if end - start > SHORT else end


def _clock(seconds: float, point: str) -> str:
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    minutes, rest = divmod(whole, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest:02}{point}{thousandths:03}"


def _text(cue: Cue) -> str:
    return "\n".join(line.replace("-->", "→") for line in cue.lines)


def _spelt(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
