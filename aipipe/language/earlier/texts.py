"""References of the earlier tool inside texts: `{{input}}`, `{{steps.x.output}}`."""

import re
from collections.abc import Iterator
from typing import Final

from aipipe.contracts.artefact import Json
from aipipe.language.diagnostics import Path
from aipipe.language.earlier.changes import Replace

_EARLIER: Final = re.compile(
    r"(?<!\$)\{\{\s*(input|prompt|steps\.[\w-]+\.output|vars\.[\w-]+|item(?:\.[\w-]+)?)\s*\}\}"
)
_INPUT: Final = "input"


def mentions_input(value: Json) -> bool:
    """Whether a value names what arrives at its step."""
    match value:
        case str():
            return any(found[1] == _INPUT for found in _EARLIER.finditer(value))
        case dict():
            return any(mentions_input(each) for each in value.values())
        case list():
            return any(mentions_input(each) for each in value)
        case _:
            return False


def rewritten(value: Json, at: Path, arriving: str) -> Iterator[Replace]:
    """The texts in a value that have such references; `arriving` stands for `input`."""
    match value:
        case str():
            yield from _text(value, at, arriving)
        case dict():
            for key, each in value.items():
                yield from rewritten(each, (*at, key), arriving)
        case list():
            for index, each in enumerate(value):
                yield from rewritten(each, (*at, index), arriving)
        case _:
            return


def _text(value: str, at: Path, arriving: str) -> Iterator[Replace]:
    parts = {
        found[0]: f"${{{{ {arriving if found[1] == _INPUT else found[1]} }}}}"
        for found in _EARLIER.finditer(value)
    }
    if not parts:
        return
    new = _EARLIER.sub(lambda found: parts[found[0]], value)
    note = "; ".join(f"'{old}' is now '{today}'" for old, today in parts.items())
    yield Replace(at=at, value=new, parts=tuple(parts.items()), note=note)
