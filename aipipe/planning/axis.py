"""One named list of a matrix."""

from dataclasses import dataclass
from typing import Final, TypeAlias

Scalar: TypeAlias = str | int | float | bool
REPEAT: Final = "repeat"
"""The axis that counts repeats; it varies fastest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """A named list. `words` are its values as paths and file names have them, each unlike all."""

    name: str
    values: tuple[Scalar, ...]
    words: tuple[str, ...]
