"""What stands between `${{` and `}}`, and the strings around it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Reference:
    """`${{ steps.hero.output }}` is `Reference(("steps", "hero", "output"))`."""

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Interpolated:
    """A string with references inside: strings and references in turn."""

    parts: "tuple[str | Reference, ...]"


Expression: TypeAlias = (
    "None | bool | int | float | str | Reference | Interpolated"
    " | tuple[Expression, ...] | Mapping[str, Expression]"
)
"""A value of the file in which every string with `${{` has been taken apart."""
