"""What is said of a code."""

from dataclasses import dataclass
from enum import StrEnum


class Spent(StrEnum):
    """Whether money may have been spent."""

    NO = "no"
    PERHAPS = "perhaps"
    """What the provider reported is in the table of the run."""
    YES = "yes"


class Again(StrEnum):
    """Whether it is tried again without being told to."""

    NO = "no"
    ATTEMPTS = "attempts"
    """As often as `retry:` of the step allows."""
    FREELY = "freely"
    """Waiting in between, and using up no attempt."""


@dataclass(frozen=True, slots=True)
class Code:
    """A stable word for what went wrong: the same for all providers, and in every version."""

    code: str
    meaning: str
    todo: str
    spent: Spent = Spent.NO
    again: Again = Again.NO


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Codes that belong together."""

    title: str
    codes: tuple[Code, ...]
