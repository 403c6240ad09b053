"""Plain values and their types, as messages call them."""

from collections.abc import Sequence
from typing import Final

_TYPES: Final = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "nothing",
}
_SHORT: Final = 40


def taken(type_: str) -> str:
    """A type of the JSON Schema in words: `a whole number`."""
    return _TYPES[type_]


def shown(value: object) -> str:
    """A value in a message: texts in quotes, long ones cut."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = " ".join(str(value).split())
    short = text if len(text) <= _SHORT else text[: _SHORT - 1] + "…"
    return f"'{short}'" if isinstance(value, str) else short


def kind(value: object) -> str:
    """What a value is, in a message: `the text 'soon'`, `a list`."""
    match value:
        case None:
            return "nothing"
        case bool():
            return shown(value)
        case str():
            return f"the text {shown(value)}" if value else "an empty text"
        case int() | float():
            return f"the number {value}"
        case list():
            return "a list"
        case _:
            return "a mapping"


def quoting(value: object, types: Sequence[str]) -> tuple[str, ...]:
    """How to write the value as text, where text is wanted and quotes are what is missing."""
    if "string" not in types:
        return ()
    if isinstance(value, bool | int | float):
        return (f'to write it as text, quote it: "{shown(value)}"',)
    if isinstance(value, dict):
        return ('to use a reference between braces, quote it: "${{ … }}"',)
    return ()
