"""Plain scalars as YAML 1.2's core schema reads them."""

import re
from math import isinf
from typing import Final, TypeAlias

Scalar: TypeAlias = str | int | float | bool | None

_WORDS: Final[dict[str, bool | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_BEGINS_A_NUMBER: Final = frozenset("+-.0123456789")
_INTEGER: Final = re.compile(r"[-+]?[0-9]+\Z")
_BASED: Final = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")


def resolve(text: str) -> Scalar:
    """The value of an unquoted scalar: `no` and `1:30` are text, `010` is ten.

    `.inf` and `.nan` stay text: no parameter of a pipeline takes them.

    Raises:
        ValueError: it is a number with too many digits, or too large for a float.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _BEGINS_A_NUMBER:
        return text
    if _INTEGER.match(text):
        return int(text)
    if _BASED.match(text):
        return int(text, 0)
    return _float(text) if _FLOAT.match(text) else text


def _float(text: str) -> float:
    number = float(text)
    if isinf(number):
        raise ValueError(text)
    return number
