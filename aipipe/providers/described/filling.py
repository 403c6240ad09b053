"""A description's request, with our words in their places."""

import re
from functools import partial
from typing import Final
from urllib.parse import quote

from aipipe.contracts.artefact import ArtefactRef, Json, Value
from aipipe.contracts.call import Call
from aipipe.contracts.service import IN_PATH, WORD, Service
from aipipe.contracts.tools import Tools
from aipipe.errors import StepError
from aipipe.providers.http import inline, requests

_MOST_SEED: Final = (1 << 31) - 1
FORMAT, SEED = "format", "seed"


def path_of(service: Service, call: Call) -> str:
    """The path, with words in the places of braces.

    Raises:
        StepError: `bad_parameter`, a word has no value that a path can have.
    """

    def word(found: re.Match[str]) -> str:
        value = _given(found[1], call)
        if isinstance(value, str | int | float) and value != "":
            return quote(str(value), safe="")
        raise StepError("bad_parameter", f"the address of the service needs '{found[1]}'")

    return IN_PATH.sub(word, service.submit.path)


def body_of(service: Service, call: Call, tools: Tools) -> dict[str, Json]:
    """The JSON body; what has no value is left out, and `raw` goes over all."""
    file = partial(_file, service, tools)
    filled, _ = _filled(service.submit.body, call, tools, file)
    return {**(filled if isinstance(filled, dict) else {}), **call.raw}


def _file(service: Service, tools: Tools, artefact: ArtefactRef) -> Json:
    if service.submit.files == "base64":
        return inline.base64_of(artefact, tools)
    return inline.data_url(artefact, tools)


def _filled(value: Json, call: Call, tools: Tools, file: requests.File) -> tuple[Json, bool]:
    """A part of the body, and whether it is there at all."""
    match value:
        case str() if (found := WORD.match(value)) is not None:
            given = _given(found[1], call)
            empty = given is None or given == ()
            return (None, False) if empty else (requests.input_of(given, tools, file), True)
        case list():
            parts = [_filled(each, call, tools, file) for each in value]
            return [each for each, is_there in parts if is_there], True
        case dict():
            named = {k: _filled(each, call, tools, file) for k, each in value.items()}
            return {k: each for k, (each, is_there) in named.items() if is_there}, True
        case _:
            return value, True


def _given(word: str, call: Call) -> Value:
    if word in call.inputs:
        return call.inputs[word]
    if word in call.params:
        return call.params[word]
    if word == FORMAT:
        return call.output.extension
    return requests.seed_of(call, _MOST_SEED) if word == SEED else None
