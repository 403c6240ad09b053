"""Numbers that judges give, found in what they wrote."""

import re
from typing import Final

BEST: Final = 100.0
_OUT_OF = re.compile(r"(?<=\d)\s*(?:/|out of|of)\s*\d+(?:\.\d+)?", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.-])\d+(?:\.\d+)?(?![\w]|\.\d)")


def grade_in(answer: str) -> float | None:
    """The last number from 0 to 100 in an answer; None: it has none.

    What a number is out of does not count.

    >>> grade_in("Two strong points, 1 weak one. Score: 85"), grade_in("**8.5/10**")
    (85.0, 8.5)
    >>> grade_in("superb") is None, grade_in("made in 1984, model x2")
    (True, None)
    """
    numbers = [float(each) for each in _NUMBER.findall(_OUT_OF.sub("", answer))]
    return next((each for each in reversed(numbers) if each <= BEST), None)
