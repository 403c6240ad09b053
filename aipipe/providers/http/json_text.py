"""JSON, or the reason why it is none."""

import json
from collections.abc import Mapping
from typing import NoReturn

from aipipe.contracts.artefact import Json
from aipipe.providers.http.errors import UnreadableError

LONGEST = 16 << 20
"""Bytes of a JSON answer that is still read."""


def parsed(body: bytes) -> Json:
    """What a body says.

    Raises:
        UnreadableError: it is no JSON, or nested too deeply.
    """
    try:
        found: Json = json.loads(body, parse_constant=_no_number)
    except RecursionError:
        raise UnreadableError("the answer is nested too deeply to be read") from None
    except ValueError as error:
        raise UnreadableError(f"the answer is no JSON ({_begin(body)})") from error
    return found


def parsed_object(body: bytes) -> Mapping[str, Json]:
    """What a body says, which must be an object.

    Raises:
        UnreadableError: it is something else.
    """
    found = parsed(body)
    if not isinstance(found, dict):
        raise UnreadableError(f"the answer is no JSON object ({_begin(body)})")
    return found


def objects(found: Json) -> list[Mapping[str, Json]]:
    """The objects of a list; none where it is something else."""
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def text_in(found: Mapping[str, Json], name: str) -> str:
    """A field that must hold a text.

    Raises:
        UnreadableError: it is missing, empty or something else.
    """
    value = found.get(name)
    if not isinstance(value, str) or not value:
        raise UnreadableError(f"the answer has no '{name}'")
    return value


def objects_in(found: Mapping[str, Json], name: str) -> list[Mapping[str, Json]]:
    """The objects in a list; what is none is left out."""
    return objects(found.get(name))


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"'{word}' is no number of JSON")


def _begin(body: bytes) -> str:
    """What it begins as, never what it holds: it may quote the request."""
    if not body.strip():
        return "it is empty"
    return "it looks like HTML" if body.lstrip().startswith(b"<") else f"{len(body)} bytes"
