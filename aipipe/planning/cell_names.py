"""What the cells of a matrix are called: in paths and file names, and in tables."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath
from typing import Final

from aipipe.planning.axis import REPEAT, Axis, Scalar
from aipipe.planning.context import Context
from aipipe.planning.expressions import text_of
from aipipe.planning.literals import looks_like_path
from aipipe.planning.outputs import folded

_UNSAFE: Final = re.compile(r"[^\w.+-]+")
_LONGEST: Final = 40
_SHOWN: Final = 24
_NUMBER: Final = re.compile(r"[-+]?[0-9.]+")


def words_of(values: Sequence[Scalar], context: Context) -> tuple[str, ...]:
    """A word for each value of an axis, fit for paths, and unlike all others on any file system."""
    words = [_word(value, context) for value in values]
    often = Counter(folded(word) for word in words)
    return tuple(
        word if often[folded(word)] == 1 else f"{word}+{number}"
        for number, word in enumerate(words, start=1)
    )


def _word(value: Scalar, context: Context) -> str:
    text = text_of(value)
    if isinstance(value, str) and looks_like_path(value, context) and ":" not in value:
        path = PurePath(value)
        is_file = context.registry.medium_of_extension(path.suffix[1:].lower()) is not None
        text = path.stem if is_file else text
    return _UNSAFE.sub("_", text)[:_LONGEST].strip("._") or "_"


def key_of(axes: Sequence[Axis], places: Sequence[int]) -> str:
    """A cell's id: `[model=flux_dev,seed=7]`."""
    pairs = (f"{axis.name}={axis.words[n]}" for axis, n in zip(axes, places, strict=True))
    return f"[{','.join(pairs)}]"


def labels_of(
    axes: Sequence[Axis], cells: Sequence[Sequence[int]], varying: Sequence[int]
) -> list[str]:
    """What differs among cells: `flux_dev, seed 2`; each unlike all others."""
    shown = varying or range(len(axes))
    told = [_told(axis) for axis in axes]
    labels = [", ".join(told[n][cell[n]] for n in shown) for cell in cells]
    if len(set(labels)) == len(labels):
        return labels
    return [key_of(axes, cell)[1:-1] for cell in cells]


def _told(axis: Axis) -> list[str]:
    texts = [
        _short(value, word) if isinstance(value, str) else text_of(value)
        for value, word in zip(axis.values, axis.words, strict=True)
    ]
    if len(set(texts)) < len(texts):
        texts = list(axis.words)
    name = "run" if axis.name == REPEAT else axis.name
    is_plain = all(isinstance(v, str) and not _NUMBER.fullmatch(v) for v in axis.values)
    return texts if is_plain else [f"{name} {text}" for text in texts]


def _short(value: str, word: str) -> str:
    """A text, cut short; a file by its stem."""
    text = " ".join(value.split())
    if PurePath(value).stem == word:
        return word
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
