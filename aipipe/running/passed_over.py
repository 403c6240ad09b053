"""Steps that a condition leaves out, and those that need what they make: no failures."""

from typing import Final

from aipipe.contracts.outcome import Problem

UNMET: Final = "when"
"""The code of a condition that is false."""
_FOLLOWS: Final = "passed_over"
CODES: Final = frozenset({UNMET, _FOLLOWS})


def unmet(condition: str) -> Problem:
    """Why a step was skipped whose condition is false."""
    return Problem(code=UNMET, message=f"when: {condition} is false")


def none_left(batch: str) -> Problem:
    """Why a batch has no value of whose items none was gone through."""
    return Problem(code=_FOLLOWS, message=f"every item of {batch} was skipped")


def needs(step: str) -> Problem:
    """Why a step was skipped that needs what such a step would have made."""
    return Problem(code=_FOLLOWS, message=f"needs {step}, which was skipped")
