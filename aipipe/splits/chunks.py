"""A text in parts of at most so many characters, cut where it hurts least."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping

from aipipe import media
from aipipe.contracts.artefact import Json
from aipipe.contracts.media import TEXT
from aipipe.contracts.split import SplitMode

SIZE = 1000


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
    """Where the part that begins at `start` ends: with a sentence, a word, else anywhere."""
    limit = start + size
    if limit >= len(text):
        return len(text)
    sentence = bisect_right(ends, limit)
    if sentence and ends[sentence - 1] > start:
        return ends[sentence - 1]
    word = next((at for at in range(limit, start, -1) if text[at].isspace()), None)
    return word or limit


def _skipped(text: str, at: int) -> int:
    """The next place that is no space."""
    while at < len(text) and text[at].isspace():
        at += 1
    return at


SPLIT = SplitMode(
    name="chunks",
    summary="Parts of at most so many characters, cut at the ends of sentences.",
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
