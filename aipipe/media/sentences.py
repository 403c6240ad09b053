"""Where the sentences of a text end, in scripts with and without spaces."""

import re

_END = re.compile(
    r"""
    (?P<stop>
        (?<![.!?…])[.!?…]++ ["'”’»)\]]*+ (?=\s|$)  # with what it closes, before a space
        | [。！？｡]++ [」』”’）】》]*+ )              # where nobody writes spaces
    | \n[^\S\n]*\n\s*                            # an empty line ends even a heading
    """,  # noqa: RUF001 - the stops of other scripts
    re.VERBOSE,
)
_UNFINISHED = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Sr|Jr|St|vs|No|Fig|Vol|approx|e\.g|i\.e|cf|z\.B|bzw|ca)"
    r"|\b[A-Z])\.$"
)
"""Ends of what is no sentence: an abbreviation, or an initial."""
_LONGEST_ABBREVIATION = 8


def sentence_ends(text: str) -> list[int]:
    """The offsets at which sentences end, rising; the last is the end of the text."""
    ends = [found.end() for found in _END.finditer(text) if _ends(text, found)]
    return ends if ends and ends[-1] == len(text) else [*ends, len(text)]


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text, without the space around them.

    >>> sentences("It rains, Dr. Who! Does it? 今日は。雨です。")
    ('It rains, Dr. Who!', 'Does it?', '今日は。', '雨です。')
    """
    ends = sentence_ends(text)
    parts = (text[start:end].strip() for start, end in zip([0, *ends], ends, strict=False))
    return tuple(part for part in parts if part)


def _ends(text: str, found: "re.Match[str]") -> bool:
    """Whether a stop ends a sentence: not in an abbreviation, nor before a small letter."""
    stop = found["stop"]
    if stop is None or not stop.startswith("."):
        return True
    following = text[found.end() :][:2].strip()
    if following.islower():
        return False
    before = text[max(0, found.start() - _LONGEST_ABBREVIATION) : found.start() + 1]
    return not _UNFINISHED.search(before)
