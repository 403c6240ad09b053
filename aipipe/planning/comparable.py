"""Values as conditions compare them: plain, with exact numbers."""

import math
from decimal import Decimal

from aipipe.contracts.artefact import ArtefactRef, InputFile, Value
from aipipe.language.conditions.tree import ConditionError, Name, Plain


def comparable(value: "Value | Decimal", name: Name) -> Plain:
    """A value that a condition can compare; texts that were made are to be read before.

    Raises:
        ConditionError: it is a file or a mapping.
    """
    match value:
        case None | bool() | int() | str() | Decimal():
            return value
        case float():
            return Decimal(str(value)) if math.isfinite(value) else Decimal("NaN")
        case tuple() | list():
            return tuple(comparable(each, name) for each in value)
        case ArtefactRef() | InputFile():
            raise _error(f"is a file ({value.medium})", name)
        case _:
            raise _error("is a mapping", name)


def _error(said: str, name: Name) -> ConditionError:
    return ConditionError(
        f"'{name.text}' {said}, and a condition compares texts and numbers", name.at
    )
