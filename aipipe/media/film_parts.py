"""The videos that a merge got, measured, and the words about films that merges share."""

from collections.abc import Sequence
from fractions import Fraction

from aipipe.contracts.call import Call
from aipipe.contracts.tools import Sink
from aipipe.errors import StepError
from aipipe.media import film_facts, sizes, words
from aipipe.media.film_facts import Facts
from aipipe.media.film_merge_words import CROSSFADE, RATE
from aipipe.media.parts import name_of, parts_of, path_of


def facts_of(call: Call, sink: Sink) -> list[Facts]:
    """The facts of each video, in the order written.

    Raises:
        StepError: `merge.nothing`, `merge.wrong_input`, `media.unreadable`.
    """
    return [
        film_facts.facts_of(path_of(part, sink), name_of(part, number))
        for number, part in enumerate(parts_of(call), start=1)
    ]


def size_of(call: Call, usual: tuple[int, int]) -> tuple[int, int]:
    """The frame's size: what `size` says, else the usual one; even on both sides.

    Raises:
        StepError: `local.unknown_value`, `local.size`.
    """
    width, height = sizes.given(call) or usual
    if max(width, height) > sizes.MOST:
        message = f"a video of {width}x{height} pixels is more than {sizes.MOST} a side"
        raise StepError("local.size", message, hint="write a smaller  size: 1920x1080")
    return max(width // 2 * 2, 2), max(height // 2 * 2, 2)


def rate_of(call: Call, usual: Sequence[Fraction]) -> Fraction:
    """Pictures a second: what `fps` says, else the highest.

    Raises:
        StepError: `local.unknown_value`.
    """
    if call.params.get("fps") is None:
        return max(usual)
    return Fraction(words.number(call, "fps", RATE)).limit_denominator(1001)


def crossfade_of(call: Call, rate: Fraction) -> int:
    """Frames for which two neighbours blend.

    Raises:
        StepError: `local.unknown_value`.
    """
    return round(words.number(call, "crossfade", CROSSFADE) * rate)


def one_of(call: Call, word: str, allowed: Sequence[str]) -> str:
    """What a word of the call says; the first of those allowed where it says nothing.

    Raises:
        StepError: `local.unknown_value`.
    """
    given = words.text(call, word) or allowed[0]
    if given not in allowed:
        raise words.unknown(word, given, f"one of {', '.join(allowed)}")
    return given
