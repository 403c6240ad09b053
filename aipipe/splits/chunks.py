"""A text in parts of at most so many characters, cut where it hurts least."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping

from aipipe import media
from aipipe.contracts.artefact import Json
from aipipe.contracts.media import TEXT
from aipipe.contracts.split import SplitMode

SIZE = 1000
_SHOWN = 40
_SPACELESS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3001-\u30ff"
    "\u3400-\u9fff\uf900-\ufaff\uff01-\uff9f\U00020000-\U0003ffff]"
)
"""A letter or stop of a script without spaces: Thai, Lao, Burmese, Khmer, Chinese, kana."""


def _chunks(text: str, params: Mapping[str, Json]) -> tuple[Json, ...]:
    return tuple(_cut(text, _size(params)))


def _size(params: Mapping[str, Json]) -> int:
    size = params.get("size", SIZE)
    if not isinstance(size, int) or isinstance(size, bool) or size < 1:
        raise ValueError(f"'size' is '{size}', it must be a whole number of characters, at least 1")
    return size


def _cut(text: str, size: int) -> Iterator[str]:
    ends, start = media.sentences.sentence_ends(text), _skipped(text, 0)
    while start < len(text):
        end = _end(text, start, size, ends)
        yield text[start:end].rstrip()
        start = _skipped(text, end)


def _end(text: str, start: int, size: int, ends: list[int]) -> int:
    """Where the part that begins at `start` ends: with a sentence, else with a word.

    Raises:
        ValueError: a word is longer than a part.
    """
    limit = start + size
    if limit >= len(text):
        return len(text)
    sentence = bisect_right(ends, limit)
    if sentence and ends[sentence - 1] > start:
        return ends[sentence - 1]
    word = next((at for at in range(limit, start, -1) if _may_cut(text, at)), None)
    if word is None:
        raise ValueError(_too_long(text, start, size))
    return word


def _may_cut(text: str, at: int) -> bool:
    """Whether no word is cut there: at a space, or in a script that is written without them."""
    if text[at].isspace():
        return True
    is_mark = unicodedata.category(text[at]).startswith("M")
    return not is_mark and _SPACELESS.search(text[at - 1 : at + 1]) is not None


def _too_long(text: str, start: int, size: int) -> str:
    word = re.split(r"\s", text[start:], maxsplit=1)[0]
    shown = word if len(word) <= _SHOWN else f"{word[:_SHOWN]}…"
    return f"the word '{shown}' has {len(word):,} characters, and 'size' is {size:,}"


def _skipped(text: str, at: int) -> int:
    """The next place that is no space."""
    while at < len(text) and text[at].isspace():
        at += 1
    return at


SPLIT = SplitMode(
    name="chunks",
    summary="Parts of at most so many characters, cut at the ends of sentences, else of words.",
    accepts=TEXT,
    produces=TEXT,
    params={
        "size": {
            "type": "integer",
            "minimum": 1,
            "default": SIZE,
            "description": "The most characters in one part.",
        },
    },
    text=_chunks,
)
