"""A call's request: its path, its JSON body, and a seed by which its job can be told again."""

import hashlib
import json
from collections.abc import Callable, Mapping
from urllib.parse import quote, urlencode

from aipipe.contracts.artefact import ArtefactRef, Json, Value
from aipipe.contracts.call import Call, Wire
from aipipe.contracts.media import DATA, TEXT
from aipipe.contracts.tools import Tools
from aipipe.errors import StepError

File = Callable[[ArtefactRef], Json]
"""What stands for a file in a body: an address where it was uploaded, or its content as text."""


def path_of(call: Call) -> str:
    """The path and query that the catalogue names: `POST /v1/x/{voice_id} model=y` without more."""
    path = next((word for word in call.endpoint.split() if word.startswith("/")), "")
    wire = call.wire or Wire()
    for name, value in wire.path.items():
        path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
    query = urlencode({name: _spelt(value) for name, value in wire.query.items()})
    return f"{path}?{query}" if query else path


def body_of(
    call: Call, tools: Tools, file: File, *, slots: Mapping[str, str] | None = None
) -> dict[str, Json]:
    """The JSON body: what the catalogue says of the parameters, the inputs, and `raw` over all.

    Of an endpoint that the catalogue does not know, parameters go by our words and inputs by
    `slots`.

    Raises:
        StepError: a text is longer than the endpoint takes.
    """
    wire = call.wire or Wire(body=call.params, slots=slots or {})
    body: dict[str, Json] = {}
    for name, value in wire.body.items():
        put(body, name, value)
    for slot, given in call.inputs.items():
        if given is not None and given != ():
            value = input_of(given, tools, file)
            if not isinstance(given, ArtefactRef) or given.medium == TEXT:
                _check_length(value, wire.most_characters)
            put(body, wire.slots.get(slot, slot), value)
    if wire.seed is not None:
        put(body, wire.seed, seed_of(call, wire.most_seed))
    return {**body, **call.raw}


def _check_length(text: Json, most: int | None) -> None:
    if most is not None and isinstance(text, str) and len(text) > most:
        message = f"the text has {len(text):,} characters, and the model takes {most:,} in one call"
        hint = "split it:  type: split_input"
        raise StepError("bad_parameter", message, hint=hint)


def input_of(value: Value, tools: Tools, file: File) -> Json:
    """An input as JSON: texts as they are, files as `file` has them."""
    match value:
        case ArtefactRef(medium=medium) if medium in {TEXT, DATA}:
            return tools.sink.text_of(value)
        case ArtefactRef():
            return file(value)
        case tuple() | list():
            return [input_of(each, tools, file) for each in value if each is not None]
        case Mapping():
            return {str(name): input_of(each, tools, file) for name, each in value.items()}
        case bool() | int() | float() | str() | None:
            return value
        case _:
            raise TypeError(f"{type(value).__name__} is no input of a provider")


def put(body: dict[str, Json], name: str, value: Json) -> None:
    """Set a value by its name: dots lead inwards, `[]` at the end makes a list of it.

    `[].uri` makes a list of objects, each of which has one of the values as its `uri`.
    """
    first, of_objects, field = name.partition("[].")
    if of_objects:
        each_field = field.removesuffix("[]")
        value = [{each_field: each} for each in (value if isinstance(value, list) else [value])]
        name = f"{first}[]"
    *outer, last = name.split(".")
    for each in outer:
        inner = body.setdefault(each, {})
        if not isinstance(inner, dict):
            raise TypeError(f"'{each}' of '{name}' is taken")
        body = inner
    if last.endswith("[]"):
        body[last[:-2]] = value if isinstance(value, list) else [value]
    else:
        body[last] = value


def seed_of(call: Call, most: int) -> int:
    """A seed from 1 to `most`, the same for equal calls of one generation."""
    wire = call.wire or Wire()
    told = [
        call.endpoint,
        {**wire.path, **wire.query, **wire.body, **call.raw},
        {slot: _identity(value) for slot, value in call.inputs.items()},
        call.occurrence,
        call.generation,
    ]
    text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) % most + 1


def _identity(value: Value) -> Json:
    match value:
        case ArtefactRef():
            return value.sha256
        case tuple() | list():
            return [_identity(each) for each in value]
        case Mapping():
            return {str(name): _identity(each) for name, each in value.items()}
        case _:
            return str(value)


def _spelt(value: Json) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
