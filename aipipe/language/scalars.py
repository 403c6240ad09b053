"""Plain scalars as YAML 1.2's core schema reads them."""

import re
from math import isinf
from typing import Final, TypeAlias

Scalar: TypeAlias = str | int | float | bool | None

TEXT_TAGS: Final = frozenset({"tag:yaml.org,2002:str", "!"})
"""Tags that make a text of everything."""
_CORE: Final = "tag:yaml.org,2002:"
_TAGGED: Final[dict[str, tuple[type, ...]]] = {
    "!!null": (type(None),),
    "!!bool": (bool,),
    "!!int": (int,),
    "!!float": (int, float),
}
_WORDS: Final[dict[str, bool | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_BEGINS_A_NUMBER: Final = frozenset("+-.0123456789")
_INTEGER: Final = re.compile(r"[-+]?[0-9]+\Z")
_BASED: Final = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_LONGEST: Final = 1_000
"""Characters of a number: Python converts long ones slowly, or not at all."""
_LARGEST: Final = 2**64
"""More is an identifier, and would fit no parameter."""


def resolve(text: str) -> Scalar:
    """The value of an unquoted scalar: `no` and `1:30` are text, `010` is ten.

    `.inf` and `.nan` stay text: no parameter of a pipeline takes them.

    Raises:
        ValueError: it is a number that is too large.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _BEGINS_A_NUMBER:
        return text
    if _INTEGER.match(text):
        return _whole(text, 10)
    if _BASED.match(text):
        return _whole(text, 0)
    return _float(text) if _FLOAT.match(text) else text


def short_tag(tag: str) -> str:
    """A tag as it is written: `!!int`."""
    return tag.replace(_CORE, "!!")


def fits(value: Scalar, tag: str) -> bool:
    """Whether a value is of the type that its tag names."""
    return type(value) in _TAGGED.get(short_tag(tag), ())


def _whole(text: str, base: int) -> int:
    number = int(text[:_LONGEST], base)
    if len(text) > _LONGEST or abs(number) >= _LARGEST:
        raise ValueError(text)
    return number


def _float(text: str) -> float:
    number = float(text)
    if isinf(number):
        raise ValueError(text)
    return number
